/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/lineio.h"
#include "lib/log.h"
#include "lib/sock.h"
#include "lib/words.h"
#include "lib/xmem.h"
#include "out/feedin.h"

#define QUEUE_MAX 1024 /* nothing is ever said to core here */

static const struct timeval retry = {.tv_usec = 200 * 1000};
static const struct timeval maxage = {.tv_sec = FEEDIN_MAXAGE_S};

struct feedin {
	struct event_base *base;
	char *path;
	struct lineio *io; /* NULL: not connected */
	struct feed model;
	struct event *retry, *ageing, *look;
	bool complained; /* its loss is logged: do not repeat that */
	void (*changed)(void *arg, const struct feed *f);
	void *arg;
};

static void
on_closed(void *arg, const char *why)
{
	struct feedin *in = arg;

	lineio_free(in->io);
	in->io = NULL;
	log_warn("feed: connection to core lost (%s)", why);
	in->complained = true;
	event_add(in->retry, &retry);
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
		break;
	case FEED_BROKEN:
		on_closed(in, "it said what no feed says; connecting anew");
		break;
	case FEED_SNAPSHOT:
		event_del(in->ageing);
		event_active(in->look, EV_TIMEOUT, 1);
		break;
	default:
		event_active(in->look, EV_TIMEOUT, 1);
	}
}

static const struct lineio_ops ops = {on_line, on_closed};

/* Tries to connect; another try follows when it fails. */
static void
on_retry(evutil_socket_t fd, short what, void *arg)
{
	struct feedin *in = arg;
	char cause[256];
	int s = sock_connect_unix(in->path, SOCK_STREAM, cause, sizeof(cause));

	if (s < 0) {
		if (!in->complained)
			log_info("feed: core is not there (%s); trying on", cause);
		in->complained = true;
		event_add(in->retry, &retry);
		return;
	}
	if (in->complained)
		log_info("feed: connected to core");
	in->complained = false;
	in->io = lineio_new(in->base, s, WORDS_LINE_MAX, QUEUE_MAX, &ops, in);
}

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

	in->base = base;
	in->path = xstrdup(path);
	in->changed = changed;
	in->arg = arg;
	in->retry = evtimer_new(base, on_retry, in);
	in->ageing = evtimer_new(base, on_aged, in);
	in->look = event_new(base, -1, 0, on_look, in);
	event_active(in->retry, EV_TIMEOUT, 1);
	return in;
}

void
feedin_free(struct feedin *in)
{
	lineio_free(in->io);
	event_free(in->retry);
	event_free(in->ageing);
	event_free(in->look);
	feed_clear(&in->model);
	free(in->path);
	free(in);
}
