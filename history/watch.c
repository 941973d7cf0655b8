/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "history/watch_in.h"
#include "lib/xmem.h"

#define GRACE_MS 15000 /* what a new core does not know yet may come so late */
#define TICK_MS 60000  /* a step of the clock is seen after a minute at the latest */
#define STEP_MS 2000   /* so much is a step */

uint64_t
watch_earlier(uint64_t a, uint64_t b)
{
	return a == 0 || (b != 0 && b < a) ? b : a;
}

void
watch_say(struct watch *w, const struct watch_ups *u, enum kind kind, const char *who,
    const char *format, ...)
{
	char text[WATCH_TEXT];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	w->ops->event(w->arg, &(struct watch_event){.kind = kind,
				  .ups = u == NULL ? NULL : u->name,
				  .who = who,
				  .text = text,
				  .at = w->now});
}

void
watch_flag(struct watch *w, struct watch_ups *u, unsigned flag, bool on)
{
	const unsigned flags = on ? u->flags | flag : u->flags & ~flag;

	if (flags == u->flags)
		return;
	u->flags = flags;
	w->ops->flags(w->arg, u->name, flags);
}

static struct watch_ups *
find(const struct watch *w, const char *name)
{
	for (size_t i = 0; i < w->nupses; i++)
		if (strcasecmp(w->upses[i]->name, name) == 0)
			return w->upses[i];
	return NULL;
}

struct watch_ups *
watch_ups(struct watch *w, const char *name)
{
	struct watch_ups *u = find(w, name);

	if (u != NULL)
		return u;
	u = xcalloc(1, sizeof(*u));
	u->name = xstrdup(name);
	for (size_t i = 0; i < SERIES_MAX; i++)
		u->values[i] = NAN;
	for (size_t i = 0; i < LIMITS; i++)
		u->limits[i] = NAN;
	for (size_t i = 0; i < WATCH_HOURS; i++)
		u->charge_high[i] = NAN;
	learn_result(&u->learn, 0, &u->learned);
	w->upses = xreallocarray(w->upses, w->nupses + 1, sizeof(struct watch_ups *));
	return w->upses[w->nupses++] = u;
}

struct watch *
watch_new(const struct watch_ops *ops, void *arg)
{
	struct watch *w = xcalloc(1, sizeof(*w));

	w->ops = ops;
	w->arg = arg;
	return w;
}

void
watch_free(struct watch *w)
{
	watch_house_free(w);
	for (size_t i = 0; i < w->nupses; i++) {
		free(w->upses[i]->name);
		free(w->upses[i]);
	}
	free(w->upses);
	free(w);
}

void
watch_know(struct watch *w, const char *ups, const struct watch_known *k)
{
	struct watch_ups *u = watch_ups(w, ups);

	u->flags = k->flags;
	u->battery_ms = k->battery_ms;
	u->heard_wall_ms = k->heard_ms;
	if (k->outage.id == 0 || k->outage.ended != 0)
		return;
	u->outage = k->outage;
	if (k->same_boot) {
		u->battery = u->resumed = true;
		return;
	}
	/* It goes on as another one, or the mains is back: then that is said. */
	u->interrupted = true;
	u->outage.complete = false;
	u->outage.ended = k->heard_ms > u->outage.began ? k->heard_ms : u->outage.began;
	if (u->outage.why == WATCH_OUTAGE)
		u->battery_ms = u->outage.ended;
	w->ops->outage(w->arg, u->name, &u->outage);
}

void
watch_restore(struct watch *w, const char *ups, const struct learn_point *p)
{
	struct watch_ups *u = watch_ups(w, ups);

	learn_restore(&u->learn, p);
	learn_result(&u->learn, p->at, &u->learned);
}

/* Takes the clocks; a step of the one on the wall is told with everything that holds. */
static void
take_now(struct watch *w, struct watch_now now)
{
	const struct watch_now before = w->now;
	const int64_t expected = before.wall_ms + (int64_t)(now.boot_ms - before.boot_ms);
	const int64_t step = now.wall_ms - expected;
	const bool stepped = w->started && (step > STEP_MS || step < -STEP_MS);

	w->now = now;
	w->started = true;
	if (!stepped)
		return;
	w->ops->clock(w->arg, expected, now.wall_ms);
	for (size_t i = 0; i < w->nupses; i++)
		watch_value_again(w, w->upses[i]);
	watch_say(w, NULL, KIND_CLOCK, NULL, "The clock was set %s by %.0f s.",
	    step > 0 ? "forward" : "back", fabs((double)step) / 1000);
}

/* The source has gone: a gap, and an event, but for a moment after a new snapshot. */
static void
hear_nothing(struct watch *w, struct watch_ups *u, enum feed_source source)
{
	const unsigned flag = source == FEED_STALE ? WATCH_STALE : WATCH_LOST;

	if (w->grace_ms != 0)
		return;
	u->heard = false;
	watch_battery_lost(w, u);
	watch_value_end(w, u);
	if (u->flags & flag)
		return;
	watch_flag(w, u, WATCH_STALE | WATCH_LOST, false);
	watch_flag(w, u, flag, true);
	if (source == FEED_STALE)
		watch_say(w, u, KIND_STALE, NULL,
		    "The driver has lost the UPS: no new values.");
	else
		watch_say(w, u, KIND_LOST, NULL, "There is no driver: no values.");
}

static void
hear_again(struct watch *w, struct watch_ups *u, const struct feed_ups *f)
{
	u->heard = true;
	watch_value(w, u, f->state, NULL);
	watch_battery_date(w, u, f->state);
	if (u->flags & (WATCH_STALE | WATCH_LOST)) {
		watch_flag(w, u, WATCH_STALE | WATCH_LOST, false);
		watch_say(w, u, KIND_BACK, NULL, "The UPS is heard again.");
	}
	watch_words(w, u, f);
	watch_battery_take(w, u);
}

/* Looks at the whole UPS. */
static void
look(struct watch *w, const struct feed_ups *f)
{
	struct watch_ups *u = watch_ups(w, f->name);

	if (f->source == FEED_OK && state_get(f->state, "ups.status") != NULL)
		hear_again(w, u, f);
	else
		hear_nothing(w, u, f->source);
}

/* UPSes that are not in the model any more. */
static void
look_gone(struct watch *w, const struct feed *f)
{
	for (size_t i = 0; i < w->nupses; i++)
		if (w->upses[i]->heard && feed_find(f, w->upses[i]->name) == NULL) {
			w->upses[i]->heard = false;
			watch_battery_lost(w, w->upses[i]);
			watch_value_end(w, w->upses[i]);
		}
}

static void
look_all(struct watch *w, const struct feed *f)
{
	for (size_t i = 0; i < f->nupses; i++) {
		look(w, f->upses[i]);
		watch_logins(w, watch_ups(w, f->upses[i]->name), f->upses[i]);
	}
	look_gone(w, f);
	watch_machines(w, f);
}

static void
take_snapshot(struct watch *w, const struct feed *f)
{
	w->grace_ms = w->now.boot_ms + GRACE_MS;
	look_all(w, f);
	w->seen = true;
	watch_again(w, w->now);
}

static void
take_variable(struct watch *w, const struct feed_ups *f, const char *name)
{
	static const char *const words[] = {"ups.status", "ups.alarm", "ups.test.result"};
	struct watch_ups *u = watch_ups(w, f->name);

	if (!u->heard) {
		look(w, f);
		return;
	}
	watch_value(w, u, f->state, name);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(name, words[i]) == 0)
			watch_words(w, u, f);
	if (strcmp(name, "battery.date") == 0 || strcmp(name, "battery.mfr.date") == 0)
		watch_battery_date(w, u, f->state);
	watch_battery_take(w, u);
}

void
watch_feed(struct watch *w, const struct feed *f, const struct feed_change *c,
    struct watch_now now)
{
	take_now(w, now);
	if (!f->whole)
		return;
	switch (c->kind) {
	case FEED_SNAPSHOT:
		take_snapshot(w, f);
		break;
	case FEED_VAR:
	case FEED_DELVAR:
		take_variable(w, c->ups, c->name);
		break;
	case FEED_SOURCE:
	case FEED_VIEW:
		look(w, c->ups);
		break;
	case FEED_LOGINS:
		watch_logins(w, watch_ups(w, c->ups->name), c->ups);
		break;
	case FEED_MACHINE:
		watch_machines(w, f);
		break;
	case FEED_DEED:
		watch_deed(
		    w, c->ups == NULL ? NULL : watch_ups(w, c->ups->name), &f->deed);
		break;
	case FEED_UPS:
		look_gone(w, f);
		break;
	case FEED_NOTHING:
	case FEED_CMDS:
	case FEED_READERS:
	case FEED_BROKEN:
		break;
	}
}

void
watch_gone(struct watch *w, struct watch_now now)
{
	take_now(w, now);
	w->grace_ms = now.boot_ms + GRACE_MS;
}

void
watch_stop(struct watch *w, struct watch_now now)
{
	take_now(w, now);
	for (size_t i = 0; i < w->nupses; i++)
		watch_value_end(w, w->upses[i]);
}

void
watch_again(struct watch *w, struct watch_now now)
{
	take_now(w, now);
	for (size_t i = 0; i < w->nupses; i++) {
		memset(w->upses[i]->published, 0, sizeof(w->upses[i]->published));
		w->upses[i]->published_ms = 0;
		watch_battery_take(w, w->upses[i]);
	}
}

void
watch_time(struct watch *w, const struct feed *f, struct watch_now now)
{
	take_now(w, now);
	if (w->grace_ms != 0 && now.boot_ms >= w->grace_ms) {
		w->grace_ms = 0;
		if (f->whole)
			look_all(w, f);
		else
			for (size_t i = 0; i < w->nupses; i++) {
				w->upses[i]->heard = false;
				watch_battery_lost(w, w->upses[i]);
				watch_value_end(w, w->upses[i]);
			}
	}
	for (size_t i = 0; i < w->nupses; i++) {
		watch_value_time(w, w->upses[i]);
		watch_words_time(w, w->upses[i]);
		watch_battery_time(w, w->upses[i]);
	}
}

uint64_t
watch_due(const struct watch *w)
{
	uint64_t due = w->now.boot_ms + TICK_MS;

	due = watch_earlier(due, w->grace_ms);
	for (size_t i = 0; i < w->nupses; i++) {
		due = watch_earlier(due, watch_value_due(w->upses[i]));
		due = watch_earlier(due, w->upses[i]->tested_ms);
		due = watch_earlier(due, watch_battery_due(w->upses[i]));
	}
	return due;
}

bool
watch_battery(const struct watch *w)
{
	for (size_t i = 0; i < w->nupses; i++)
		if (w->upses[i]->battery)
			return true;
	return false;
}

bool
watch_facts(const struct watch *w, const char *ups, struct watch_facts *facts)
{
	const struct watch_ups *u = find(w, ups);

	if (u == NULL)
		return false;
	*facts = (struct watch_facts){.learned = u->learned,
	    .discharges = u->learn.discharges,
	    .flags = u->flags,
	    .heard = u->heard,
	    .mains_ms = u->mains_ms,
	    .battery_ms = u->battery_ms,
	    .charge = u->values[SERIES_CHARGE],
	    .charge_high = watch_charge_high(w, u),
	    .load = u->values[SERIES_LOAD]};
	return true;
}
