/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "lib/boottime.h"
#include "lib/corelink.h"
#include "lib/log.h"
#include "lib/words.h"
#include "lib/xmem.h"
#include "net/identity.h"
#include "net/leavers.h"
#include "net/upstream.h"

#define QUEUE_MAX (256 * 1024) /* requests that core has not taken */
#define CHECK_MS 1000          /* how often overdue answers are looked for */

static const struct timeval check = {.tv_sec = CHECK_MS / 1000};

/* A request whose answer somebody waits for. */
struct pending {
	TAILQ_ENTRY(pending) next;
	unsigned long id;
	uint64_t deadline;
	void *who; /* NULL: nobody any more */
};

TAILQ_HEAD(pendings, pending);

struct upstream {
	struct event_base *base;
	const struct upstream_ops *ops;
	void *arg;
	struct corelink *feed, *req;
	struct feed models[2];
	struct identity identity;
	bool as_told; /* nothing is laid over what core says */
	int shown;    /* which of the models; the other is being filled after a BEGIN */
	struct event *ageing;
	struct timeval maxage;
	struct pendings pendings; /* oldest first */
	struct event *overdue;
	struct leavers leavers;
	unsigned long last_id;
};

/* The model that lines go to: the one shown, or after a reconnect the other one, so that
 * clients see the old state until the new one is whole. */
static struct feed *
filling(struct upstream *u)
{
	struct feed *shown = &u->models[u->shown], *other = &u->models[!u->shown];

	return other->inside ? other : shown;
}

static void
show_other(struct upstream *u)
{
	struct feed *old = &u->models[u->shown];

	u->shown = !u->shown;
	event_del(u->ageing);
	u->ops->replaced(u->arg, &u->models[u->shown], old);
	feed_clear(old);
}

static void
feed_line(void *arg, char *line, size_t len)
{
	struct upstream *u = arg;
	struct feed *f = filling(u);
	struct feed_change change;

	if (strncmp(line, "BEGIN ", 6) == 0) {
		f = &u->models[!u->shown];
		feed_clear(f);
	}
	change = feed_apply(f, line, len);
	if (!u->as_told)
		identity_apply(&u->identity, f, &change);
	switch (change.kind) {
	case FEED_NOTHING:
	case FEED_DEED: /* for who keeps a history, or shows a page */
	case FEED_READERS:
		break;
	case FEED_SNAPSHOT:
		show_other(u);
		break;
	case FEED_BROKEN:
		corelink_drop(u->feed, "it said what no feed says; connecting anew");
		break;
	default:
		u->ops->changed(u->arg, &change);
		break;
	}
}

static void
feed_lost(void *arg)
{
	struct upstream *u = arg;

	feed_clear(&u->models[!u->shown]);
	if (!event_pending(u->ageing, EV_TIMEOUT, NULL))
		event_add(u->ageing, &u->maxage);
}

/* core tells the feed before it answers: so LOGIN's OK comes after the login is in the
 * model, and who asks for NUMLOGINS next finds himself counted. */
static void
feed_opened(void *arg)
{
	struct upstream *u = arg;

	lineio_first(corelink_io(u->feed));
}

static const struct corelink_ops feed_ops = {
    .line = feed_line, .opened = feed_opened, .lost = feed_lost};

static void
on_aged(evutil_socket_t fd, short what, void *arg)
{
	struct upstream *u = arg;

	log_warn("core is away for %ld s: its data count as stale now",
	    (long)u->maxage.tv_sec);
	u->ops->stale(u->arg);
}

/* Takes a pending request off the list and tells who waits for it. */
static void
settle(struct upstream *u, struct pending *p, const char *word)
{
	void *who = p->who;

	TAILQ_REMOVE(&u->pendings, p, next);
	free(p);
	if (who != NULL)
		u->ops->answered(u->arg, who, word);
}

static void
req_line(void *arg, char *line, size_t len)
{
	struct upstream *u = arg;
	struct pending *p;
	struct words store;
	const char *word;
	unsigned long id, status;

	if (request_done(&id, &status, &store, line, len) == 0) {
		u->ops->done(u->arg, id, status);
		return;
	}
	if (request_answer(&id, &word, &store, line, len) < 0) {
		log_warn("requests: core said no answer: %.60s", line);
		return;
	}
	leavers_answered(&u->leavers, id);
	TAILQ_FOREACH (p, &u->pendings, next)
		if (p->id == id)
			break;
	if (p != NULL)
		settle(u, p, word);
}

static void
send_line(struct upstream *u, const struct request *r)
{
	struct buf line = {0};

	request_format(&line, r);
	lineio_send(corelink_io(u->req), buf_head(&line), line.len);
	buf_free(&line);
}

/* First who has left: who came back since logs in behind that. */
static void
req_opened(void *arg)
{
	struct upstream *u = arg;
	struct request logout;

	for (size_t i = 0; i < u->leavers.count; i++) {
		leavers_again(&u->leavers, i, ++u->last_id, boottime_ms(), &logout);
		send_line(u, &logout);
	}
	u->ops->ready(u->arg);
}

static void
req_lost(void *arg)
{
	struct upstream *u = arg;
	struct pending *p = TAILQ_FIRST(&u->pendings), *next;

	for (; p != NULL; p = next) {
		next = TAILQ_NEXT(p, next);
		settle(u, p, "");
	}
	u->ops->undone(u->arg);
}

static const struct corelink_ops req_ops = {
    .line = req_line, .opened = req_opened, .lost = req_lost};

/* Gives up on answers that do not come. */
static void
on_overdue(evutil_socket_t fd, short what, void *arg)
{
	struct upstream *u = arg;
	uint64_t now = boottime_ms();
	struct pending *p = TAILQ_FIRST(&u->pendings), *next;

	for (; p != NULL && p->deadline <= now; p = next) {
		next = TAILQ_NEXT(p, next);
		log_warn("requests: core owes an answer for %d s; given up",
		    UPSTREAM_PATIENCE);
		settle(u, p, "");
	}
	if (!TAILQ_EMPTY(&u->pendings))
		event_add(u->overdue, &check);
}

long
upstream_request(struct upstream *u, void *who, const struct request *r)
{
	const bool here = corelink_io(u->req) != NULL;
	struct request numbered = *r;

	numbered.id = here ? ++u->last_id : 0;
	if (r->verb == REQUEST_LOGOUT)
		leavers_add(&u->leavers, &numbered, boottime_ms());
	if (!here)
		return -1;
	if (who != NULL) {
		struct pending *p = xcalloc(1, sizeof(*p));

		p->id = numbered.id;
		p->who = who;
		p->deadline = boottime_ms() + UPSTREAM_PATIENCE * 1000;
		if (TAILQ_EMPTY(&u->pendings))
			event_add(u->overdue, &check);
		TAILQ_INSERT_TAIL(&u->pendings, p, next);
	}
	send_line(u, &numbered);
	return (long)numbered.id;
}

void
upstream_forget(struct upstream *u, const void *who)
{
	struct pending *p;

	TAILQ_FOREACH (p, &u->pendings, next)
		if (p->who == who)
			p->who = NULL;
}

struct upstream *
upstream_new(struct event_base *base, const char *feed_path, const char *req_path,
    int maxage, const struct upstream_ops *ops, void *arg)
{
	struct upstream *u = xcalloc(1, sizeof(*u));

	u->base = base;
	u->ops = ops;
	u->arg = arg;
	u->maxage.tv_sec = maxage;
	TAILQ_INIT(&u->pendings);
	u->ageing = event_new(base, -1, 0, on_aged, u);
	u->overdue = event_new(base, -1, 0, on_overdue, u);
	u->req = corelink_new(base, "requests", req_path, QUEUE_MAX, &req_ops, u);
	u->feed = corelink_new(base, "feed", feed_path, QUEUE_MAX, &feed_ops, u);
	return u;
}

void
upstream_as_told(struct upstream *u)
{
	u->as_told = true;
}

void
upstream_maxage(struct upstream *u, int maxage)
{
	u->maxage.tv_sec = maxage;
}

void
upstream_free(struct upstream *u)
{
	struct pending *p = TAILQ_FIRST(&u->pendings), *next;

	for (; p != NULL; p = next) {
		next = TAILQ_NEXT(p, next);
		free(p);
	}
	corelink_free(u->feed);
	corelink_free(u->req);
	event_free(u->ageing);
	event_free(u->overdue);
	feed_clear(&u->models[0]);
	feed_clear(&u->models[1]);
	identity_free(&u->identity);
	leavers_clear(&u->leavers);
	free(u);
}
