/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/xmem.h"
#include "net/poller.h"

#define BATCH_MAX 64

struct poller {
	int epoll;
	struct event *event;
	void (*ready)(void *who, uint32_t events);
	struct epoll_event batch[BATCH_MAX]; /* that is gone through now */
	int at, count, most;
	void **again; /* who is ready whatever its descriptor says */
	size_t nagain, room;
};

/* Those that are ready without their descriptors, but for who becomes so meanwhile. */
static void
serve_again(struct poller *p)
{
	size_t n = p->nagain;

	for (size_t i = 0; i < n; i++) {
		void *who = p->again[i];

		p->again[i] = NULL;
		if (who != NULL)
			p->ready(who, EPOLLIN);
	}
	p->nagain -= n;
	memmove(p->again, p->again + n, p->nagain * sizeof(*p->again));
	if (p->nagain > 0)
		event_active(p->event, EV_READ, 0);
}

static void
on_ready(evutil_socket_t fd, short what, void *arg)
{
	struct poller *p = arg;

	if (p->nagain > 0)
		serve_again(p);
	p->count = epoll_wait(p->epoll, p->batch, p->most, 0);
	for (p->at = 0; p->at < p->count; p->at++) {
		const struct epoll_event *e = &p->batch[p->at];

		if (e->data.ptr != NULL)
			p->ready(e->data.ptr, e->events);
	}
	p->count = 0;
}

struct poller *
poller_new(struct event_base *base, int most, void (*ready)(void *who, uint32_t events))
{
	struct poller *p = xcalloc(1, sizeof(*p));

	p->ready = ready;
	p->most = most < BATCH_MAX ? most : BATCH_MAX;
	p->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (p->epoll < 0)
		log_fatal_errno("cannot wait for clients");
	p->event = event_new(base, p->epoll, EV_READ | EV_PERSIST, on_ready, p);
	event_add(p->event, NULL);
	return p;
}

void
poller_free(struct poller *p)
{
	event_free(p->event);
	close(p->epoll);
	free(p->again);
	free(p);
}

void
poller_watch(struct poller *p, int fd, void *who, uint32_t before, uint32_t events)
{
	struct epoll_event e = {.events = events, .data.ptr = who};
	int change = EPOLL_CTL_MOD;

	if (events == before)
		return;
	/* Not even errors are reported of what is not there. */
	if (before == 0)
		change = EPOLL_CTL_ADD;
	else if (events == 0)
		change = EPOLL_CTL_DEL;
	if (epoll_ctl(p->epoll, change, fd, &e) < 0)
		log_fatal_errno("cannot wait for a client");
}

void
poller_again(struct poller *p, void *who)
{
	for (size_t i = 0; i < p->nagain; i++)
		if (p->again[i] == who)
			return;
	if (p->nagain == p->room) {
		p->room = p->room == 0 ? BATCH_MAX : 2 * p->room;
		p->again = xreallocarray(p->again, p->room, sizeof(*p->again));
	}
	p->again[p->nagain++] = who;
	event_active(p->event, EV_READ, 0);
}

void
poller_forget(struct poller *p, const void *who)
{
	for (int i = p->at; i < p->count; i++)
		if (p->batch[i].data.ptr == who)
			p->batch[i].data.ptr = NULL;
	for (size_t i = 0; i < p->nagain; i++)
		if (p->again[i] == who)
			p->again[i] = NULL;
}
