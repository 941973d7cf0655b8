/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "core/check.h"
#include "core/feedout.h"
#include "core/hub.h"
#include "core/source.h"
#include "lib/boottime.h"
#include "lib/buf.h"
#include "lib/ctl.h"
#include "lib/log.h"
#include "lib/state.h"
#include "lib/xmem.h"

struct hub_ups {
	struct hub *hub;
	size_t row;             /* of ups.conf */
	struct feed_ups *model; /* NULL: a section that cannot be served */
	struct source *source;
};

struct hub {
	struct feed feed;
	struct feedout *out;
	struct policy policy;
	struct hub_ups *upses;
	size_t nupses;
	unsigned long last_session;
	int ctl_fd;
	struct event *tick;
};

/* Tells the feed about a UPS. */
static void
change(struct hub *h, const struct feed_ups *u, const char *line)
{
	feedout_change(h->out, u->name, line, strlen(line));
}

static void
do_heartbeat(struct hub *h, const struct policy_action *a)
{
	const struct ctl_msg msg = {.type = CTL_HEARTBEAT,
	    .heartbeat = {.seq = a->seq, .deadline_ms = a->deadline_ms}};

	/* A full queue needs no words: holdupd has heartbeats to read. */
	if (h->ctl_fd >= 0 && ctl_send(h->ctl_fd, &msg) < 0 && errno != EAGAIN)
		log_warn_errno("cannot send a heartbeat to holdupd");
}

static void
do_view(struct hub *h, const struct policy_action *a)
{
	static const char *const lines[] = {
	    [FEED_VIEW_NONE] = "VIEW * none",
	    [FEED_VIEW_LB] = "VIEW * lb",
	    [FEED_VIEW_FSD] = "VIEW * fsd",
	};
	struct feed_ups *u = h->upses[a->row].model;

	u->view = a->view;
	change(h, u, lines[a->view]);
}

static void
do_restart(struct hub *h, const struct policy_action *a)
{
	const struct ctl_msg msg = {
	    .type = CTL_RESTART, .restart = {.row = (uint32_t)a->row}};

	if (h->ctl_fd >= 0 && ctl_send(h->ctl_fd, &msg) < 0)
		log_warn_errno("cannot ask holdupd to restart a driver");
}

static void (*const deeds[])(struct hub *h, const struct policy_action *a) = {
    [POLICY_HEARTBEAT] = do_heartbeat,
    [POLICY_VIEW] = do_view,
    [POLICY_RESTART] = do_restart,
};

/* Asks policy what an event means, and does it. */
static void
happened(struct hub *h, enum policy_event_kind kind, size_t row)
{
	const struct policy_event event = {.kind = kind, .row = row};
	uint64_t now = boottime_ms(), wait;
	struct policy_actions actions;
	struct timeval time;

	policy_step(&h->policy, &event, now, &actions);
	for (size_t i = 0; i < actions.count; i++)
		deeds[actions.list[i].kind](h, &actions.list[i]);
	wait = actions.next_ms > now ? actions.next_ms - now : 0;
	time.tv_sec = (time_t)(wait / 1000);
	time.tv_usec = (suseconds_t)(wait % 1000 * 1000);
	event_add(h->tick, &time);
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	happened(arg, POLICY_TIME, 0);
}

static void
on_changed(void *arg, const char *line, size_t len)
{
	struct hub_ups *hu = arg;

	feedout_change(hu->hub->out, hu->model->name, line, len);
}

static void
on_moved(void *arg, enum feed_source source)
{
	struct hub_ups *hu = arg;

	hu->model->source = source;
	change(hu->hub, hu->model, feed_source_word(source));
}

static void
on_silent(void *arg)
{
	struct hub_ups *hu = arg;

	happened(hu->hub, POLICY_SILENT, hu->row);
}

static const struct source_ops hub_source = {
    .changed = on_changed,
    .moved = on_moved,
    .silent = on_silent,
};

/* A section becomes a UPS that waits for its driver. holdupd has logged what is wrong
 * with those that cannot. */
static void
ups_start(
    struct hub *h, struct hub_ups *hu, const struct conf_ups *c, struct event_base *base)
{
	const char *driver = conf_ups_get(c, "driver"), *desc = conf_ups_get(c, "desc");

	if (driver == NULL || !state_name_ok(driver) || strchr(driver, '/') != NULL ||
	    feed_find(&h->feed, c->name) != NULL)
		return;
	if (h->feed.nupses == FEED_UPSES_MAX) {
		log_warn("ups %s: more than %d UPSes: left out", c->name, FEED_UPSES_MAX);
		return;
	}
	hu->model =
	    feed_add(&h->feed, c->name, desc == NULL ? "Description unavailable" : desc);
	hu->source = source_new(base, c->name, driver, hu->model->state, &hub_source, hu);
}

struct hub *
hub_new(struct event_base *base, const struct ups_conf *conf, int feed_fd, int ctl_fd)
{
	struct hub *h = xcalloc(1, sizeof(*h));

	h->ctl_fd = ctl_fd;
	h->nupses = conf->nupses;
	h->upses = xcalloc(h->nupses, sizeof(*h->upses));
	h->tick = evtimer_new(base, on_tick, h);
	policy_init(&h->policy, h->nupses, boottime_ms());
	h->out = feedout_new(base, feed_fd, &h->feed);
	for (size_t i = 0; i < h->nupses; i++) {
		h->upses[i].hub = h;
		h->upses[i].row = i;
		ups_start(h, &h->upses[i], &conf->upses[i], base);
	}
	happened(h, POLICY_TIME, 0);
	return h;
}

void
hub_free(struct hub *h)
{
	if (h == NULL)
		return;
	for (size_t i = 0; i < h->nupses; i++)
		source_free(h->upses[i].source);
	feedout_free(h->out);
	policy_free(&h->policy);
	event_free(h->tick);
	feed_clear(&h->feed);
	free(h->upses);
	free(h);
}

struct feed_ups *
hub_find(const struct hub *h, const char *name)
{
	return feed_find(&h->feed, name);
}

/* The hub's side of a model entry; every entry has one. */
static struct hub_ups *
side_of(struct hub *h, const struct feed_ups *u)
{
	size_t i = 0;

	while (h->upses[i].model != u)
		i++;
	return &h->upses[i];
}

unsigned long
hub_login(struct hub *h, struct feed_ups *u, const char *account, const char *address)
{
	struct buf line = {0};
	unsigned long session;

	if (u->nlogins == FEED_LOGINS_MAX)
		return 0;
	session = ++h->last_session;
	feed_login_add(u, session, address, account);
	buf_printf(&line, "LOGIN %lu ", session);
	buf_quoted(&line, address);
	buf_puts(&line, " ");
	buf_quoted(&line, account);
	change(h, u, buf_str(&line));
	buf_free(&line);
	happened(h, POLICY_LOGIN, side_of(h, u)->row);
	return session;
}

void
hub_logout(struct hub *h, struct feed_ups *u, unsigned long session)
{
	struct buf line = {0};

	if (!feed_login_del(u, session))
		return;
	buf_printf(&line, "LOGOUT %lu", session);
	change(h, u, buf_str(&line));
	buf_free(&line);
	happened(h, POLICY_LOGOUT, side_of(h, u)->row);
}

void
hub_fsd(struct hub *h, struct feed_ups *u)
{
	happened(h, POLICY_FSD, side_of(h, u)->row);
}

/* As upsd does, nothing is asked of a driver that has no device. */
static const char *
check_source(const struct feed_ups *u)
{
	static const char *const words[] = {
	    [FEED_LOST] = "DRIVER-NOT-CONNECTED",
	    [FEED_STALE] = "DATA-STALE",
	    [FEED_OK] = NULL,
	};

	return words[u->source];
}

const char *
hub_instcmd(struct hub *h, struct feed_ups *u, const char *cmd, const char *value)
{
	const char *word = check_source(u);

	if (word == NULL)
		word = check_instcmd(u->state, cmd);
	if (word == NULL)
		source_instcmd(side_of(h, u)->source, cmd, value);
	return word;
}

const char *
hub_set(struct hub *h, struct feed_ups *u, const char *var, const char *value)
{
	const char *word = check_source(u);

	if (word == NULL)
		word = check_set(u->state, var, value);
	if (word == NULL)
		source_set(side_of(h, u)->source, var, value);
	return word;
}
