/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <stdlib.h>

#include "holdupd/foreign.h"
#include "holdupd/taken.h"
#include "lib/boottime.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/sock.h"
#include "lib/xmem.h"

struct taken {
	const struct plan *plan;
	const struct sockets *sockets;
	struct foreign *others; /* as plan->drivers */
	struct event *look;
	void (*freed)(void *arg);
	void *arg;
};

static bool
is_served(const struct plan_driver *d)
{
	char *path = paths_state(d->socket);
	bool served = sock_is_served(path);

	free(path);
	return served;
}

/* One socket; true when it is to be opened now. It is asked for again later where that
 * cannot be, as during an outage. */
static bool
look_at(const struct plan_driver *d, struct foreign *other)
{
	uint64_t now = boottime_ms();

	if (foreign_look(other, is_served(d), now) != FOREIGN_AFTER)
		return false;
	*other = (struct foreign){.used = true, .gone_ms = now};
	log_warn("ups %s: nobody has driven it for %d s: starting our driver", d->ups,
	    FOREIGN_GONE_MS / 1000);
	return true;
}

static void
on_look(evutil_socket_t fd, short what, void *arg)
{
	struct taken *t = arg;
	bool freed = false;

	for (size_t i = 0; i < t->plan->ndrivers; i++)
		if (t->others[i].used && look_at(&t->plan->drivers[i], &t->others[i]))
			freed = true;
	if (freed)
		t->freed(t->arg);
}

void
taken_follow(struct taken *t)
{
	const struct timeval time = {.tv_sec = FOREIGN_LOOK_MS / 1000};
	bool any = false;

	free(t->others);
	t->others = xcalloc(t->plan->ndrivers + 1, sizeof(*t->others));
	for (size_t i = 0; i < t->plan->ndrivers; i++)
		if (!t->sockets->driver_ok[i] && is_served(&t->plan->drivers[i]))
			any = t->others[i].used = true;
	if (any)
		event_add(t->look, &time);
	else
		event_del(t->look);
}

struct taken *
taken_new(struct event_base *base, const struct plan *plan, const struct sockets *sockets,
    void (*freed)(void *arg), void *arg)
{
	struct taken *t = xcalloc(1, sizeof(*t));

	t->plan = plan;
	t->sockets = sockets;
	t->freed = freed;
	t->arg = arg;
	t->look = event_new(base, -1, EV_PERSIST, on_look, t);
	taken_follow(t);
	return t;
}

void
taken_free(struct taken *t)
{
	event_free(t->look);
	free(t->others);
	free(t);
}
