/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "core/asked.h"
#include "lib/boottime.h"
#include "lib/xmem.h"

struct question {
	TAILQ_ENTRY(question) entry;
	unsigned long number, id; /* for the driver; of who asked */
	void *who;                /* awaits the result; NULL: nobody */
	const struct feed_ups *ups;
	struct feed_deed deed;
	bool said; /* the deed is in the feed */
	uint64_t due_ms;
};

struct asked {
	const struct asked_ops *ops;
	void *arg;
	unsigned patience_ms;
	TAILQ_HEAD(, question) list; /* oldest first */
	size_t count;
	unsigned long last_number;
	struct event *patience; /* with the oldest whose deed is not said */
};

static void
forget(struct asked *a, struct question *q)
{
	TAILQ_REMOVE(&a->list, q, entry);
	a->count--;
	free(q);
}

static void
say(struct asked *a, struct question *q, int result)
{
	if (q->said)
		return;
	q->said = true;
	q->deed.result = result;
	a->ops->deed(a->arg, q->ups, &q->deed);
}

static void
timer_start(struct asked *a, uint64_t ms)
{
	const struct timeval time = {
	    .tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)};

	event_add(a->patience, &time);
}

static void
on_patience(evutil_socket_t fd, short what, void *arg)
{
	const uint64_t now = boottime_ms();
	struct asked *a = arg;
	struct question *q, *next;

	for (q = TAILQ_FIRST(&a->list); q != NULL; q = next) {
		next = TAILQ_NEXT(q, entry);
		if (q->said)
			continue;
		if (q->due_ms > now) {
			timer_start(a, q->due_ms - now);
			break;
		}
		say(a, q, FEED_DEED_SENT);
		if (q->who == NULL)
			forget(a, q);
	}
}

struct asked *
asked_new(
    struct event_base *base, unsigned patience_ms, const struct asked_ops *ops, void *arg)
{
	struct asked *a = xcalloc(1, sizeof(*a));

	a->ops = ops;
	a->arg = arg;
	a->patience_ms = patience_ms;
	a->patience = evtimer_new(base, on_patience, a);
	TAILQ_INIT(&a->list);
	return a;
}

void
asked_free(struct asked *a)
{
	struct question *q, *next;

	if (a == NULL)
		return;
	for (q = TAILQ_FIRST(&a->list); q != NULL; q = next) {
		next = TAILQ_NEXT(q, entry);
		forget(a, q);
	}
	event_free(a->patience);
	free(a);
}

unsigned long
asked_add(struct asked *a, const struct feed_ups *u, const struct feed_deed *d, void *who,
    unsigned long id)
{
	struct question *q;

	if (a->count == ASKED_MAX) {
		say(a, TAILQ_FIRST(&a->list), FEED_DEED_SENT);
		forget(a, TAILQ_FIRST(&a->list));
	}
	q = xcalloc(1, sizeof(*q));
	q->number = ++a->last_number;
	q->id = id;
	q->who = who;
	q->ups = u;
	q->deed = *d;
	q->due_ms = boottime_ms() + a->patience_ms;
	TAILQ_INSERT_TAIL(&a->list, q, entry);
	a->count++;
	if (!event_pending(a->patience, EV_TIMEOUT, NULL))
		timer_start(a, a->patience_ms);
	return q->number;
}

void
asked_drop(struct asked *a, unsigned long number)
{
	struct question *q;

	TAILQ_FOREACH (q, &a->list, entry)
		if (q->number == number) {
			forget(a, q);
			return;
		}
}

void
asked_told(
    struct asked *a, const struct feed_ups *u, unsigned long number, unsigned long status)
{
	struct question *q, *next;

	for (q = TAILQ_FIRST(&a->list); q != NULL; q = next) {
		next = TAILQ_NEXT(q, entry);
		if (q->ups != u || (number != 0 && q->number != number))
			continue;
		say(a, q,
		    status > FEED_DEED_RESULT_MAX ? FEED_DEED_RESULT_MAX : (int)status);
		if (q->who != NULL)
			a->ops->done(a->arg, q->who, q->id, status);
		forget(a, q);
	}
}

void
asked_gone(struct asked *a, const void *who)
{
	struct question *q, *next;

	for (q = TAILQ_FIRST(&a->list); q != NULL; q = next) {
		next = TAILQ_NEXT(q, entry);
		if (q->who != who)
			continue;
		q->who = NULL;
		if (q->said)
			forget(a, q);
	}
}
