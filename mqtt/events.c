/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "lib/xmem.h"
#include "mqtt/events.h"

/* What is known on this connection of the event that may have been sent before it. */
enum phase {
	PHASE_AWAY,      /* there is no connection */
	PHASE_SUBSCRIBE, /* the subscription is not answered yet */
	PHASE_MARKED,    /* the mark is sent, and is to come back */
	PHASE_SETTLE,    /* it has, but what it overtook may come yet */
	PHASE_READY,
};

struct pending {
	STAILQ_ENTRY(pending) link;
	struct event event;
};

struct events {
	STAILQ_HEAD(, pending) queue; /* by id; the first may be under way */
	struct pending *done;         /* what events_next() has returned as skipped */
	int64_t start_ms;             /* wall */
	enum phase phase;
	uint64_t until_ms; /* end of all phases between AWAY and READY */
	bool under_way;    /* the first is sent, and not answered */
	bool doubt;        /* the first may have been sent before this connection */
	bool begun;        /* one was looked at since the start */
	bool granted;      /* the subscription is there … */
	bool echoes;       /* … and was before, so that what is stored comes back */
	bool asked;        /* all is known on this connection that can be */
	uint64_t mark;     /* the next one */
	uint64_t kept;     /* the greatest id that the broker keeps */
};

struct events *
events_new(int64_t wall_ms)
{
	struct events *e = xcalloc(1, sizeof(*e));

	STAILQ_INIT(&e->queue);
	e->start_ms = wall_ms;
	/* Marks of other processes of this box are not ours. */
	e->mark = (uint64_t)wall_ms;
	return e;
}

void
events_free(struct events *e)
{
	struct pending *p;

	if (e == NULL)
		return;
	while ((p = STAILQ_FIRST(&e->queue)) != NULL) {
		STAILQ_REMOVE_HEAD(&e->queue, link);
		free(p);
	}
	free(e->done);
	free(e);
}

void
events_add(struct events *e, const struct event *event)
{
	struct pending *p = xmalloc(sizeof(*p));

	p->event = *event;
	STAILQ_INSERT_TAIL(&e->queue, p, link);
	/* Only the first after our start: the others were not sent before it was taken. */
	if (!e->begun && event->at_ms < e->start_ms)
		e->doubt = true;
	e->begun = true;
}

/* The first is done with: returns its id. It stays in memory until the next one is. */
static uint64_t
finish(struct events *e)
{
	free(e->done);
	e->done = STAILQ_FIRST(&e->queue);
	STAILQ_REMOVE_HEAD(&e->queue, link);
	e->under_way = e->doubt = false;
	return e->done->event.id;
}

void
events_begin(struct events *e, bool session, uint64_t now_ms)
{
	e->doubt |= e->under_way;
	e->under_way = false;
	e->granted = e->asked = false;
	e->echoes = session;
	e->kept = 0;
	e->phase = PHASE_SUBSCRIBE;
	e->until_ms = now_ms + EVENTS_ANSWER_MS;
}

void
events_subscribed(struct events *e, bool granted)
{
	if (e->phase != PHASE_SUBSCRIBE)
		return;
	e->granted = granted;
	e->echoes &= granted;
	e->phase = PHASE_READY;
}

uint64_t
events_heard(struct events *e, const char *site, const char *payload, size_t len,
    bool retained, uint64_t now_ms)
{
	const struct pending *first = STAILQ_FIRST(&e->queue);
	struct events_said said;

	if (!events_read(&said, site, payload, len))
		return 0;
	if (said.mark != 0 && said.mark == e->mark && e->phase == PHASE_MARKED) {
		e->phase = e->echoes ? PHASE_SETTLE : PHASE_READY;
		e->until_ms = now_ms + EVENTS_SETTLE_MS;
	}
	if (said.id == 0)
		return 0;
	if (retained) {
		if (said.id > e->kept)
			e->kept = said.id;
		return 0;
	}
	if (first == NULL || first->event.id != said.id || (!e->under_way && !e->doubt))
		return 0;
	if (e->phase != PHASE_SUBSCRIBE)
		e->phase = PHASE_READY;
	return finish(e);
}

uint64_t
events_acked(struct events *e, uint64_t id)
{
	const struct pending *first = STAILQ_FIRST(&e->queue);

	return e->under_way && first->event.id == id ? finish(e) : 0;
}

/* True when the broker keeps this one, or one that was sent after it. */
static bool
was_sent(const struct events *e, const struct event *event)
{
	if (e->kept < event->id || e->kept - event->id > (uint64_t)EVENTS_DEEP_MS)
		return false;
	/* Kept is not stored (a cluster may lose one of the two): an echo would have come. */
	return e->kept > event->id || (e->doubt && !e->echoes);
}

enum events_act
events_next(
    struct events *e, uint64_t now_ms, const struct event **event, uint64_t *wait_ms)
{
	struct pending *first = STAILQ_FIRST(&e->queue);

	*wait_ms = UINT64_MAX;
	if (e->phase == PHASE_AWAY)
		return EVENTS_WAIT;
	if (e->phase != PHASE_READY && now_ms >= e->until_ms) {
		e->echoes &= e->phase == PHASE_SETTLE;
		e->phase = PHASE_READY;
	}
	if (e->phase != PHASE_READY) {
		*wait_ms = e->until_ms - now_ms;
		return EVENTS_WAIT;
	}
	if (first == NULL || e->under_way)
		return EVENTS_WAIT;
	/* A mark that comes back shows that all that is kept has been read, too. */
	if (e->doubt && e->granted && !e->asked) {
		e->asked = true;
		e->mark++;
		e->phase = PHASE_MARKED;
		e->until_ms = now_ms + EVENTS_ANSWER_MS;
		return EVENTS_MARK;
	}
	*event = &first->event;
	if (was_sent(e, &first->event)) {
		finish(e);
		return EVENTS_SKIP;
	}
	e->doubt = false;
	e->under_way = true;
	return EVENTS_SEND;
}

uint64_t
events_mark(const struct events *e)
{
	return e->mark;
}
