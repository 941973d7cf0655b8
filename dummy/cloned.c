/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <stdlib.h>

#include "core/source.h"
#include "dummy/cloned.h"
#include "dummy/outlet.h"
#include "lib/boottime.h"
#include "lib/dserver.h"
#include "lib/log.h"
#include "lib/xmem.h"

struct cloned {
	const struct entry *entry;
	struct outlet *outlet;
	struct state *real;
	struct source *source;
	struct dserver *server;
	struct event *timer, *news;
	enum feed_source is;
};

/* Hands on what the outlet has come to. */
static void
settle(struct cloned *c)
{
	uint64_t now = boottime_ms(), next = outlet_next(c->outlet), wait;
	const char *command = outlet_command(c->outlet);
	struct timeval time;

	if (command != NULL && c->is == FEED_LOST)
		log_warn("ups %s: ups %s is away and does not hear %s", c->entry->name,
		    c->entry->real_ups, command);
	else if (command != NULL)
		log_info(
		    "ups %s: %s for ups %s", c->entry->name, command, c->entry->real_ups);
	if (command != NULL)
		source_instcmd(c->source, command, NULL, 0);
	dserver_publish(c->server);
	dserver_fresh(c->server, c->is == FEED_OK);
	if (next == UINT64_MAX) {
		event_del(c->timer);
		return;
	}
	wait = next > now ? next - now : 0;
	time.tv_sec = (time_t)(wait / 1000);
	time.tv_usec = (suseconds_t)(wait % 1000 * 1000);
	event_add(c->timer, &time);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct cloned *c = arg;

	outlet_tick(c->outlet, boottime_ms());
	settle(c);
}

/* All lines that came at one time are one piece of news. */
static void
on_news(evutil_socket_t fd, short what, void *arg)
{
	struct cloned *c = arg;

	outlet_follow(c->outlet, c->real, boottime_ms());
	settle(c);
}

static void
on_changed(void *arg, const char *line, size_t len)
{
	struct cloned *c = arg;

	event_active(c->news, EV_TIMEOUT, 1);
}

static void
on_moved(void *arg, enum feed_source is)
{
	struct cloned *c = arg;

	c->is = is;
	event_active(c->news, EV_TIMEOUT, 1);
}

static void
on_read(void *arg)
{
	struct cloned *c = arg;

	event_active(c->news, EV_TIMEOUT, 1);
}

/* Whoever runs that driver sees to it. */
static void
on_silent(void *arg)
{
}

static const struct source_ops real_ops = {
    .changed = on_changed,
    .moved = on_moved,
    .read = on_read,
    .silent = on_silent,
};

static enum dserver_status
on_instcmd(void *arg, const char *cmd, const char *value, unsigned long ticket)
{
	struct cloned *c = arg;
	enum dserver_status status = outlet_instcmd(c->outlet, cmd, boottime_ms());

	settle(c);
	return status;
}

static enum dserver_status
on_set(void *arg, const char *var, const char *value, unsigned long ticket)
{
	struct cloned *c = arg;
	enum dserver_status status = outlet_set(c->outlet, var, value);

	settle(c);
	return status;
}

static const struct dserver_ops cloned_ops = {.instcmd = on_instcmd, .set = on_set};

struct cloned *
cloned_new(struct event_base *base, const struct entry *entry, int fd)
{
	struct cloned *c = xcalloc(1, sizeof(*c));

	c->entry = entry;
	c->outlet = outlet_new(entry);
	c->real = state_new();
	c->is = FEED_LOST;
	c->timer = evtimer_new(base, on_timer, c);
	c->news = event_new(base, -1, 0, on_news, c);
	c->server = dserver_new(base, fd, outlet_state(c->outlet), &cloned_ops, c);
	c->source = source_new(base, entry->real_ups, entry->real_driver, NULL,
	    SOURCE_SILENCE_MS, c->real, &real_ops, c);
	settle(c);
	return c;
}

void
cloned_free(struct cloned *c)
{
	if (c == NULL)
		return;
	source_free(c->source);
	dserver_free(c->server);
	event_free(c->timer);
	event_free(c->news);
	outlet_free(c->outlet);
	state_free(c->real);
	free(c);
}
