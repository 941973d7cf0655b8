/* SPDX-License-Identifier: ISC */
#include "out/feedin.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "lib/corelink.h"
#include "lib/log.h"
#include "lib/xmem.h"

#define QUEUE_MAX 1024 /* nothing is ever said to core here */

static const struct timeval maxage = {.tv_sec = FEEDIN_MAXAGE_S};

struct feedin {
	struct corelink *link;
	struct feed model;
	struct event *ageing;
	const struct feedin_ops *ops;
	void *arg;
};

static void
on_lost(void *arg)
{
	struct feedin *in = arg;

	if (!event_pending(in->ageing, EV_TIMEOUT, NULL))
		event_add(in->ageing, &maxage);
	in->ops->lost(in->arg);
}

static void
on_line(void *arg, char *line, size_t len)
{
	struct feedin *in = arg;
	struct feed_change change;

	if (strncmp(line, "BEGIN ", 6) == 0)
		feed_clear(&in->model);
	change = feed_apply(&in->model, line, len);
	if (change.kind == FEED_BROKEN) {
		corelink_drop(in->link, "it said what no feed says; connecting anew");
		return;
	}
	if (change.kind == FEED_SNAPSHOT)
		event_del(in->ageing);
	/* Each line of a whole model has a number: none may be left out. */
	if (in->model.whole)
		in->ops->changed(in->arg, &change, line, len);
}

static const struct corelink_ops ops = {.line = on_line, .lost = on_lost};

static void
on_aged(evutil_socket_t fd, short what, void *arg)
{
	struct feedin *in = arg;

	log_warn(
	    "feed: core is away for %d s: its values count no longer", FEEDIN_MAXAGE_S);
	feed_clear(&in->model);
	in->ops->away(in->arg);
}

struct feedin *
feedin_new(struct event_base *base, const char *path, const struct feedin_ops *feedin_ops,
    void *arg)
{
	struct feedin *in = xcalloc(1, sizeof(*in));

	in->ops = feedin_ops;
	in->arg = arg;
	in->ageing = evtimer_new(base, on_aged, in);
	event_add(in->ageing, &maxage);
	in->link = corelink_new(base, "feed", path, QUEUE_MAX, &ops, in);
	return in;
}

void
feedin_free(struct feedin *in)
{
	corelink_free(in->link);
	event_free(in->ageing);
	feed_clear(&in->model);
	free(in);
}

const struct feed *
feedin_model(const struct feedin *in)
{
	return &in->model;
}
