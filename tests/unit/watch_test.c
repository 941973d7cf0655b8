/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history/series.h"
#include "history/watch.h"

/*
 * Stories told by the lines of a feed; what is kept of them is compared as text: "KIND
 * sentence" for an event, "outage WHY MS" when one ends. Times are of two clocks that start
 * apart.
 */
#define WALL INT64_C(1795608000000)
#define BOOT UINT64_C(50000000)

struct story {
	struct feed feed;
	struct watch *watch;
	struct watch_now now;
	unsigned long number;
	struct buf events; /* one a line, since they were looked at last */
	struct watch_outage outage;
	unsigned outages, clocks, points;
	double last[SERIES_MAX];
	unsigned nsamples[SERIES_MAX], gaps;
	unsigned flags;
	char published[4][32];
	unsigned npublished;
};

static void
on_sample(void *arg, const char *ups, unsigned series, struct watch_now at, double value)
{
	struct story *s = arg;

	assert_true(at.wall_ms == s->now.wall_ms && at.boot_ms == s->now.boot_ms);
	assert_true(isnan(value) || isfinite(value));
	s->last[series] = value;
	s->nsamples[series]++;
	s->gaps += isnan(value);
}

static void
on_flags(void *arg, const char *ups, unsigned flags)
{
	struct story *s = arg;

	assert_int_not_equal(s->flags, flags);
	s->flags = flags;
}

static void
on_event(void *arg, const struct watch_event *e)
{
	struct story *s = arg;

	buf_printf(&s->events, "%s%s%s %s\n", kind_word(e->kind),
	    e->who == NULL ? "" : " by ", e->who == NULL ? "" : e->who, e->text);
}

static void
on_outage(void *arg, const char *ups, struct watch_outage *o)
{
	static const char *const whys[] = {"outage", "test", "calibration"};
	struct story *s = arg;

	if (o->id == 0)
		o->id = ++s->outages;
	s->outage = *o;
	if (o->ended != 0)
		buf_printf(&s->events, "[%s %llu%s]\n", whys[o->why],
		    (unsigned long long)o->ms, o->complete ? "" : " incomplete");
}

static void
on_clock(void *arg, int64_t from_ms, int64_t to_ms)
{
	((struct story *)arg)->clocks++;
}

static void
on_learned(
    void *arg, const char *ups, const struct learn_point *p, const struct learn_result *r)
{
	((struct story *)arg)->points++;
}

static void
on_publish(void *arg, const char *ups, const char *variable, const char *value)
{
	static const char *const names[] = {"battery.runtime.learned", "battery.health",
	    "battery.health.confidence", "battery.date.replace"};
	struct story *s = arg;

	s->npublished++;
	for (size_t i = 0; i < 4; i++)
		if (strcmp(variable, names[i]) == 0) {
			snprintf(s->published[i], sizeof(s->published[i]), "%s", value);
			return;
		}
	fail_msg("%s is published", variable);
}

static const struct watch_ops ops = {
    .sample = on_sample,
    .flags = on_flags,
    .event = on_event,
    .outage = on_outage,
    .clock = on_clock,
    .learned = on_learned,
    .publish = on_publish,
};

/* Lets time pass, with each moment that is due. */
static void
pass(struct story *s, uint64_t ms)
{
	const uint64_t end = s->now.boot_ms + ms;

	for (;;) {
		uint64_t due = watch_due(s->watch);

		if (due < s->now.boot_ms)
			due = s->now.boot_ms;
		if (due > end)
			due = end;
		s->now.wall_ms += (int64_t)(due - s->now.boot_ms);
		s->now.boot_ms = due;
		watch_time(s->watch, &s->feed, s->now);
		if (due == end)
			return;
	}
}

static void
line(struct story *s, const char *text)
{
	struct feed_change c = feed_apply(&s->feed, text, strlen(text));

	if (c.kind == FEED_BROKEN)
		fail_msg("%s", text);
	watch_feed(s->watch, &s->feed, &c, s->now);
}

/* One numbered change. */
static void __attribute__((format(printf, 2, 3)))
change(struct story *s, const char *format, ...)
{
	char text[512];
	va_list args;
	int n = snprintf(text, sizeof(text), "%lu ", ++s->number);

	va_start(args, format);
	vsnprintf(&text[n], sizeof(text) - (size_t)n, format, args);
	va_end(args);
	line(s, text);
}

/* A snapshot: lines parted by LF. */
static void
snapshot(struct story *s, const char *lines)
{
	char text[64];

	feed_clear(&s->feed);
	snprintf(text, sizeof(text), "BEGIN %lu", s->number);
	line(s, text);
	while (*lines != '\0') {
		const size_t len = strcspn(lines, "\n");
		char one[512];

		snprintf(one, sizeof(one), "%.*s", (int)len, lines);
		line(s, one);
		lines += len + (lines[len] == '\n');
	}
	snprintf(text, sizeof(text), "END %lu", s->number);
	line(s, text);
}

#define HOUSE                                       \
	"UPS q \"Server\"\n"                        \
	"q SETINFO battery.charge \"100\"\n"        \
	"q SETINFO battery.charge.low \"10\"\n"     \
	"q SETINFO battery.runtime \"1800\"\n"      \
	"q SETINFO battery.voltage \"27.2\"\n"      \
	"q SETINFO input.voltage \"230\"\n"         \
	"q SETINFO input.voltage.nominal \"230\"\n" \
	"q SETINFO ups.load \"23\"\n"               \
	"q SETINFO ups.realpower.nominal \"600\"\n"
#define CALM HOUSE "q SETINFO ups.status \"OL\"\nq DATAOK"

static void
begin_without(struct story *s)
{
	*s = (struct story){.now = {WALL, BOOT}};
	for (size_t i = 0; i < SERIES_MAX; i++)
		s->last[i] = NAN;
	s->watch = watch_new(&ops, s);
}

static void
begin(struct story *s)
{
	begin_without(s);
	snapshot(s, CALM);
	pass(s, 20000);
}

static void
end(struct story *s)
{
	watch_free(s->watch);
	feed_clear(&s->feed);
	buf_free(&s->events);
}

/* What has happened since the last look. */
static void
told(struct story *s, const char *wanted)
{
	assert_string_equal(buf_str(&s->events), wanted);
	buf_clear(&s->events);
}

static void
outage(void **state)
{
	struct story s;

	begin(&s);
	told(&s, "");
	change(&s, "q SETINFO ups.status \"OB DISCHRG\"");
	told(&s, "onbatt On battery: the mains is away, charge 100 %, load 23 %.\n");
	assert_true(watch_battery(s.watch));
	assert_true(s.outage.began == s.now.wall_ms && s.outage.ended == 0);
	for (int charge = 99; charge >= 80; charge--) {
		pass(&s, 15000);
		change(&s, "q SETINFO battery.charge \"%d\"", charge);
		change(&s, "q SETINFO battery.voltage \"%.1f\"", 25 + charge / 50.0);
	}
	change(&s, "q SETINFO ups.status \"OB LB DISCHRG\"");
	told(&s, "lowbatt The battery is low: charge 80 %, runtime 1800 s.\n");
	pass(&s, 60000);
	change(&s, "q SETINFO ups.status \"OL CHRG\"");
	told(&s,
	    "[outage 360000]\n"
	    "online The mains is back after 6 min, charge 80 %.\n"
	    "learned The battery's health is 100 % (confidence 39 %), by a discharge of "
	    "19 % at a load of 23 %.\n");
	assert_int_equal(s.outages, 1);
	assert_true(s.outage.charge_began == 100 && s.outage.charge_low == 80);
	assert_true(fabs(s.outage.voltage_low - 26.6) < 1e-6);
	assert_true(fabs(s.outage.load - 23) < 1e-6);
	/* 23 % of 600 W for a tenth of an hour */
	assert_true(fabs(s.outage.wh - 13.8) < 1e-3);
	assert_int_equal(s.points, 1);
	assert_false(watch_battery(s.watch));
	pass(&s, 10000);
	assert_string_equal(s.published[1], "100");
	assert_string_equal(s.published[2], "39");
	assert_true(atoi(s.published[0]) > 1000);
	end(&s);
}

/* What core guesses while the UPS is silent teaches nothing. */
static void
guesses(void **state)
{
	struct story s;

	begin(&s);
	change(&s, "q SETINFO ups.status \"OB DISCHRG\"");
	pass(&s, 1000);
	change(&s, "q SETINFO driver.state estimated");
	for (int charge = 99; charge >= 60; charge--) {
		pass(&s, 15000);
		change(&s, "q SETINFO battery.charge \"%d\"", charge);
	}
	change(&s, "q SETINFO ups.status \"OL CHRG\"");
	assert_int_equal(s.outages, 1);
	assert_int_equal(s.points, 0);
	end(&s);
}

/* Each word of the status has its event. */
static void
words(void **state)
{
	static const struct {
		const char *status, *wanted;
	} rows[] = {
	    {"OL OVER", "overload Overloaded: load 23 %.\n"},
	    {"OL", "notoverload Not overloaded any more.\n"},
	    {"OL RB", "replace The UPS says that its battery is to be replaced.\n"},
	    {"OL RB BYPASS",
		"bypass On bypass: the mains feeds the load, and nothing protects it.\n"},
	    {"OL RB", "notbypass Not on bypass any more.\n"},
	    {"OL", ""},
	    {"OL BOOST", "boost The UPS raises a mains that is low: input 230 V.\n"},
	    {"OL TRIM", "trim The UPS lowers a mains that is high: input 230 V.\n"},
	    {"OL", "straight The mains needs no correction any more.\n"},
	    {"OL OFF", "off Its output is off.\n"},
	    {"OL", "notoff Its output is on again.\n"},
	    {"OL ALARM", "alarm The UPS has an alarm.\n"},
	    {"OL", "noalarm The alarm is over.\n"},
	    {"FSD OL", "fsd Forced shutdown: what hangs on it goes down: charge 100 %, "
		       "runtime 1800 s.\n"},
	    {"OL", "notfsd The forced shutdown is over.\n"},
	    {"OL CHRG", ""},
	    {"", ""},
	};
	struct story s;

	begin(&s);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		change(&s, "q SETINFO ups.status \"%s\"", rows[i].status);
		told(&s, rows[i].wanted);
	}
	change(&s, "q SETINFO ups.status \"OL\"");
	change(&s, "q SETINFO ups.alarm \"Fan failure!\"");
	told(&s, "alarm Alarm: Fan failure!\n");
	change(&s, "q SETINFO ups.alarm \"Fan failure! Too hot!\"");
	told(&s, "alarm Alarm: Fan failure! Too hot!\n");
	change(&s, "q DELINFO ups.alarm");
	told(&s, "noalarm The alarm is over.\n");
	change(&s, "q VIEW * fsd");
	told(&s, "fsd Forced shutdown: what hangs on it goes down: charge 100 %, "
		 "runtime 1800 s.\n");
	change(&s, "q VIEW * none");
	told(&s, "notfsd The forced shutdown is over.\n");
	end(&s);
}

static void
source(void **state)
{
	struct story s;

	begin(&s);
	change(&s, "q DATASTALE");
	told(&s, "stale The driver has lost the UPS: no new values.\n");
	assert_true(isnan(s.last[SERIES_CHARGE]) && isnan(s.last[SERIES_WATTS]));
	assert_int_equal(s.gaps, 6);
	change(&s, "q LOST");
	told(&s, "lost There is no driver: no values.\n");
	assert_int_equal(s.gaps, 6);
	change(&s, "q DATAOK");
	told(&s, "back The UPS is heard again.\n");
	assert_true(s.last[SERIES_CHARGE] == 100);
	change(&s, "q GONE");
	assert_true(isnan(s.last[SERIES_CHARGE]));
	told(&s, "");
	end(&s);
}

/* A new core, which learns what holds bit by bit, is no event, and ends no outage. */
static void
core_restarts(void **state)
{
	struct story s;

	begin(&s);
	change(&s, "q LOGIN 12 192.168.0.20 admin");
	change(&s, "* MACHINE nas on \"\"");
	told(&s, "login by admin@192.168.0.20 admin@192.168.0.20 has logged in.\n");
	change(&s, "q SETINFO ups.status \"OB LB\"");
	buf_clear(&s.events);
	pass(&s, 5000);
	watch_gone(s.watch, s.now);
	pass(&s, 1000);
	s.number = 0;
	snapshot(&s, "UPS q \"Server\"\nq LOST");
	pass(&s, 2000);
	change(&s, "q SETINFO battery.charge \"100\"");
	change(&s, "q SETINFO ups.status \"OB LB\"");
	change(&s, "q DATAOK");
	assert_int_equal(s.gaps, 0);
	change(&s, "q LOGIN 1 192.168.0.20 admin");
	change(&s, "* MACHINE nas on \"\"");
	pass(&s, 30000);
	told(&s, "");
	assert_true(s.outage.ended == 0);
	change(&s, "q LOGOUT 1");
	told(&s, "logout by admin@192.168.0.20 admin@192.168.0.20 has logged out.\n");
	change(&s, "q SETINFO ups.status \"OL\"");
	told(&s, "[outage 38000]\nonline The mains is back after 38 s, charge 100 %.\n");
	/* Away for good: a gap, after a while. */
	s.gaps = 0;
	watch_gone(s.watch, s.now);
	pass(&s, 14000);
	assert_int_equal(s.gaps, 0);
	feed_clear(&s.feed);
	pass(&s, 2000);
	assert_true(isnan(s.last[SERIES_CHARGE]));
	told(&s, "");
	end(&s);
}

/* One that does not come back with the new core is lost. */
static void
core_restarts_alone(void **state)
{
	struct story s;

	begin(&s);
	change(&s, "q LOGIN 12 192.168.0.20 -");
	buf_clear(&s.events);
	snapshot(&s, "UPS q \"Server\"\nq LOST");
	pass(&s, 14000);
	told(&s, "");
	pass(&s, 2000);
	told(&s, "lost There is no driver: no values.\n"
		 "logout by 192.168.0.20 192.168.0.20 has logged out.\n");
	end(&s);
}

/* history itself was away, or the whole machine. */
static void
history_restarts(void **state)
{
	static const struct {
		bool same_boot;
		int away_s;
		const char *status, *wanted;
	} rows[] = {
	    {true, 5, "OB", ""},
	    {true, 5, "OL",
		"[outage 65000]\nonline The mains is back after 65 s, charge 100 %.\n"},
	    {true, 600, "OL",
		"[outage 60000 incomplete]\n"
		"online The mains is back after 60 s at least, charge 100 %.\n"},
	    {false, 600, "OL",
		"[outage 60000 incomplete]\n"
		"online The mains is back; this machine was down meanwhile.\n"},
	    {false, 600, "OB",
		"[outage 60000 incomplete]\n"
		"onbatt On battery: the mains is away, charge 100 %, load 23 %.\n"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct watch_known known = {
		    .flags = WATCH_KNOWN | WATCH_BATTERY | WATCH_REPLACE,
		    .outage = {.id = 7,
			.began = WALL - 60000 - rows[i].away_s * 1000,
			.ms = 60000,
			.charge_began = NAN,
			.charge_low = NAN,
			.voltage_low = NAN,
			.load = NAN,
			.wh = NAN},
		    .heard_ms = WALL - rows[i].away_s * 1000,
		    .same_boot = rows[i].same_boot};
		char text[512];
		struct story s;

		begin_without(&s);
		watch_know(s.watch, "q", &known);
		snprintf(text, sizeof(text),
		    HOUSE "q SETINFO ups.status \"%s RB\"\nq DATAOK", rows[i].status);
		snapshot(&s, text);
		told(&s, rows[i].wanted);
		end(&s);
	}
}

/* Why it is on battery: by each sign of a test or a calibration. */
static void
tests(void **state)
{
	struct story s;

	begin(&s);
	change(&s, "q SETINFO ups.test.result \"No test initiated\"");
	told(&s, "");
	/* By the word, which may come with OB. */
	change(&s, "q SETINFO ups.status \"OB DISCHRG TEST\"");
	told(&s, "test A battery test has begun.\n"
		 "onbatt On battery: for a battery test, charge 100 %, load 23 %.\n");
	pass(&s, 10000);
	change(&s, "q SETINFO ups.status \"OL\"");
	change(&s, "q SETINFO ups.test.result \"Done and passed\"");
	told(&s, "[test 10000]\n"
		 "online On mains again: the battery test took 10 s, charge 100 %.\n"
		 "tested Battery test: Done and passed\n");
	/* By the result, which may be the same one again. */
	change(&s, "q SETINFO ups.test.result \"In progress\"");
	pass(&s, 2000);
	change(&s, "q SETINFO ups.status \"OB DISCHRG\"");
	pass(&s, 10000);
	change(&s, "q SETINFO ups.status \"OL\"");
	change(&s, "q SETINFO ups.test.result \"Done and passed\"");
	pass(&s, 10000);
	told(&s, "test A battery test has begun.\n"
		 "onbatt On battery: for a battery test, charge 100 %, load 23 %.\n"
		 "[test 10000]\n"
		 "online On mains again: the battery test took 10 s, charge 100 %.\n"
		 "tested Battery test: Done and passed\n");
	/* By the order alone. */
	change(&s, "q DEED admin 192.168.0.20 INSTCMD test.battery.start.quick \"\" 0");
	pass(&s, 2000);
	change(&s, "q SETINFO ups.status \"OB DISCHRG\"");
	pass(&s, 10000);
	change(&s, "q SETINFO ups.status \"OL\"");
	told(&s, "deed by admin@192.168.0.20 Command test.battery.start.quick: done.\n"
		 "onbatt On battery: for a battery test, charge 100 %, load 23 %.\n"
		 "[test 10000]\n"
		 "online On mains again: the battery test took 10 s, charge 100 %.\n");
	/* A calibration. */
	change(&s, "q SETINFO ups.status \"OB CAL\"");
	pass(&s, 60000);
	change(&s, "q SETINFO ups.status \"OL\"");
	told(&s,
	    "onbatt On battery: for a calibration, charge 100 %, load 23 %.\n"
	    "calibration A calibration runs: it measures the battery by emptying it: "
	    "charge 100 %, load 23 %.\n"
	    "[calibration 60000]\n"
	    "online On mains again: the calibration took 60 s, charge 100 %.\n");
	end(&s);
}

/* A test that becomes an outage; a test whose sign comes late; an outage in spite of it. */
static void
tests_that_are_none(void **state)
{
	struct story s;

	begin(&s);
	change(&s, "q SETINFO ups.status \"OB TEST\"");
	pass(&s, 10000);
	change(&s, "q SETINFO ups.status \"OB\"");
	pass(&s, 5000);
	told(&s, "test A battery test has begun.\n"
		 "onbatt On battery: for a battery test, charge 100 %, load 23 %.\n"
		 "tested The battery test is over.\n");
	pass(&s, 6000);
	told(
	    &s, "onbatt Still on battery: the mains is away, charge 100 %, load 23 %.\n");
	change(&s, "q SETINFO ups.status \"OL\"");
	told(&s, "[outage 21000]\nonline The mains is back after 21 s, charge 100 %.\n");
	pass(&s, 3600000);

	change(&s, "q SETINFO ups.status \"OB\"");
	pass(&s, 1000);
	buf_clear(&s.events);
	change(&s, "q SETINFO ups.status \"OB TEST\"");
	pass(&s, 12000);
	change(&s, "q SETINFO ups.status \"OL\"");
	told(&s, "test A battery test has begun.\n"
		 "onbatt Still on battery: for a battery test, charge 100 %, load 23 %.\n"
		 "tested The battery test is over.\n"
		 "[test 13000]\n"
		 "online On mains again: the battery test took 13 s, charge 100 %.\n");
	pass(&s, 3600000);

	change(&s, "q SETINFO ups.test.result \"In progress\"");
	change(&s, "q SETINFO input.voltage \"0\"");
	buf_clear(&s.events);
	change(&s, "q SETINFO ups.status \"OB\"");
	told(&s, "onbatt On battery: the mains is away, charge 100 %, load 23 %.\n");
	end(&s);
}

static void
quality(void **state)
{
	struct story s;

	begin(&s);
	/* Shorter than a second, or already an outage: nothing. */
	change(&s, "q SETINFO input.voltage \"200\"");
	pass(&s, 900);
	change(&s, "q SETINFO input.voltage \"230\"");
	pass(&s, 5000);
	change(&s, "q SETINFO input.voltage \"200\"");
	pass(&s, 500);
	change(&s, "q SETINFO ups.status \"OB\"");
	pass(&s, 5000);
	change(&s, "q SETINFO input.voltage \"230\"");
	change(&s, "q SETINFO ups.status \"OL\"");
	buf_clear(&s.events);
	/* Once for each. */
	change(&s, "q SETINFO input.voltage \"200\"");
	pass(&s, 3000);
	change(&s, "q SETINFO input.voltage \"208\"");
	change(&s, "q SETINFO input.voltage \"198\"");
	pass(&s, 3000);
	told(&s, "sag The mains sags: 200 V for a second (207 V is the least).\n");
	change(&s, "q SETINFO input.voltage \"220\"");
	change(&s, "q SETINFO input.voltage \"260\"");
	pass(&s, 3000);
	told(&s, "swell The mains swells: 260 V for a second (253 V is the most).\n");
	/* The UPS's own bounds are nearer. */
	change(&s, "q SETINFO input.transfer.high \"240\"");
	change(&s, "q SETINFO input.voltage \"230\"");
	change(&s, "q SETINFO input.voltage \"242\"");
	pass(&s, 3000);
	told(&s, "swell The mains swells: 242 V for a second (240 V is the most).\n");
	end(&s);
}

static void
values(void **state)
{
	struct story s;

	begin(&s);
	assert_true(s.last[SERIES_WATTS] == 138);
	assert_true(s.flags & WATCH_ESTIMATED);
	change(&s, "q SETINFO ups.load \"50\"");
	assert_true(s.last[SERIES_WATTS] == 300);
	change(&s, "q SETINFO ups.realpower \"250\"");
	assert_true(s.last[SERIES_WATTS] == 250);
	assert_false(s.flags & WATCH_ESTIMATED);
	change(&s, "q SETINFO ups.load \"60\"");
	assert_true(s.last[SERIES_WATTS] == 250);
	change(&s, "q DELINFO ups.realpower");
	assert_true(s.last[SERIES_WATTS] == 360);
	change(&s, "q DELINFO ups.realpower.nominal");
	assert_true(isnan(s.last[SERIES_WATTS]));
	change(&s, "q SETINFO ups.power.nominal \"1000\"");
	assert_true(s.last[SERIES_WATTS] == 360);
	/* Only changes; nonsense is a gap. */
	s.nsamples[SERIES_CHARGE] = 0;
	change(&s, "q SETINFO battery.charge \"100.0\"");
	assert_int_equal(s.nsamples[SERIES_CHARGE], 0);
	change(&s, "q SETINFO battery.charge \"hundred\"");
	assert_true(isnan(s.last[SERIES_CHARGE]));
	change(&s, "q SETINFO battery.charge \"1e2\"");
	assert_int_equal(s.nsamples[SERIES_CHARGE], 1);
	change(&s, "q SETINFO battery.charge \"99\"");
	assert_true(s.last[SERIES_CHARGE] == 99);
	told(&s, "");
	watch_stop(s.watch, s.now);
	assert_true(isnan(s.last[SERIES_CHARGE]));
	end(&s);
}

static void
deeds(void **state)
{
	struct story s;

	begin(&s);
	change(&s, "q DEED admin 192.168.0.20 SET ups.delay.shutdown \"30\" 0");
	change(&s, "q DEED admin 192.168.0.20 INSTCMD beeper.mute \"\" sent");
	change(&s, "q DEED admin 192.168.0.20 INSTCMD load.off \"\" 3");
	change(&s, "q DEED admin 192.168.0.20 FSD - \"\" 0");
	change(&s, "q DEED - - FORGET - \"\" 0");
	change(&s, "* DEED - - DRILL nas \"\" 0");
	change(&s, "* DEED admin 192.168.0.20 DRILL - \"\" 0");
	told(&s, "deed by admin@192.168.0.20 Set ups.delay.shutdown to \"30\": done.\n"
		 "deed by admin@192.168.0.20 Command beeper.mute: sent.\n"
		 "deed by admin@192.168.0.20 Command load.off: it failed.\n"
		 "deed by admin@192.168.0.20 Called a forced shutdown: done.\n"
		 "deed Gave up the forced shutdown: done.\n"
		 "deed Told machine nas to go down, as a drill: done.\n"
		 "deed by admin@192.168.0.20 Rehearsed an outage.\n");
	end(&s);
}

static void
machines(void **state)
{
	struct story s;

	begin_without(&s);
	snapshot(&s, CALM "\n* MACHINE nas off \"\"\nq LOGIN 3 10.0.0.1 nas");
	told(&s, "");
	change(&s, "* MACHINE nas waking \"try 1\"");
	change(&s, "* MACHINE nas waking \"try 2\"");
	change(&s, "* MACHINE nas on \"\"");
	told(&s, "machine Machine nas: waking (try 1).\nmachine Machine nas: on.\n");
	end(&s);
}

static void
clock_steps(void **state)
{
	struct story s;

	begin(&s);
	change(&s, "q SETINFO ups.status \"OB\"");
	buf_clear(&s.events);
	s.now.wall_ms += 3600000;
	s.nsamples[SERIES_CHARGE] = 0;
	pass(&s, 5000);
	told(&s, "clock The clock was set forward by 3600 s.\n");
	assert_int_equal(s.clocks, 1);
	assert_int_equal(s.nsamples[SERIES_CHARGE], 1);
	s.now.wall_ms -= 7200000;
	pass(&s, 5000);
	told(&s, "clock The clock was set back by 7200 s.\n");
	s.now.wall_ms += 1500;
	pass(&s, 5000);
	told(&s, "");
	change(&s, "q SETINFO ups.status \"OL\"");
	told(&s, "[outage 15000]\nonline The mains is back after 15 s, charge 100 %.\n");
	end(&s);
}

static void
facts(void **state)
{
	struct watch_facts f;
	struct story s;

	begin(&s);
	assert_false(watch_facts(s.watch, "nobody", &f));
	assert_true(watch_facts(s.watch, "Q", &f));
	assert_true(f.heard && f.mains_ms == BOOT && f.battery_ms == 0);
	assert_true(f.charge == 100 && f.charge_high == 100 && f.load == 23);
	change(&s, "q SETINFO ups.status \"OB\"");
	change(&s, "q SETINFO battery.charge \"90\"");
	watch_facts(s.watch, "q", &f);
	assert_true(f.mains_ms == 0);
	pass(&s, 1000);
	change(&s, "q SETINFO ups.status \"OL\"");
	watch_facts(s.watch, "q", &f);
	assert_true(f.mains_ms == s.now.boot_ms && f.battery_ms == s.now.wall_ms);
	assert_true(f.charge == 90 && f.charge_high == 100);
	pass(&s, UINT64_C(26) * 3600000);
	watch_facts(s.watch, "q", &f);
	assert_true(f.charge_high == 90);
	end(&s);
}

/* Published once, and again when core may have forgotten; the date of a battery that tells
 * one is known at once. */
static void
publishes(void **state)
{
	struct story s;

	begin(&s);
	assert_int_equal(s.npublished, 0);
	change(&s, "q SETINFO battery.date \"2024/05/01\"");
	pass(&s, 6000);
	assert_int_equal(s.npublished, 1);
	assert_string_equal(s.published[3], "2029-05-01");
	pass(&s, 600000);
	assert_int_equal(s.npublished, 1);
	watch_again(s.watch, s.now);
	assert_int_equal(s.npublished, 2);
	told(&s, "");
	change(&s, "q SETINFO battery.date \"2026/11/01\"");
	told(&s,
	    "learned The battery was changed, as its date says: learning begins anew.\n");
	end(&s);
}

int
main(void)
{
	const struct CMUnitTest list[] = {
	    cmocka_unit_test(outage),
	    cmocka_unit_test(guesses),
	    cmocka_unit_test(words),
	    cmocka_unit_test(source),
	    cmocka_unit_test(core_restarts),
	    cmocka_unit_test(core_restarts_alone),
	    cmocka_unit_test(history_restarts),
	    cmocka_unit_test(tests),
	    cmocka_unit_test(tests_that_are_none),
	    cmocka_unit_test(quality),
	    cmocka_unit_test(values),
	    cmocka_unit_test(deeds),
	    cmocka_unit_test(machines),
	    cmocka_unit_test(clock_steps),
	    cmocka_unit_test(facts),
	    cmocka_unit_test(publishes),
	};

	return cmocka_run_group_tests(list, NULL, NULL);
}
