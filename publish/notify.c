/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/boottime.h"
#include "lib/log.h"
#include "lib/xmem.h"
#include "publish/mail.h"
#include "publish/publisher.h"
#include "publish/smtp.h"
#include "publish/via.h"

/*
 * A channel of [notify] (docs/notify.md): what is to be told is notice.h's business, how it is
 * put message.h's, how it is sent via.h's; here are the clocks, the wire and the log.
 */

#define SETTLE_MS 100      /* what is read again comes at once: all is looked at first, */
#define SETTLE_MAX_MS 1000 /* but for a storm of events */
#define RETRY_MS 1000
#define RETRY_MAX_MS 60000
#define DENIED_MS (10 * 60 * 1000)
#define STEP_MS 2000 /* so much the wall clock must move to have been set */
#define SITE_MAX 64

struct notify {
	const struct conf_notify *c;
	char site[SITE_MAX + 1];
	char *authorities;
	struct http *http;
	struct notice *notice;
	struct feed none; /* in a test nothing is known */

	/* What is being sent: chosen anew for each try, unless it may have arrived. */
	bool unsure;
	struct notice_batch batch;
	struct message message;

	uint64_t not_before_ms, pause_ms; /* the receiver failed; 0: it did not */
	uint64_t heard_ms, first_ms; /* the last event, the first one not looked at */
	int64_t offset_ms;  /* of the wall clock to CLOCK_BOOTTIME; 0: none yet */
	enum verdict state; /* what the log says of the receiver */
	int64_t fails_ms; /* … and what is kept of that: since when, 0: it does not, */
	char fails[VIA_CAUSE_MAX + 1]; /* … and why */
	uint64_t taken;
	struct buf kept[NOTICE_PARTS]; /* what was said last */
};

static int64_t
wall_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static const struct conf_notify *
section_named(const struct holdup_conf *c, const char *name)
{
	for (size_t i = 0; i < c->nnotifies; i++)
		if (strcmp(c->notifies[i].name, name) == 0 && c->notifies[i].wanted)
			return &c->notifies[i];
	return NULL;
}

static void *
begin(const struct holdup_conf *conf, const char *section, char *cause, size_t size)
{
	const struct conf_notify *c = section_named(conf, section);
	char *authorities = NULL;
	struct notify *n;
	size_t len;

	if (c == NULL) {
		snprintf(cause, size, "holdup.conf has no [notify %s] that can be used",
		    section);
		return NULL;
	}
	if (c->ca != NULL && (authorities = conf_slurp(c->ca, &len)) == NULL) {
		snprintf(cause, size, "ca = %s cannot be read", c->ca);
		return NULL;
	}
	n = xcalloc(1, sizeof(*n));
	n->c = c;
	n->authorities = authorities;
	if (conf->mqtt.site != NULL)
		snprintf(n->site, sizeof(n->site), "%s", conf->mqtt.site);
	else if (gethostname(n->site, SITE_MAX) != 0)
		snprintf(n->site, sizeof(n->site), "holdup");
	n->http = http_new();
	n->notice = notice_new(c);
	return n;
}

/* What is kept, and so is not to be said again unless it is another one. */
static void
keep_part(struct notify *n, const char *key, const char *value)
{
	const size_t part = strtoul(key + 4, NULL, 10);

	if (part >= NOTICE_PARTS)
		return;
	notice_kept(n->notice, value);
	buf_clear(&n->kept[part]);
	buf_puts(&n->kept[part], value);
}

static void
on_kept(void *arg, const char *key, const char *value)
{
	struct notify *n = arg;

	if (strncmp(key, "done", 4) == 0)
		keep_part(n, key, value);
	else if (strcmp(key, "fails") == 0)
		n->fails_ms = strtoll(value, NULL, 10);
}

/* Where the clock on the wall was set, all that happened since the boot moves with it. */
static void
look_clock(struct notify *n, uint64_t now_ms, int64_t wall)
{
	const int64_t offset = wall - (int64_t)now_ms;
	const int64_t step = offset - n->offset_ms;

	if (n->offset_ms != 0 && (step > STEP_MS || step < -STEP_MS))
		notice_clock(n->notice, n->offset_ms, step);
	n->offset_ms = offset;
}

static void
on_event(void *arg, const struct event *e)
{
	struct notify *n = arg;

	n->heard_ms = boottime_ms();
	n->first_ms = n->first_ms == 0 ? n->heard_ms : n->first_ms;
	look_clock(n, n->heard_ms, wall_ms());
	notice_event(n->notice, e, wall_ms());
}

/* One question to the server. */
static void
ask(struct notify *n, struct via_outcome *o)
{
	struct http_reply reply = {0};
	struct via_request request;

	via_request(n->c, &n->message, &request);
	request.http.authorities = n->authorities;
	http_ask(n->http, &request.http, &reply);
	via_judge(n->c, &reply, o);
	log_debug("%s: HTTP %ld, verdict %d", n->c->name, reply.status, (int)o->verdict);
	buf_free(&reply.body);
	via_request_free(&request);
}

static void
send_message(struct notify *n, struct via_outcome *o)
{
	struct buf mail = {0};

	if (n->c->via != CONF_VIA_MAIL) {
		ask(n, o);
		return;
	}
	mail_write(&mail, n->c, &n->message, n->site);
	smtp_send(n->c, &mail, n->authorities, o);
	buf_free(&mail);
}

static void
forget_message(struct notify *n)
{
	message_free(&n->message);
	if (!n->unsure)
		notice_batch_free(&n->batch);
}

/* The key of a part of what is kept: "done", "done1" … */
static void
part_key(char *key, size_t size, size_t part)
{
	if (part == 0)
		snprintf(key, size, "done");
	else
		snprintf(key, size, "done%zu", part);
}

/* Tells `out` what is done with, before what is kept beside that. */
static void
remember(struct notify *n, struct link *l)
{
	struct buf keep[NOTICE_PARTS] = {0};
	char key[16];

	if (notice_taken(n->notice) > n->taken)
		link_take(l, n->taken = notice_taken(n->notice));
	notice_keep(n->notice, keep);
	for (size_t i = 0; i < NOTICE_PARTS; i++) {
		part_key(key, sizeof(key), i);
		if (strcmp(buf_str(&keep[i]), buf_str(&n->kept[i])) != 0)
			link_keep(l, key, buf_str(&keep[i]));
		buf_free(&n->kept[i]);
		n->kept[i] = keep[i];
	}
}

/* For `holdup notify`: the last message, and what became of it. */
static void
keep_told(const struct notify *n, struct link *l, bool good)
{
	const uint64_t id = n->batch.nids > 0 ? n->batch.ids[n->batch.nids - 1] : 0;
	char *told = xasprintf("%" PRIu64 " %" PRId64 " %s %.200s", id, wall_ms(),
	    good ? "ok" : "refused", n->message.title);

	link_keep(l, "told", told);
	free(told);
}

/* … and since when nothing arrives, and why; "": it does. */
static void
keep_fails(struct notify *n, struct link *l, const char *cause)
{
	char *fails;

	if (*cause == '\0')
		n->fails_ms = 0;
	else if (n->fails_ms == 0)
		n->fails_ms = wall_ms();
	fails = n->fails_ms == 0 ? xstrdup("")
				 : xasprintf("%" PRId64 " %s", n->fails_ms, cause);
	snprintf(n->fails, sizeof(n->fails), "%s", cause);
	link_keep(l, "fails", fails);
	free(fails);
}

/* One line of the log when the receiver fares differently than before. */
static void
report(struct notify *n, struct link *l, const struct via_outcome *o)
{
	const bool fails = o->verdict == VERDICT_AWAY || o->verdict == VERDICT_DENIED;
	const bool failed = n->state == VERDICT_AWAY || n->state == VERDICT_DENIED;

	if (fails ? strcmp(o->cause, n->fails) != 0 : n->fails_ms != 0)
		keep_fails(n, l, fails ? o->cause : "");
	if (o->verdict == VERDICT_REFUSED)
		log_warn("[notify %s]: %s; given up: %s", n->c->name, o->cause,
		    n->message.title);
	else if (fails && o->verdict != n->state)
		log_warn("[notify %s]: %s; trying on", n->c->name, o->cause);
	else if (!fails && *o->cause != '\0')
		log_warn("[notify %s]: %s", n->c->name, o->cause);
	if (!fails && failed)
		log_info("[notify %s]: messages arrive again", n->c->name);
	n->state = fails ? o->verdict : VERDICT_OK;
}

/* How long nothing is tried. */
static uint64_t
pause_of(struct notify *n, const struct via_outcome *o)
{
	uint64_t ms = n->pause_ms == 0 ? RETRY_MS : n->pause_ms * 2;

	if (o->verdict == VERDICT_DENIED)
		return DENIED_MS;
	n->pause_ms = ms < RETRY_MAX_MS ? ms : RETRY_MAX_MS;
	ms = (uint64_t)o->after_s * 1000;
	return ms > n->pause_ms ? ms : n->pause_ms;
}

/* Sends the message, and draws the conclusion. */
static void
deliver(struct notify *n, struct link *l)
{
	struct via_outcome o;

	send_message(n, &o);
	report(n, l, &o);
	n->unsure = o.unsure;
	if (o.verdict == VERDICT_AWAY || o.verdict == VERDICT_DENIED) {
		n->not_before_ms = boottime_ms() + pause_of(n, &o);
	} else {
		n->not_before_ms = n->pause_ms = 0;
		notice_done(n->notice, &n->batch);
		keep_told(n, l, o.verdict == VERDICT_OK);
	}
	forget_message(n);
}

/* Makes the next message; false: there is none now. */
static bool
next_message(struct notify *n, const struct link *l, int64_t wall)
{
	const struct saying_house house = {n->site, link_feed(l), wall};

	n->unsure = n->unsure && notice_again(n->notice, &n->batch);
	if (!n->unsure && !notice_next(n->notice, wall, &n->batch))
		return false;
	message_make(&n->message, n->c, &n->batch, &house, via_text_max(n->c->via));
	return true;
}

static uint64_t
work(void *self, struct link *l, uint64_t now_ms)
{
	struct notify *n = self;
	const int64_t wall = wall_ms();
	int64_t due;

	look_clock(n, now_ms, wall);
	if (now_ms < n->heard_ms + SETTLE_MS && now_ms < n->first_ms + SETTLE_MAX_MS)
		return n->heard_ms + SETTLE_MS - now_ms;
	n->first_ms = 0;
	if (now_ms < n->not_before_ms) {
		remember(n, l);
		return n->not_before_ms - now_ms;
	}
	if (next_message(n, l, wall)) {
		deliver(n, l);
		remember(n, l);
		return 0;
	}
	remember(n, l);
	due = notice_due(n->notice, wall);
	if (due == INT64_MAX)
		return PUBLISHER_NEVER;
	/* A clock that is set meanwhile is seen soon enough. */
	return due <= wall ? 0 : (uint64_t)(due - wall < 60000 ? due - wall : 60000);
}

static void
end(void *self)
{
	struct notify *n = self;

	message_free(&n->message);
	notice_batch_free(&n->batch);
	notice_free(n->notice);
	http_free(n->http);
	for (size_t i = 0; i < NOTICE_PARTS; i++)
		buf_free(&n->kept[i]);
	free(n->authorities);
	free(n);
}

static bool
test(void *self)
{
	struct notify *n = self;
	const struct saying_house house = {n->site, &n->none, wall_ms()};
	struct via_outcome o;

	message_test(&n->message, n->c, &house);
	send_message(n, &o);
	printf("%s\n", o.verdict != VERDICT_OK ? o.cause
		       : *o.cause != '\0'      ? o.cause
					       : "delivered");
	return o.verdict == VERDICT_OK;
}

const struct publisher publisher_notify = {
    .name = "notify.",
    .begin = begin,
    .heard = {.kept = on_kept, .event = on_event},
    .work = work,
    .end = end,
    .test = test,
};
