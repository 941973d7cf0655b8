/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "lib/boottime.h"
#include "lib/xmem.h"
#include "web/drills.h"
#include "web/push.h"
#include "web/rehearse.h"
#include "web/state_json.h"
#include "web/web.h"

#define LATER_MS 30000 /* between two of them */
#define SOON_MS 1000

/* A big house takes seconds to rehearse: no more than 2 % of the time goes there. */
#define COST 50

struct drills {
	struct web *web;
	struct event *due;
	uint64_t last, due_at; /* last 0: there was none yet */
	uint64_t took;         /* ms, the last one */
	struct buf shown;      /* the machines as they were told last */
};

void
drills_run(struct drills *d)
{
	struct web *w = d->web;
	struct house *h = &w->house;
	bool before = h->protected;
	struct buf now = {0};

	event_del(d->due);
	if (h->feed == NULL)
		return;
	d->last = boottime_ms();
	rehearse_run(w->conf->rehearse, h->feed);
	d->took = boottime_ms() - d->last;
	h->machines = rehearse_machines(w->conf->rehearse, &h->nmachines);
	h->protected = rehearse_protected(w->conf->rehearse);
	state_json_machines(&now, h);
	if (h->protected != before)
		push_anew(w->push);
	else if (strcmp(buf_str(&now), buf_str(&d->shown)) != 0)
		push_machines(w->push);
	buf_free(&d->shown);
	d->shown = now;
}

static void
on_due(evutil_socket_t fd, short what, void *arg)
{
	drills_run(arg);
}

/* Sees to it that there is one when the last is so old, if not before. */
static void
plan(struct drills *d, uint64_t pause)
{
	uint64_t now = boottime_ms(), at;
	struct timeval wait;

	pause = d->took * COST > pause ? d->took * COST : pause;
	at = d->last == 0 ? now : d->last + pause;
	at = at < now ? now : at;
	if (event_pending(d->due, EV_TIMEOUT, NULL) && d->due_at <= at)
		return;
	d->due_at = at;
	wait = (struct timeval){
	    .tv_sec = (time_t)((at - now) / 1000),
	    .tv_usec = (suseconds_t)((at - now) % 1000 * 1000),
	};
	event_add(d->due, &wait);
}

void
drills_later(struct drills *d)
{
	plan(d, LATER_MS);
}

void
drills_soon(struct drills *d)
{
	plan(d, SOON_MS);
}

struct drills *
drills_new(struct web *web)
{
	struct drills *d = xcalloc(1, sizeof(*d));

	d->web = web;
	d->due = event_new(web->base, -1, 0, on_due, d);
	return d;
}

void
drills_free(struct drills *d)
{
	event_free(d->due);
	buf_free(&d->shown);
	free(d);
}
