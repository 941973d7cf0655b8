/* SPDX-License-Identifier: ISC */
#ifndef TESTS_POLICY_HOUSE_H
#define TESTS_POLICY_HOUSE_H

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy.h"
#include "lib/buf.h"
#include "lib/monitors.h"
#include "lib/notify.h"
#include "lib/task.h"
#include "lib/xmem.h"

/* A machine under virtual time: what policy does is written down as text. */

#define BOOT "boot-1"

struct house {
	struct ups_conf upses;
	struct upsmon_conf monitors;
	struct holdup_conf own;
	struct policy_conf conf;
	struct policy *policy;
	uint64_t now, next;
	struct buf did; /* "VIEW ups fsd", "NOTIFY ONBATT ups", "SHUTDOWN cut", ... */
	struct buf log;
	uint64_t deadline; /* of the last heartbeat */
	bool cut;
	unsigned heartbeats;
	const char *boot;  /* its id */
	void *saved;       /* the last block */
	void *memory;      /* ... of what outlives the power */
	uint32_t key;      /* of the last task */
	uint32_t tell_key; /* ... that tells */
	unsigned keeps;    /* writings of the memory */
	unsigned outage;   /* of the last action */
};

static inline void
house_note_task(struct house *h, const struct policy_action *a)
{
	size_t machine = 0;
	enum task_verb verb = TASK_TELL;

	assert_true(task_of_row(a->notify, &machine, &verb));
	buf_printf(&h->did, "TASK %s %s\n", task_name(verb), h->conf.plans[machine].name);
	h->key = a->id;
	if (verb == TASK_TELL)
		h->tell_key = a->id;
}

static inline void
house_note_order(struct house *h, const struct policy_action *a)
{
	static const char *const orders[] = {"delay", "cut", "cancel"};

	buf_printf(&h->did, "ORDER %s %s", h->conf.names[a->row], orders[a->order]);
	if (a->order == POLICY_ORDER_DELAY)
		buf_printf(&h->did, " %u", a->seconds);
	buf_puts(&h->did, "\n");
}

static inline void
house_note(struct house *h, const struct policy_action *a)
{
	static const char *const views[] = {"none", "lb", "fsd", "hold", "old"};
	const char *ups = h->conf.nupses > 0 ? h->conf.names[a->row] : "";
	struct notify_row row;

	h->outage = a->outage;
	switch (a->kind) {
	case POLICY_SAVE:
		policy_save(h->policy, h->boot, h->saved);
		break;
	case POLICY_KEEP:
		policy_remember(h->policy, h->boot, h->memory);
		h->keeps++;
		break;
	case POLICY_STAND:
		assert_string_not_equal(a->text, ""); /* whatever was before it */
		buf_printf(&h->did, "STAND %s %s\n", h->conf.plans[a->plan].name,
		    policy_stands[a->stand]);
		break;
	case POLICY_TASK:
		house_note_task(h, a);
		break;
	case POLICY_ORDER:
		house_note_order(h, a);
		break;
	case POLICY_ESTIMATE:
		buf_printf(&h->did,
		    a->on ? "ESTIMATE %s %.0f %.0f\n" : "ESTIMATE %s off\n", ups,
		    a->charge, a->runtime);
		break;
	case POLICY_LOG:
		buf_printf(&h->log, "%s\n", a->text);
		break;
	case POLICY_VIEW:
		buf_printf(&h->did, "VIEW %s%s%s %s\n", ups,
		    a->plan == POLICY_EVERYBODY ? "" : " ",
		    a->plan == POLICY_EVERYBODY ? "" : h->conf.plans[a->plan].name,
		    views[a->view]);
		break;
	case POLICY_LEAVE:
		buf_printf(&h->did, "LEAVE %s\n", ups);
		break;
	case POLICY_SELF:
		buf_printf(&h->did, "SELF %s %s\n", ups, a->on ? "on" : "off");
		break;
	case POLICY_NOTIFY:
		assert_int_equal(notify_row(&h->monitors, a->notify, a->text, &row), 0);
		buf_printf(&h->did, "NOTIFY %s%s%s%s%s\n", notify_name(row.type),
		    *row.ups == '\0' ? "" : " ", row.ups, *a->text == '\0' ? "" : ": ",
		    a->text);
		break;
	case POLICY_REFRESH:
		buf_printf(&h->did, "REFRESH %s\n", ups);
		break;
	case POLICY_RESTART:
		buf_printf(&h->did, "RESTART %s\n", ups);
		break;
	case POLICY_HEARTBEAT:
		h->deadline = a->deadline_ms;
		h->cut = a->cut;
		h->heartbeats++;
		break;
	case POLICY_SHUTDOWN:
		buf_printf(&h->did, "SHUTDOWN %s\n", a->cut ? "cut" : "stay");
		break;
	}
}

static inline void
house_step(struct house *h, struct policy_event event)
{
	const struct policy_actions *actions = policy_step(h->policy, &event, h->now);

	for (size_t i = 0; i < actions->count; i++)
		house_note(h, &actions->list[i]);
	h->next = actions->next_ms;
}

/* Time passes; policy is asked whenever it wanted to be. */
static inline void
house_pass(struct house *h, uint64_t ms)
{
	uint64_t end = h->now + ms;

	while (h->next <= end) {
		if (h->now < h->next)
			h->now = h->next;
		house_step(h, (struct policy_event){.kind = POLICY_TIME});
		assert_true(h->next > h->now);
	}
	h->now = end;
}

static inline void
house_start(struct house *h)
{
	h->policy = policy_new(&h->conf, h->now);
}

/* A machine with these files, up for a day. */
static inline struct house *
house_new_own(const char *ups_conf, const char *upsmon_conf, const char *holdup_conf)
{
	struct house *h = xcalloc(1, sizeof(*h));
	struct problems problems = {0};
	struct buf text = {0};

	h->now = 86400000;
	h->boot = BOOT;
	buf_puts(&text, ups_conf);
	ups_conf_read(&h->upses, "ups.conf", ups_conf, strlen(ups_conf), &problems);
	upsmon_conf_read(
	    &h->monitors, "upsmon.conf", upsmon_conf, strlen(upsmon_conf), &problems);
	monitors_sections(&text, &h->monitors, &h->upses, true, "upsmon.conf", &problems);
	ups_conf_free(&h->upses);
	ups_conf_read(&h->upses, "ups.conf", buf_str(&text), text.len, &problems);
	buf_free(&text);
	holdup_conf_read(
	    &h->own, "holdup.conf", holdup_conf, strlen(holdup_conf), &problems);
	problems_free(&problems);
	policy_conf_make(&h->conf, &h->monitors, &h->upses, &h->own);
	/* A test that does not say whether LB is honest is about what follows. */
	for (size_t i = 0; i < h->conf.nupses && strstr(holdup_conf, "honest") == NULL;
	     i++)
		h->conf.honest[i] = true;
	h->saved = xcalloc(1, policy_saved_size());
	h->memory = xcalloc(1, policy_memory_size());
	house_start(h);
	return h;
}

static inline struct house *
house_new(const char *ups_conf, const char *upsmon_conf)
{
	return house_new_own(ups_conf, upsmon_conf, "");
}

static inline void
house_end(struct house *h)
{
	policy_free(h->policy);
	policy_conf_free(&h->conf);
	upsmon_conf_free(&h->monitors);
	holdup_conf_free(&h->own);
	ups_conf_free(&h->upses);
	buf_free(&h->did);
	buf_free(&h->log);
	free(h->saved);
	free(h->memory);
	free(h);
}

/* kill -9, and a new process that finds what the old one saved. */
static inline void
house_restart(struct house *h)
{
	const char *cause;

	policy_free(h->policy);
	house_start(h);
	assert_int_equal(policy_load(h->policy, h->boot, h->saved, h->now, &cause), 0);
	if (h->keeps > 0)
		assert_int_equal(
		    policy_recall(h->policy, h->boot, h->memory, h->now, &cause), 0);
	house_step(h, (struct policy_event){.kind = POLICY_TIME});
}

/* The driver of a row: a dump with this status / another status / fresh or not. */
static inline void
house_status(struct house *h, size_t row, const char *status)
{
	house_step(h,
	    (struct policy_event){.kind = POLICY_STATUS, .row = row, .status = status});
}

static inline void
house_source(struct house *h, size_t row, enum feed_source source)
{
	house_step(h,
	    (struct policy_event){.kind = POLICY_SOURCE, .row = row, .source = source});
}

static inline void
house_dump(struct house *h, size_t row, const char *status)
{
	house_status(h, row, status);
	house_source(h, row, FEED_OK);
	house_step(h, (struct policy_event){.kind = POLICY_READ, .row = row});
}

/* What a machine does. */
static inline void
house_login(struct house *h, size_t row, unsigned long session, const char *address,
    const char *account)
{
	house_step(h, (struct policy_event){.kind = POLICY_LOGIN,
			  .row = row,
			  .session = session,
			  .address = address,
			  .account = account});
}

static inline void
house_session(
    struct house *h, enum policy_event_kind kind, size_t row, unsigned long session)
{
	house_step(
	    h, (struct policy_event){.kind = kind, .row = row, .session = session});
}

/* ... that had logged in to the core before this one, and said LOGOUT to nobody. */
static inline void
house_left(struct house *h, size_t row, const char *address, const char *account,
    uint64_t ago_ms)
{
	house_step(h, (struct policy_event){.kind = POLICY_LOGOUT,
			  .row = row,
			  .address = address,
			  .account = account,
			  .ago_ms = ago_ms});
}

static inline void
house_seen(
    struct house *h, size_t row, enum policy_machine_kind machine, const char *address)
{
	house_step(h,
	    (struct policy_event){
		.kind = POLICY_SEEN, .row = row, .machine = machine, .address = address});
}

static inline void
house_fsd(struct house *h, size_t row)
{
	house_step(h, (struct policy_event){.kind = POLICY_FSD, .row = row});
}

/* A value of the UPS. */
static inline void
house_value(struct house *h, size_t row, enum policy_value value, double number)
{
	house_step(
	    h, (struct policy_event){
		   .kind = POLICY_VALUE, .row = row, .value = value, .number = number});
}

/* The last task has ended. */
static inline void
house_done(struct house *h, int status)
{
	house_step(
	    h, (struct policy_event){.kind = POLICY_DONE, .key = h->key, .done = status});
}

/* The power goes and returns: a new boot, of which only what is on disk is left. */
static inline void
house_reboot(struct house *h, const char *boot_id)
{
	const char *cause;

	policy_free(h->policy);
	h->now = 20000;
	h->boot = boot_id;
	house_start(h);
	assert_int_equal(policy_recall(h->policy, boot_id, h->memory, h->now, &cause), 0);
	house_step(h, (struct policy_event){.kind = POLICY_TIME});
}

/*
 * A story in turns: what happens ("login", "logout" and "broken" of the NAS, by one session
 * after the other; NULL, nothing; else it is a status of the UPS), how long time passes after
 * it, and all that was done in both (NULL: whatever it was).
 */
#define HOUSE_NAS_AT "192.168.0.30"
#define HOUSE_TURNS 12

struct house_story {
	const char *what, *own; /* holdup.conf */
	struct house_turn {
		const char *happens;
		uint64_t ms;
		const char *did;
	} turns[HOUSE_TURNS];
	const char *logged; /* NULL: nothing to look for */
};

/* Lives through it, in a house that is on mains. */
static inline void
house_tell(struct house *h, const struct house_story *story)
{
	unsigned long session = 0;

	for (size_t i = 0; i < HOUSE_TURNS && story->turns[i].ms > 0; i++) {
		const struct house_turn *t = &story->turns[i];

		if (t->happens == NULL)
			;
		else if (strcmp(t->happens, "login") == 0)
			house_login(h, 0, ++session, HOUSE_NAS_AT, "nas");
		else if (strcmp(t->happens, "logout") == 0)
			house_session(h, POLICY_LOGOUT, 0, session);
		else if (strcmp(t->happens, "broken") == 0)
			house_session(h, POLICY_BROKEN, 0, session);
		else
			house_status(h, 0, t->happens);
		house_pass(h, t->ms);
		if (t->did != NULL && strcmp(buf_str(&h->did), t->did) != 0)
			fail_msg("%s, turn %zu:\n%sand not\n%s", story->what, i + 1,
			    buf_str(&h->did), t->did);
		buf_clear(&h->did);
	}
	if (story->logged != NULL && strstr(buf_str(&h->log), story->logged) == NULL)
		fail_msg("%s: \"%s\" is not in the log:\n%s", story->what, story->logged,
		    buf_str(&h->log));
}

/* Exactly this was done since the last call / the log says this / says it not. */
#define assert_did(h, wanted)                                    \
	do {                                                     \
		assert_string_equal(buf_str(&(h)->did), wanted); \
		buf_clear(&(h)->did);                            \
	} while (0)
#define assert_logged(h, part)                                                          \
	do {                                                                            \
		if (strstr(buf_str(&(h)->log), part) == NULL)                           \
			fail_msg(                                                       \
			    "\"%s\" is not in the log:\n%s", part, buf_str(&(h)->log)); \
	} while (0)
#define assert_not_logged(h, part) assert_null(strstr(buf_str(&(h)->log), part))

/* The article's house: a Pi with its UPS, and what its client says. */
#define SERVER_UPS "[qnapups]\ndriver = usbhid-ups\nport = auto\n"
#define SERVER_MON "MONITOR qnapups@localhost 1 nut nut master\n"
#define CLIENT_MON "MONITOR qnapups@192.168.0.9 1 admin 123456 slave\n"

#endif
