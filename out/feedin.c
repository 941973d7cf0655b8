/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "lib/corelink.h"
#include "lib/log.h"
#include "lib/xmem.h"
#include "out/feedin.h"

#define QUEUE_MAX 1024 /* nothing is ever said to core here */

static const struct timeval maxage = {.tv_sec = FEEDIN_MAXAGE_S};

struct feedin {
	struct corelink *link;
	struct feed model;
	struct event *ageing, *look;
	void (*changed)(void *arg, const struct feed *f);
	void *arg;
};

static void
on_lost(void *arg)
{
	struct feedin *in = arg;

	if (!event_pending(in->ageing, EV_TIMEOUT, NULL))
		event_add(in->ageing, &maxage);
}

static void
on_line(void *arg, char *line, size_t len)
{
	struct feedin *in = arg;

	if (strncmp(line, "BEGIN ", 6) == 0)
		feed_clear(&in->model);
	switch (feed_apply(&in->model, line, len).kind) {
	case FEED_NOTHING:
	case FEED_DEED:
	case FEED_READERS:
		break;
	case FEED_BROKEN:
		corelink_drop(in->link, "it said what no feed says; connecting anew");
		break;
	case FEED_SNAPSHOT:
		event_del(in->ageing);
		event_active(in->look, EV_TIMEOUT, 1);
		break;
	default:
		event_active(in->look, EV_TIMEOUT, 1);
	}
}

static const struct corelink_ops ops = {.line = on_line, .lost = on_lost};

static void
on_aged(evutil_socket_t fd, short what, void *arg)
{
	struct feedin *in = arg;

	log_warn(
	    "feed: core is away for %d s: its values count no longer", FEEDIN_MAXAGE_S);
	feed_clear(&in->model);
	event_active(in->look, EV_TIMEOUT, 1);
}

/* After the lines that came together. In a snapshot there is nothing whole to see. */
static void
on_look(evutil_socket_t fd, short what, void *arg)
{
	struct feedin *in = arg;

	if (!in->model.inside)
		in->changed(in->arg, &in->model);
}

struct feedin *
feedin_new(struct event_base *base, const char *path,
    void (*changed)(void *arg, const struct feed *f), void *arg)
{
	struct feedin *in = xcalloc(1, sizeof(*in));

	in->changed = changed;
	in->arg = arg;
	in->ageing = evtimer_new(base, on_aged, in);
	in->look = event_new(base, -1, 0, on_look, in);
	in->link = corelink_new(base, "feed", path, QUEUE_MAX, &ops, in);
	return in;
}

void
feedin_free(struct feedin *in)
{
	corelink_free(in->link);
	event_free(in->ageing);
	event_free(in->look);
	feed_clear(&in->model);
	free(in);
}
