/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "holdupd/hosts.h"
#include "lib/buf.h"
#include "lib/log.h"
#include "lib/resolve.h"
#include "lib/sandbox.h"
#include "lib/xmem.h"

#define LOOKUP_MS 30000
#define AGAIN_FIRST 2 /* seconds */
#define AGAIN_LONGEST 60

struct host {
	struct hosts *all;
	size_t index; /* of plan->names */
	struct resolve *query;
	struct event *again;
	struct timeval pause; /* before the next question; 0: none has failed yet */
};

struct hosts {
	struct event_base *base;
	struct plan *plan;
	const struct user *user;
	struct host *list;
	size_t count;
	void (*found)(void *arg);
	void *arg;
};

static void host_ask(struct host *h);

/* In the child that asks. */
static void
on_enter(void *arg)
{
	struct host *h = arg;

	if (users_become(h->all->user) < 0)
		_exit(1);
	sandbox_enter(SANDBOX_RESOLVER);
}

static void
unknown(struct host *h)
{
	if (h->pause.tv_sec == 0) {
		h->pause.tv_sec = AGAIN_FIRST;
		log_warn("LISTEN %s: nobody knows this name now; asking again until "
			 "somebody does",
		    h->all->plan->names[h->index].host);
	}
	event_add(h->again, &h->pause);
	h->pause.tv_sec *= 2;
	if (h->pause.tv_sec > AGAIN_LONGEST)
		h->pause.tv_sec = AGAIN_LONGEST;
}

/* The addresses as text; returns how many. */
static size_t
addresses_text(const struct resolve_address *addresses, size_t count,
    char texts[RESOLVE_MAX][NI_MAXHOST])
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		if (getnameinfo((const struct sockaddr *)&addresses[i].ss,
			addresses[i].len, texts[n], NI_MAXHOST, NULL, 0,
			NI_NUMERICHOST) == 0)
			n++;
	return n;
}

static void
on_answer(void *arg, const struct resolve_address *addresses, size_t count)
{
	struct host *h = arg;
	struct plan *plan = h->all->plan;
	char texts[RESOLVE_MAX][NI_MAXHOST];
	const char *list[RESOLVE_MAX];
	struct buf all = {0};
	size_t n = addresses_text(addresses, count, texts);

	resolve_free(h->query);
	h->query = NULL;
	if (n == 0) {
		unknown(h);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		list[i] = texts[i];
		buf_printf(&all, "%s%s", i > 0 ? ", " : "", texts[i]);
	}
	log_info("LISTEN %s: that is %s", plan->names[h->index].host, buf_str(&all));
	buf_free(&all);
	plan_resolved(plan, h->index, list, n);
	h->all->found(h->all->arg);
}

static void
host_ask(struct host *h)
{
	const struct plan_name *name = &h->all->plan->names[h->index];

	h->query =
	    resolve_new(h->all->base, name->host, "0", LOOKUP_MS, on_enter, on_answer, h);
	if (h->query == NULL)
		unknown(h);
}

static void
on_again(evutil_socket_t fd, short what, void *arg)
{
	host_ask(arg);
}

static void
forget(struct hosts *hs)
{
	for (size_t i = 0; i < hs->count; i++) {
		resolve_free(hs->list[i].query);
		event_free(hs->list[i].again);
	}
	free(hs->list);
}

void
hosts_follow(struct hosts *hs)
{
	forget(hs);
	hs->count = hs->plan->nnames;
	hs->list = xcalloc(hs->count + 1, sizeof(*hs->list));
	for (size_t i = 0; i < hs->count; i++) {
		struct host *h = &hs->list[i];

		h->all = hs;
		h->index = i;
		h->again = evtimer_new(hs->base, on_again, h);
		host_ask(h);
	}
}

struct hosts *
hosts_new(struct event_base *base, struct plan *plan, const struct user *user,
    void (*found)(void *arg), void *arg)
{
	struct hosts *hs = xcalloc(1, sizeof(*hs));

	hs->base = base;
	hs->plan = plan;
	hs->user = user;
	hs->found = found;
	hs->arg = arg;
	hosts_follow(hs);
	return hs;
}

void
hosts_free(struct hosts *hs)
{
	forget(hs);
	free(hs);
}
