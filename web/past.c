/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "lib/boottime.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/xmem.h"
#include "net/seldom.h"
#include "web/past.h"
#include "web/push.h"
#include "web/web.h"

#define LOOK_MS 500
#define OPEN_MS 2000 /* between two looks for a file that is not there */

static const struct timeval look_time = {.tv_usec = LOOK_MS * 1000};

struct past {
	struct web *web;
	char *folder;
	struct history *history;
	struct event *tick;
	uint64_t looked, tried; /* when; 0: never */
	int64_t version, last;  /* last: id of the newest event that the house has */
	struct seldom failures;
};

/* New events, newest first, as they are told. */
struct news {
	struct house_event list[HOUSE_EVENTS];
	size_t count;
};

void
past_failed(struct past *p, const char *cause)
{
	if (seldom_due(&p->failures, cause, boottime_ms()))
		log_warn("history: %s", cause);
}

struct history *
past_history(struct past *p)
{
	char cause[HISTORY_CAUSE];
	uint64_t now = boottime_ms();

	if (p->history != NULL || (p->tried != 0 && now - p->tried < OPEN_MS))
		return p->history;
	p->tried = now;
	if (history_open(&p->history, p->folder, cause) < 0)
		past_failed(p, cause);
	return p->history;
}

static void
take_event(void *arg, const struct history_event *e)
{
	struct news *n = arg;

	const struct page_event told = {
	    (double)e->at / 1000, e->ups, e->kind, e->who, e->text};

	if (n->count < HOUSE_EVENTS)
		n->list[n->count++] = house_event_copy(e->id, &told);
}

/* Oldest first they go into the house, and to those who listen. */
static void
tell_news(struct past *p, struct news *n)
{
	while (n->count > 0) {
		struct house_event *e = &n->list[--n->count];

		house_event_add(&p->web->house, e);
		push_event(p->web->push, e);
		p->last = e->id;
	}
}

static void
take_outage(void *arg, const struct history_outage *o)
{
	struct house *h = arg;

	if (o->ended == 0)
		house_since(h, o->ups, PAGE_MAINS_OFF, (double)o->began / 1000);
	else
		house_since(h, o->ups, PAGE_MAINS_ON, (double)o->ended / 1000);
}

/* The mains may be as it is since before this process was there. */
static void
look_since(struct past *p)
{
	struct house *h = &p->web->house;
	char cause[HISTORY_CAUSE];

	for (size_t i = 0; h->feed != NULL && i < h->feed->nupses; i++) {
		const struct history_which last = {
		    .ups = h->feed->upses[i]->name, .limit = 1};

		if (history_outages(p->history, &last, take_outage, h, cause) < 0)
			past_failed(p, cause);
	}
}

static void
take_newest(void *arg, const struct history_event *e)
{
	*(int64_t *)arg = e->id;
}

/* A file that was damaged was begun anew, and its numbers with it: so do we. */
static int
look_anew(struct past *p, char cause[HISTORY_CAUSE])
{
	const struct history_which last = {.limit = 1};
	int64_t newest = 0;

	if (history_events(p->history, &last, take_newest, &newest, cause) < 0)
		return -1;
	if (newest >= p->last)
		return 0;
	p->last = 0;
	house_forget_events(&p->web->house);
	push_anew(p->web->push);
	return 0;
}

void
past_look(struct past *p)
{
	char cause[HISTORY_CAUSE];
	struct history_which which = {.limit = HOUSE_EVENTS};
	uint64_t now = boottime_ms();
	struct news news = {0};
	int64_t version;

	if ((p->looked != 0 && now - p->looked < LOOK_MS / 2) || past_history(p) == NULL)
		return;
	p->looked = now;
	if (history_version(p->history, &version, cause) < 0) {
		past_failed(p, cause);
		return;
	}
	if (version == p->version)
		return;
	if (look_anew(p, cause) < 0) {
		past_failed(p, cause);
		return;
	}
	which.after = p->last;
	if (history_events(p->history, &which, take_event, &news, cause) < 0)
		past_failed(p, cause);
	else
		p->version = version;
	tell_news(p, &news);
	look_since(p);
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct past *p = arg;

	if (streams_count(p->web->streams) > 0)
		past_look(p);
}

struct past *
past_new(struct web *web)
{
	struct past *p = xcalloc(1, sizeof(*p));

	p->web = web;
	p->folder = paths_memory("history");
	p->version = -1;
	p->tick = event_new(web->base, -1, EV_PERSIST, on_tick, p);
	event_add(p->tick, &look_time);
	return p;
}

void
past_free(struct past *p)
{
	history_close(p->history);
	event_free(p->tick);
	free(p->folder);
	free(p);
}
