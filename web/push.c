/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "lib/boottime.h"
#include "lib/xmem.h"
#include "web/http.h"
#include "web/push.h"
#include "web/state_json.h"
#include "web/web.h"

#define PAUSE_MS 250 /* between two renderings */
#define BURST_MS 20  /* what comes together is shown together */
#define WHOLE_MS 1000
#define MACHINES_SLOT 0
#define UPS_SLOT 1 /* of the first one */

static const struct timeval beat_time = {.tv_sec = 15};

struct push {
	struct web *web;
	struct event *due, *beat;
	uint64_t last;     /* when something was rendered */
	uint64_t whole_at; /* when the whole state was; 0: something has changed since */
	bool anew, machines;
	bool upses[FEED_UPSES_MAX]; /* by row: it has changed */
};

static void
render_begin(struct buf *out, const char *event)
{
	buf_printf(out, "event: %s\ndata: ", event);
}

static void
render_whole(struct push *p, bool anew)
{
	struct buf text = {0};

	render_begin(&text, "state");
	state_json(&text, &p->web->house, web_time());
	buf_puts(&text, "\n\n");
	streams_whole(p->web->streams, &text, anew);
	buf_free(&text);
	p->whole_at = boottime_ms();
}

static void
render_ups(struct push *p, size_t row)
{
	struct buf text = {0};

	render_begin(&text, "ups");
	state_json_ups(&text, &p->web->house, p->web->house.feed->upses[row]);
	buf_puts(&text, "\n\n");
	streams_put(p->web->streams, UPS_SLOT + row, &text);
	buf_free(&text);
}

static void
render_machines(struct push *p)
{
	struct buf text = {0};

	render_begin(&text, "machines");
	state_json_machines(&text, &p->web->house);
	buf_puts(&text, "\n\n");
	streams_put(p->web->streams, MACHINES_SLOT, &text);
	buf_free(&text);
}

/* Where nobody listens, nothing is rendered: who comes begins with everything. */
static void
render_changes(struct push *p)
{
	const struct feed *f = p->web->house.feed;
	bool heard = streams_count(p->web->streams) > 0;

	if (heard && p->anew)
		render_whole(p, true);
	for (size_t i = 0; heard && !p->anew && f != NULL && i < f->nupses; i++)
		if (p->upses[i])
			render_ups(p, i);
	if (heard && !p->anew && p->machines)
		render_machines(p);
	memset(p->upses, 0, sizeof(p->upses));
	p->anew = p->machines = false;
}

static void
on_due(evutil_socket_t fd, short what, void *arg)
{
	struct push *p = arg;

	p->last = boottime_ms();
	render_changes(p);
	streams_ready(p->web->streams, http_resume);
}

/* Something has changed. */
static void
stir(struct push *p)
{
	uint64_t now = boottime_ms(), wait = BURST_MS;
	struct timeval time;

	p->whole_at = 0;
	if (event_pending(p->due, EV_TIMEOUT, NULL))
		return;
	if (now - p->last < PAUSE_MS)
		wait = PAUSE_MS - (now - p->last);
	time = (struct timeval){.tv_usec = (suseconds_t)wait * 1000};
	event_add(p->due, &time);
}

void
push_changed(struct push *p, const struct feed_change *change)
{
	const struct feed *f = p->web->house.feed;

	if (change->kind == FEED_MACHINE)
		p->machines = true;
	else if (change->kind == FEED_UPS)
		p->anew = true;
	for (size_t i = 0; change->ups != NULL && f != NULL && i < f->nupses; i++)
		if (f->upses[i] == change->ups)
			p->upses[i] = true;
	stir(p);
}

void
push_anew(struct push *p)
{
	p->anew = true;
	stir(p);
}

void
push_machines(struct push *p)
{
	p->machines = true;
	stir(p);
}

void
push_event(struct push *p, const struct house_event *e)
{
	struct buf text = {0};

	p->whole_at = 0;
	if (streams_count(p->web->streams) == 0)
		return;
	render_begin(&text, "event");
	state_json_event(&text, e->id, &e->told);
	buf_puts(&text, "\n\n");
	streams_event(p->web->streams, &text);
	buf_free(&text);
	streams_ready(p->web->streams, http_resume);
}

void
push_whole(struct push *p)
{
	if (p->whole_at == 0 || boottime_ms() - p->whole_at > WHOLE_MS)
		render_whole(p, false);
}

/* Shows who is still there, and tells them that we are. */
static void
on_beat(evutil_socket_t fd, short what, void *arg)
{
	struct push *p = arg;

	streams_beat(p->web->streams);
	streams_ready(p->web->streams, http_resume);
}

struct push *
push_new(struct web *web)
{
	struct push *p = xcalloc(1, sizeof(*p));

	p->web = web;
	p->due = event_new(web->base, -1, 0, on_due, p);
	p->beat = event_new(web->base, -1, EV_PERSIST, on_beat, p);
	event_add(p->beat, &beat_time);
	return p;
}

void
push_free(struct push *p)
{
	event_free(p->due);
	event_free(p->beat);
	free(p);
}
