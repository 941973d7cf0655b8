/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "history/watch_in.h"

#define TOLD_MS 10000       /* an outage that goes on is told so often, */
#define PUBLISH_MS 5000     /* and learned variables at most */
#define LEARNED_MS 3600000  /* confidence fades by the hour */
#define GAP_MS 15000        /* so much of it unheard, and its end was not seen */
#define TEST_EARLY_MS 60000 /* a test begins so long before OB at most, */
#define TEST_SOON_MS 15000  /* (one that was ordered, of which nothing else tells) */
#define TEST_LATE_MS 30000  /* is told so long after it at most, */
#define TEST_MAX_MS 900000  /* lasts so long, */
#define TEST_AFTER_MS 10000 /* and OB may outlast it */
#define DARK_V 10.0         /* an input voltage below denies a test */
#define MOVED_HEALTH 5.0    /* points of health that are worth an event, */
#define MOVED_DAYS 90       /* and days of the date */
#define HOUR_MS 3600000.0

static const char *const published_names[WATCH_PUBLISHED] = {
    "battery.runtime.learned",
    "battery.health",
    "battery.health.confidence",
    "battery.date.replace",
};

/* A length for people. */
static const char *
lasted(uint64_t ms, char *out, size_t size)
{
	const unsigned long s = (unsigned long)((ms + 500) / 1000);

	if (s < 120)
		snprintf(out, size, "%lu s", s);
	else if (s < 7200)
		snprintf(out, size, "%lu min", (s + 30) / 60);
	else
		snprintf(out, size, "%lu h %02lu min", s / 3600, s % 3600 / 60);
	return out;
}

/* Why it is on battery: by the signs of a test that core's policy believes, too. */
static enum watch_why
why_now(const struct watch *w, const struct watch_ups *u)
{
	const uint64_t now = w->now.boot_ms, began = u->began_ms;
	const bool signs = u->flags & WATCH_TEST;
	const uint64_t first = signs ? u->test_ms : u->order_ms;

	if (u->values[SERIES_INPUT_VOLTAGE] < DARK_V)
		return WATCH_OUTAGE;
	if (u->calibrates)
		return WATCH_BY_CALIBRATION;
	/* Its signs are gone: OB outlasts them by a moment. */
	if (!signs && u->over_ms >= began && u->test_ms != 0 && u->over_ms > u->test_ms &&
	    u->outage.why == WATCH_BY_TEST && u->battery)
		return now < u->over_ms + TEST_AFTER_MS ? WATCH_BY_TEST : WATCH_OUTAGE;
	if (first == 0 || first > began + TEST_LATE_MS || now >= first + TEST_MAX_MS ||
	    first + (signs ? TEST_EARLY_MS : TEST_SOON_MS) < began)
		return WATCH_OUTAGE;
	return WATCH_BY_TEST;
}

/* Adds what has passed since the last time. */
static void
add_up(struct watch *w, struct watch_ups *u)
{
	struct watch_outage *o = &u->outage;
	const double ms = (double)(w->now.boot_ms - u->added_ms);
	const double load = u->held_load, watts = u->held_watts;

	o->ms = w->now.boot_ms - u->began_ms;
	if (!isnan(load) && ms > 0) {
		const double before = isnan(o->load) ? 0 : o->load * u->loaded_ms;

		u->loaded_ms += ms;
		o->load = (before + load * ms) / u->loaded_ms;
	}
	if (!isnan(watts) && ms > 0)
		o->wh = (isnan(o->wh) ? 0 : o->wh) + watts * ms / HOUR_MS;
	u->added_ms = w->now.boot_ms;
	u->held_load = u->values[SERIES_LOAD];
	u->held_watts = u->values[SERIES_WATTS];
	if (isnan(o->charge_began))
		o->charge_began = u->values[SERIES_CHARGE];
	o->charge_low = fmin(o->charge_low, u->values[SERIES_CHARGE]);
	o->voltage_low = fmin(o->voltage_low, u->values[SERIES_BATTERY_VOLTAGE]);
}

static void
tell_outage(struct watch *w, struct watch_ups *u)
{
	u->told_ms = w->now.boot_ms;
	w->ops->outage(w->arg, u->name, &u->outage);
}

static void
say_on(struct watch *w, struct watch_ups *u, bool still)
{
	static const unsigned series[] = {SERIES_CHARGE, SERIES_LOAD};
	static const char *const whys[] = {
	    [WATCH_OUTAGE] = "the mains is away",
	    [WATCH_BY_TEST] = "for a battery test",
	    [WATCH_BY_CALIBRATION] = "for a calibration",
	};
	char text[96];

	watch_figures(u, series, 2, text, sizeof(text));
	watch_say(w, u, KIND_ONBATT, NULL, "%s: %s%s%s.",
	    still ? "Still on battery" : "On battery", whys[u->outage.why],
	    *text == '\0' ? "" : ", ", text);
}

static void
start_discharge(struct watch *w, struct watch_ups *u)
{
	discharge_begin(&u->discharge, w->now.boot_ms);
	u->discharging = true;
	watch_battery_take(w, u);
}

static void
begin(struct watch *w, struct watch_ups *u)
{
	u->battery = true;
	u->unheard = u->interrupted = false;
	u->began_ms = u->added_ms = w->now.boot_ms;
	u->loaded_ms = 0;
	u->held_load = u->values[SERIES_LOAD];
	u->held_watts = u->values[SERIES_WATTS];
	u->outage = (struct watch_outage){.began = w->now.wall_ms,
	    .charge_began = u->values[SERIES_CHARGE],
	    .charge_low = NAN,
	    .voltage_low = NAN,
	    .load = NAN,
	    .wh = NAN};
	u->outage.why = why_now(w, u);
	add_up(w, u);
	watch_flag(w, u, WATCH_BATTERY, true);
	tell_outage(w, u);
	say_on(w, u, false);
	start_discharge(w, u);
}

/* An outage of the file goes on: history alone was away. */
static void
resume(struct watch *w, struct watch_ups *u)
{
	const int64_t passed = w->now.wall_ms - u->outage.began;
	const uint64_t ms = passed > 0 ? (uint64_t)passed : u->outage.ms;

	u->resumed = false;
	u->began_ms = w->now.boot_ms > ms ? w->now.boot_ms - ms : 0;
	u->added_ms = w->now.boot_ms;
	u->loaded_ms = (double)u->outage.ms;
	u->held_load = u->held_watts = NAN;
	if (w->now.wall_ms - u->heard_wall_ms > GAP_MS)
		u->unheard = true;
}

void
watch_battery_on(struct watch *w, struct watch_ups *u)
{
	if (!u->battery) {
		begin(w, u);
		return;
	}
	if (u->resumed) {
		resume(w, u);
		watch_flag(w, u, WATCH_BATTERY, true);
		start_discharge(w, u);
	} else if (!u->discharging && u->unheard) {
		/* It is heard again, and still on battery. */
		u->held_load = u->held_watts = NAN;
		u->added_ms = w->now.boot_ms;
	}
}

/* What was learned, as an event where it moved. */
static void
say_learned(struct watch *w, struct watch_ups *u, const struct learn_point *p,
    const struct learn_result *before)
{
	const struct learn_result *r = &u->learned;
	const int64_t moved = r->replace - before->replace;
	const time_t replace = (time_t)r->replace;
	char day[48] = "";
	struct tm tm;

	if (r->replace != 0 && gmtime_r(&replace, &tm) != NULL)
		strftime(day, sizeof(day), "; to be replaced by %Y-%m-%d", &tm);
	if (p->anew && u->learn.discharges > 1)
		watch_say(w, u, KIND_LEARNED, NULL,
		    "This is another battery than before: learning begins anew.");
	else if (!(fabs(r->health - before->health) < MOVED_HEALTH) ||
		 moved > MOVED_DAYS * INT64_C(86400) ||
		 moved < -MOVED_DAYS * INT64_C(86400))
		watch_say(w, u, KIND_LEARNED, NULL,
		    "The battery's health is %.0f %% (confidence %.0f %%), by a "
		    "discharge of %.0f %% at a load of %.0f %%%s.",
		    r->health, r->confidence, p->depth, p->load, day);
}

static void
learn(struct watch *w, struct watch_ups *u)
{
	const struct learn_result before = u->learned;
	struct learn_point p;

	if (!u->discharging)
		return;
	u->discharging = false;
	if (!discharge_end(&u->discharge, w->now.boot_ms, &p))
		return;
	p.at = w->now.wall_ms / 1000;
	learn_add(&u->learn, &p);
	learn_result(&u->learn, p.at, &u->learned);
	u->learned_ms = w->now.boot_ms;
	w->ops->learned(w->arg, u->name, &p, &u->learned);
	say_learned(w, u, &p, &before);
}

static void
say_off(struct watch *w, struct watch_ups *u)
{
	static const unsigned series[] = {SERIES_CHARGE};
	static const char *const whys[] = {
	    [WATCH_OUTAGE] = "The mains is back after",
	    [WATCH_BY_TEST] = "On mains again: the battery test took",
	    [WATCH_BY_CALIBRATION] = "On mains again: the calibration took",
	};
	char text[96], length[32];

	watch_figures(u, series, 1, text, sizeof(text));
	/* What nobody saw, the machine being off, is not in the length. */
	watch_say(w, u, KIND_ONLINE, NULL, "%s %s%s%s%s.", whys[u->outage.why],
	    lasted(u->outage.ms, length, sizeof(length)),
	    u->outage.ended < w->now.wall_ms ? " at least" : "",
	    *text == '\0' ? "" : ", ", text);
}

static void
end(struct watch *w, struct watch_ups *u)
{
	if (u->resumed && w->now.wall_ms - u->heard_wall_ms > GAP_MS) {
		/* Its end was missed. */
		u->outage.ended = u->heard_wall_ms > u->outage.began ? u->heard_wall_ms
								     : u->outage.began;
		u->outage.ms = (uint64_t)(u->outage.ended - u->outage.began);
		u->outage.complete = false;
	} else {
		if (u->resumed)
			resume(w, u);
		add_up(w, u);
		u->outage.ended = w->now.wall_ms;
		u->outage.complete = !u->unheard;
	}
	u->battery = u->resumed = false;
	if (u->outage.why == WATCH_OUTAGE)
		u->battery_ms = u->outage.ended;
	u->order_ms = 0;
	watch_flag(w, u, WATCH_BATTERY, false);
	tell_outage(w, u);
	say_off(w, u);
	learn(w, u);
}

void
watch_battery_off(struct watch *w, struct watch_ups *u)
{
	if (u->battery) {
		end(w, u);
	} else if (u->interrupted) {
		u->interrupted = false;
		watch_flag(w, u, WATCH_BATTERY, false);
		watch_say(w, u, KIND_ONLINE, NULL,
		    "The mains is back; this machine was down meanwhile.");
	}
}

void
watch_battery_lost(struct watch *w, struct watch_ups *u)
{
	if (!u->heard && !u->battery)
		return;
	if (u->battery && !u->resumed) {
		add_up(w, u);
		u->held_load = u->held_watts = NAN;
		u->unheard = true;
	}
	learn(w, u);
}

void
watch_battery_test(struct watch *w, struct watch_ups *u)
{
	u->test_ms = w->now.boot_ms;
}

void
watch_battery_date(struct watch *w, struct watch_ups *u, const struct state *s)
{
	const char *text = state_get(s, "battery.date");
	int64_t date = text == NULL ? 0 : learn_date_read(text);

	if (date == 0 && (text = state_get(s, "battery.mfr.date")) != NULL)
		date = learn_date_read(text);
	if (date == u->learn.date)
		return;
	if (learn_date(&u->learn, date))
		watch_say(w, u, KIND_LEARNED, NULL,
		    "The battery was changed, as its date says: learning begins anew.");
	learn_result(&u->learn, w->now.wall_ms / 1000, &u->learned);
}

/* The four texts, "" where nothing is known. */
static void
write_learned(const struct watch_ups *u, char texts[WATCH_PUBLISHED][WATCH_VALUE])
{
	const struct learn_result *r = &u->learned;
	const double left =
	    learn_runtime(r, u->values[SERIES_LOAD], u->values[SERIES_CHARGE]);
	const time_t replace = (time_t)r->replace;
	struct tm tm;

	memset(texts, 0, WATCH_PUBLISHED * sizeof(texts[0]));
	if (!isnan(left))
		snprintf(texts[0], WATCH_VALUE, "%.0f", left);
	if (!isnan(r->health)) {
		snprintf(texts[1], WATCH_VALUE, "%.0f", r->health);
		snprintf(texts[2], WATCH_VALUE, "%.0f", r->confidence);
	}
	if (r->replace != 0 && gmtime_r(&replace, &tm) != NULL)
		strftime(texts[3], WATCH_VALUE, "%Y-%m-%d", &tm);
}

/* Publishes what has changed, every 5 s at most. */
static void
publish(struct watch *w, struct watch_ups *u)
{
	char texts[WATCH_PUBLISHED][WATCH_VALUE];
	bool any = false;

	if (!u->heard ||
	    (u->published_ms != 0 && w->now.boot_ms < u->published_ms + PUBLISH_MS))
		return;
	write_learned(u, texts);
	for (size_t i = 0; i < WATCH_PUBLISHED; i++)
		if (strcmp(texts[i], u->published[i]) != 0) {
			memcpy(u->published[i], texts[i], WATCH_VALUE);
			w->ops->publish(w->arg, u->name, published_names[i], texts[i]);
			any = true;
		}
	if (any)
		u->published_ms = w->now.boot_ms;
	u->stale_published = false;
}

void
watch_battery_take(struct watch *w, struct watch_ups *u)
{
	if (u->battery && !u->resumed && u->heard)
		add_up(w, u);
	/* From its own estimates nobody learns. */
	if (u->discharging && !u->guessed)
		discharge_take(&u->discharge, w->now.boot_ms, u->values[SERIES_CHARGE],
		    u->values[SERIES_BATTERY_VOLTAGE], u->values[SERIES_LOAD]);
	u->stale_published = true;
	publish(w, u);
}

/* Something else has come to explain OB, or nothing does any more. */
static void
look_why(struct watch *w, struct watch_ups *u)
{
	const enum watch_why why = why_now(w, u);

	if (why == u->outage.why)
		return;
	u->outage.why = why;
	tell_outage(w, u);
	say_on(w, u, true);
}

void
watch_battery_time(struct watch *w, struct watch_ups *u)
{
	if (u->battery && !u->resumed && u->heard) {
		look_why(w, u);
		if (w->now.boot_ms >= u->told_ms + TOLD_MS) {
			add_up(w, u);
			tell_outage(w, u);
		}
	}
	if (w->now.boot_ms >= u->learned_ms + LEARNED_MS) {
		learn_result(&u->learn, w->now.wall_ms / 1000, &u->learned);
		u->learned_ms = w->now.boot_ms;
		u->stale_published = true;
	}
	if (u->stale_published)
		publish(w, u);
}

uint64_t
watch_battery_due(const struct watch_ups *u)
{
	uint64_t due = 0;

	if (u->battery && !u->resumed && u->heard) {
		due = u->told_ms + TOLD_MS;
		if (u->over_ms >= u->began_ms && u->outage.why == WATCH_BY_TEST)
			due = watch_earlier(due, u->over_ms + TEST_AFTER_MS);
	}
	if (u->stale_published && u->heard)
		due = watch_earlier(due, u->published_ms + PUBLISH_MS);
	return due;
}
