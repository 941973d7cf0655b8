/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "lib/boottime.h"
#include "lib/xmem.h"
#include "sim/delay.h"

#define WAITING_MAX 64

struct waiting {
	STAILQ_ENTRY(waiting) entry;
	uint64_t came; /* ms */
	bool slow;
	size_t len;
	unsigned char bytes[];
};

struct delay {
	const double *stall;
	void (*serve)(void *arg, const void *request, size_t len);
	void *arg;
	struct event *timer;
	STAILQ_HEAD(, waiting) queue;
	int count;
};

/* Milliseconds until a request is due; 0: now. */
static uint64_t
wait_ms(const struct delay *d, const struct waiting *w)
{
	uint64_t due = w->came + (w->slow ? (uint64_t)(*d->stall * 1000.0) : 0);
	uint64_t now = boottime_ms();

	return due > now ? due - now : 0;
}

/* Serves what is due and sets the timer for the next. */
static void
run(struct delay *d)
{
	struct waiting *w;
	struct timeval tv;
	uint64_t ms = 0;

	while ((w = STAILQ_FIRST(&d->queue)) != NULL && (ms = wait_ms(d, w)) == 0) {
		STAILQ_REMOVE_HEAD(&d->queue, entry);
		d->count--;
		d->serve(d->arg, w->bytes, w->len);
		free(w);
	}
	evtimer_del(d->timer);
	if (w == NULL)
		return;
	tv = (struct timeval){
	    .tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)};
	evtimer_add(d->timer, &tv);
}

static void
due(evutil_socket_t fd, short events, void *arg)
{
	(void)fd;
	(void)events;
	run(arg);
}

struct delay *
delay_new(struct event_base *base, const double *stall,
    void (*serve)(void *arg, const void *request, size_t len), void *arg)
{
	struct delay *d = xcalloc(1, sizeof(*d));

	d->stall = stall;
	d->serve = serve;
	d->arg = arg;
	d->timer = evtimer_new(base, due, d);
	STAILQ_INIT(&d->queue);
	return d;
}

void
delay_free(struct delay *d)
{
	struct waiting *w;

	if (d == NULL)
		return;
	while ((w = STAILQ_FIRST(&d->queue)) != NULL) {
		STAILQ_REMOVE_HEAD(&d->queue, entry);
		free(w);
	}
	event_free(d->timer);
	free(d);
}

int
delay_push(struct delay *d, bool slow, const void *request, size_t len)
{
	struct waiting *w;

	if (d->count >= WAITING_MAX)
		return -1;
	w = xmalloc(sizeof(*w) + len);
	w->came = boottime_ms();
	w->slow = slow;
	w->len = len;
	memcpy(w->bytes, request, len);
	STAILQ_INSERT_TAIL(&d->queue, w, entry);
	d->count++;
	run(d);
	return 0;
}

void
delay_forget(struct delay *d, bool (*meant)(const void *request, const void *which),
    const void *which)
{
	struct waiting *w, *next;

	for (w = STAILQ_FIRST(&d->queue); w != NULL; w = next) {
		next = STAILQ_NEXT(w, entry);
		if (!meant(w->bytes, which))
			continue;
		STAILQ_REMOVE(&d->queue, w, waiting, entry);
		d->count--;
		free(w);
	}
	run(d);
}

void
delay_retime(struct delay *d)
{
	run(d);
}
