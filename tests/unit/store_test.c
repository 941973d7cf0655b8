/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "history/read.h"
#include "history/rollup.h"
#include "history/series.h"
#include "history/store.h"
#include "lib/log.h"
#include "lib/xmem.h"

#define MINUTE ROLLUP_MINUTE
#define HOUR ROLLUP_HOUR
#define DAY (24 * HOUR)
#define FIRST (INT64_C(491000) * HOUR) /* when each test begins, in 2026 */

/* A folder, a store in it, and both clocks. */
struct rig {
	char folder[64];
	struct watch_now now;
	struct store *store;
	int64_t acknowledged;
	char cause[HISTORY_CAUSE];
};

static void
on_acknowledged(void *arg, int64_t id)
{
	((struct rig *)arg)->acknowledged = id;
}

static const struct store_ops ops = {on_acknowledged};

static void
rig_open(struct rig *r)
{
	r->store = store_new(r->folder, "boot-1", r->now, &ops, r);
}

static void
rig_begin(struct rig *r)
{
	*r = (struct rig){.folder = "/dev/shm/store_test.XXXXXX",
	    .now = {.wall_ms = FIRST, .boot_ms = 5000000}};
	assert_non_null(mkdtemp(r->folder));
	rig_open(r);
}

static void
rig_end(struct rig *r)
{
	char *command = xasprintf("rm -rf %s", r->folder);

	if (r->store != NULL)
		store_free(r->store);
	assert_int_equal(system(command), 0);
	free(command);
}

/* Time goes on, second by second as far as the store can tell. */
static void
pass(struct rig *r, int64_t ms)
{
	while (ms > 0) {
		int64_t step = ms < 10000 ? ms : 10000;

		r->now.wall_ms += step;
		r->now.boot_ms += (uint64_t)step;
		ms -= step;
		store_time(r->store, r->now);
	}
}

static void
sample(struct rig *r, unsigned series, double value)
{
	store_sample(r->store, "ups", series, r->now, value);
}

static void
event(struct rig *r, enum kind kind, const char *text)
{
	store_event(r->store,
	    &(struct watch_event){
		.kind = kind, .ups = "ups", .who = NULL, .text = text, .at = r->now});
	store_time(r->store, r->now);
}

static struct history *
reader(struct rig *r)
{
	struct history *h;

	if (history_open(&h, r->folder, r->cause) != 0)
		fail_msg("%s", r->cause);
	assert_non_null(h);
	return h;
}

static double
mean_of(struct rig *r, const char *variable, int64_t from, int64_t to)
{
	struct history_series s;
	struct history *h = reader(r);
	double mean;

	if (history_series(h, "ups", &variable, 1, from, to, 1, &s, r->cause) != 0)
		fail_msg("%s", r->cause);
	mean = s.vars[0].mean[0];
	history_series_free(&s);
	history_close(h);
	return mean;
}

struct told {
	unsigned count;
	struct history_event last;
	char text[64], kind[32];
	struct history_outage outage;
};

static void
on_event(void *arg, const struct history_event *e)
{
	struct told *t = arg;

	t->count++;
	t->last = *e;
	snprintf(t->text, sizeof(t->text), "%s", e->text);
	snprintf(t->kind, sizeof(t->kind), "%s", e->kind);
}

static void
on_outage(void *arg, const struct history_outage *o)
{
	struct told *t = arg;

	t->count++;
	t->outage = *o;
	snprintf(t->kind, sizeof(t->kind), "%s", o->kind);
}

static struct told
events(struct rig *r, struct history_which which)
{
	struct history *h = reader(r);
	struct told t = {0};

	assert_int_equal(history_events(h, &which, on_event, &t, r->cause), 0);
	history_close(h);
	return t;
}

/* An event is on the disk at once, with the values that waited; values alone wait. */
static void
test_events(void **state)
{
	struct rig r;
	struct told t;

	rig_begin(&r);
	sample(&r, SERIES_CHARGE, 100);
	pass(&r, 5000);
	assert_true(isnan(mean_of(&r, "battery.charge", FIRST, FIRST + 5000)));
	event(&r, KIND_ONBATT, "The mains has failed");
	assert_int_equal(r.acknowledged, 1);
	assert_float_equal(mean_of(&r, "battery.charge", FIRST, FIRST + 5000), 100, 0);
	event(&r, KIND_ONLINE, "The mains is back");
	assert_int_equal(r.acknowledged, 2);
	t = events(&r, (struct history_which){.limit = 10});
	assert_int_equal(t.count, 2);
	assert_string_equal(t.kind, "onbatt"); /* newest first */
	assert_int_equal(t.last.at, FIRST + 5000);
	assert_int_equal(events(&r, (struct history_which){.limit = 1}).last.id, 2);
	assert_int_equal(
	    events(&r, (struct history_which){.limit = 9, .before = 2}).last.id, 1);
	assert_int_equal(
	    events(&r, (struct history_which){.limit = 9, .after = 1}).last.id, 2);
	assert_int_equal(
	    events(&r, (struct history_which){.limit = 9, .ups = "other"}).count, 0);
	assert_int_equal(
	    events(&r, (struct history_which){.limit = 9, .ups = "UPS"}).count, 2);
	rig_end(&r);
}

/* Who logs in and out all day costs no transaction of his own, but in an outage. */
static void
test_logins(void **state)
{
	struct rig r;

	rig_begin(&r);
	pass(&r, MINUTE);
	event(&r, KIND_LOGIN, "A client has logged in");
	event(&r, KIND_LOGOUT, "A client has logged out");
	assert_int_equal(r.acknowledged, 0);
	pass(&r, MINUTE);
	assert_int_equal(r.acknowledged, 2);
	store_pace(r.store, true);
	event(&r, KIND_LOGOUT, "A client has logged out");
	assert_int_equal(r.acknowledged, 3);
	rig_end(&r);
}

/* What a store has written another one knows. */
struct known {
	unsigned upses, points;
	struct watch_known known;
	struct tables_battery battery;
	bool battery_known;
	struct learn_point point;
};

static void
on_known(void *arg, const char *ups, const struct watch_known *known,
    const struct tables_battery *battery)
{
	struct known *k = arg;

	assert_string_equal(ups, "ups");
	k->upses++;
	k->known = *known;
	k->battery_known = battery != NULL;
	if (battery != NULL)
		k->battery = *battery;
}

static void
on_point(void *arg, const char *ups, const struct learn_point *p)
{
	struct known *k = arg;

	k->points++;
	k->point = *p;
}

static const struct store_readers readers = {on_known, on_point};

static void
test_outages(void **state)
{
	struct watch_outage o = {.began = FIRST + 1000,
	    .charge_began = 100,
	    .charge_low = 90,
	    .voltage_low = NAN,
	    .load = 20,
	    .wh = 1.5};
	struct rig r;
	struct history *h;
	struct told t = {0};
	struct known k = {0};
	struct history_which which = {.limit = 10};

	rig_begin(&r);
	store_outage(r.store, "ups", &o);
	event(&r, KIND_ONBATT, "The mains has failed");
	o.charge_low = 80;
	store_outage(r.store, "ups", &o);
	store_flags(r.store, "ups", WATCH_KNOWN | WATCH_BATTERY);
	pass(&r, MINUTE);
	store_free(r.store);
	rig_open(&r);
	store_load(r.store, &readers, &k);
	assert_int_equal(k.upses, 1);
	assert_true(k.known.same_boot);
	assert_int_equal(k.known.flags, WATCH_KNOWN | WATCH_BATTERY);
	assert_int_equal(k.known.outage.id, 1);
	assert_int_equal(k.known.outage.began, FIRST + 1000);
	assert_float_equal(k.known.outage.charge_low, 80, 0);
	assert_true(isnan(k.known.outage.voltage_low));
	assert_int_equal(k.known.heard_ms, FIRST + MINUTE);
	assert_false(k.battery_known);

	o.ended = FIRST + 61000;
	o.ms = 60000;
	o.complete = true;
	store_outage(r.store, "ups", &o);
	event(&r, KIND_ONLINE, "The mains is back");
	h = reader(&r);
	assert_int_equal(history_outages(h, &which, on_outage, &t, r.cause), 0);
	history_close(h);
	assert_int_equal(t.count, 1);
	assert_string_equal(t.kind, "outage");
	assert_int_equal(t.outage.ms, 60000);
	assert_true(t.outage.complete);
	assert_true(isnan(t.outage.voltage_low));
	rig_end(&r);
}

static void
test_battery(void **state)
{
	const struct learn_point p = {.at = 1767600000,
	    .load = 20,
	    .full = 1800,
	    .depth = 30,
	    .seconds = 540,
	    .anew = true,
	    .health = 100,
	    .date = 1700000000};
	struct tables_battery b = {
	    .result = {.health = 93, .confidence = 40, .replace = 1900000000},
	    .discharges = 3,
	    .last_quick = FIRST,
	    .last_test = FIRST - 5,
	    .next_test = FIRST + DAY,
	    .last_result = "Done and passed"};
	struct history_learned l;
	struct history *h;
	struct known k = {0};
	struct rig r;

	rig_begin(&r);
	for (int i = 0; i < LEARN_CURVE; i++)
		b.result.curve[i] = 1000 - i;
	store_learned(r.store, "ups", &p);
	store_battery(r.store, "ups", &b);
	pass(&r, MINUTE);
	h = reader(&r);
	assert_int_equal(history_learned(h, "ups", &l, r.cause), 0);
	history_close(h);
	assert_float_equal(l.health, 93, 0);
	assert_float_equal(l.curve[9], 991, 0);
	assert_int_equal(l.replace, INT64_C(1900000000000));
	assert_int_equal(l.discharges, 3);
	assert_int_equal(l.next_test, FIRST + DAY);
	assert_string_equal(l.last_result, "Done and passed");
	store_free(r.store);
	rig_open(&r);
	store_load(r.store, &readers, &k);
	assert_int_equal(k.points, 1);
	assert_int_equal(k.point.at, p.at);
	assert_int_equal(k.point.date, p.date);
	assert_true(k.point.anew);
	assert_float_equal(k.point.full, p.full, 0);
	assert_float_equal(k.point.depth, p.depth, 0);
	assert_true(k.battery_known);
	assert_int_equal(k.battery.last_quick, FIRST);
	assert_float_equal(k.battery.result.curve[0], 1000, 0);
	rig_end(&r);
}

/* The changes of a run, to compute means from without the file. */
#define CHANGES_MAX 4000
struct change {
	int64_t at;
	double value;
};

static double
direct(const struct change *list, size_t count, int64_t from, int64_t to)
{
	double area = 0, known = 0;

	for (size_t i = 0; i < count; i++) {
		int64_t end = i + 1 < count ? list[i + 1].at : to;
		int64_t begin = list[i].at > from ? list[i].at : from;

		if (end > to)
			end = to;
		if (begin < end && !isnan(list[i].value)) {
			area += list[i].value * (double)(end - begin);
			known += (double)(end - begin);
		}
	}
	return area / known;
}

/* Random changes over hours and days: means out of the file, of any range that a table can
 * tell exactly, are those of the changes. */
static void
test_means(void **state)
{
	struct change list[CHANGES_MAX];
	size_t count = 0;
	int64_t end;
	struct rig r;

	srandom(77);
	rig_begin(&r);
	while (count < CHANGES_MAX) {
		double value = random() % 30 == 0 ? NAN : (double)(random() % 1000) / 9;

		pass(&r, random() % 90000 + 1);
		sample(&r, SERIES_LOAD, value);
		list[count++] = (struct change){r.now.wall_ms, value};
	}
	pass(&r, 2 * MINUTE);
	end = r.now.wall_ms - r.now.wall_ms % HOUR;
	assert_true(end - FIRST > 40 * HOUR); /* a day and more is gone from `full` */
	for (int i = 0; i < 400; i++) {
		int64_t unit = i % 2 == 0 ? HOUR : MINUTE;
		int64_t from = FIRST + random() % ((end - FIRST) / unit) * unit;
		int64_t to = from + (random() % 5 + 1) * unit;
		double want, got;

		if (to > end)
			to = end;
		if (from >= to)
			continue;
		want = direct(list, count, from, to);
		got = mean_of(&r, "ups.load", from, to);
		if (isnan(want))
			assert_true(isnan(got));
		else
			assert_float_equal(got, want, 1e-6);
	}
	rig_end(&r);
}

/* How many rows of the file lie in this time. */
static int64_t
rows(struct rig *r, const char *table, int64_t from, int64_t to)
{
	char *path = xasprintf("%s/history.db", r->folder);
	char *sql = xasprintf("SELECT count(*) FROM %s WHERE ups != 0 AND at >= %lld AND"
			      " at < %lld",
	    table, (long long)from, (long long)to);
	sqlite3 *db;
	sqlite3_stmt *q;
	int64_t count;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	count = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	sqlite3_close(db);
	free(path);
	free(sql);
	return count;
}

/* Full rate stays a day, but around events of weight for ever, with what held then; minutes
 * a month; hours for ever. */
static void
test_retention(void **state)
{
	int64_t at = FIRST + 30 * MINUTE;
	struct rig r;

	rig_begin(&r);
	sample(&r, SERIES_CHARGE, 88); /* never told again */
	for (int i = 0; i < 60; i++) {
		sample(&r, SERIES_LOAD, i);
		if (r.now.wall_ms == at)
			event(&r, KIND_ONBATT, "The mains has failed");
		pass(&r, MINUTE);
	}
	pass(&r, 23 * HOUR);
	assert_true(rows(&r, "full", FIRST, FIRST + HOUR) >= 60);
	pass(&r, 2 * HOUR);
	assert_int_equal(rows(&r, "full", FIRST, at - 5 * MINUTE), 0);
	assert_int_equal(rows(&r, "full", at + 15 * MINUTE, FIRST + HOUR), 0);
	assert_in_range(rows(&r, "full", at - 5 * MINUTE, at + 15 * MINUTE), 20, 22);
	assert_float_equal(
	    mean_of(&r, "battery.charge", at - 5 * MINUTE, at - 4 * MINUTE - 1), 88, 0);
	assert_float_equal(mean_of(&r, "ups.load", at + 1000, at + 2000), 30, 0);
	/* Not around it: there are minutes, and no more. */
	assert_float_equal(
	    mean_of(&r, "ups.load", at + 20 * MINUTE, at + 21 * MINUTE), 50, 0);
	pass(&r, 31 * DAY);
	assert_int_equal(rows(&r, "minute", FIRST, FIRST + DAY), 0);
	assert_float_equal(mean_of(&r, "ups.load", FIRST, FIRST + HOUR), 29.5, 1e-9);
	assert_in_range(rows(&r, "full", at - 5 * MINUTE, at + 15 * MINUTE), 20, 22);
	assert_int_equal(events(&r, (struct history_which){.limit = 9}).count, 1);
	rig_end(&r);
}

/* Set forward, the clock leaves a hole; set back a little, what was lived twice is kept
 * once. */
static void
test_clock(void **state)
{
	struct rig r;

	rig_begin(&r);
	sample(&r, SERIES_LOAD, 10);
	pass(&r, 10 * MINUTE);
	r.now.wall_ms += 5 * HOUR;
	store_time(r.store, r.now);
	pass(&r, 10 * MINUTE);
	assert_true(isnan(mean_of(&r, "ups.load", FIRST + HOUR, FIRST + 5 * HOUR)));
	assert_float_equal(mean_of(&r, "ups.load", FIRST, FIRST + 10 * MINUTE), 10, 0);
	assert_float_equal(
	    mean_of(&r, "ups.load", r.now.wall_ms - 5 * MINUTE, r.now.wall_ms - MINUTE),
	    10, 0);
	sample(&r, SERIES_LOAD, 20);
	pass(&r, 10 * MINUTE);
	r.now.wall_ms -= 5 * MINUTE;
	sample(&r, SERIES_LOAD, 30);
	pass(&r, 10 * MINUTE);
	assert_float_equal(
	    mean_of(&r, "ups.load", r.now.wall_ms - 10 * MINUTE, r.now.wall_ms - MINUTE),
	    30, 0);
	assert_float_equal(mean_of(&r, "ups.load", r.now.wall_ms - 15 * MINUTE,
			       r.now.wall_ms - 11 * MINUTE),
	    20, 0);
	/* Years back, nothing is deleted, and what comes is kept as ever. */
	pass(&r, 4 * HOUR);
	r.now.wall_ms -= 1000 * DAY;
	sample(&r, SERIES_LOAD, 42);
	pass(&r, 4 * HOUR);
	assert_float_equal(
	    mean_of(&r, "ups.load", r.now.wall_ms - 3 * HOUR, r.now.wall_ms - HOUR), 42,
	    0);
	assert_true(rows(&r, "hour", r.now.wall_ms - 4 * HOUR, r.now.wall_ms) >= 2);
	r.now.wall_ms += 1000 * DAY;
	store_time(r.store, r.now);
	pass(&r, 30 * HOUR);
	assert_float_equal(mean_of(&r, "ups.load", FIRST, FIRST + 10 * MINUTE), 10, 0);
	rig_end(&r);
}

/* A process that was stopped does not say that all went on as it was. */
static void
test_absent(void **state)
{
	struct rig r;

	rig_begin(&r);
	sample(&r, SERIES_LOAD, 10);
	pass(&r, 2 * MINUTE);
	r.now.wall_ms += HOUR;
	r.now.boot_ms += (uint64_t)HOUR;
	store_time(r.store, r.now);
	pass(&r, 2 * MINUTE);
	assert_true(
	    isnan(mean_of(&r, "ups.load", FIRST + 10 * MINUTE, FIRST + 50 * MINUTE)));
	store_free(r.store);
	/* Nor does one that has ended. */
	r.now.wall_ms += HOUR;
	r.now.boot_ms += (uint64_t)HOUR;
	rig_open(&r);
	pass(&r, 2 * MINUTE);
	assert_true(isnan(mean_of(
	    &r, "ups.load", FIRST + HOUR + 10 * MINUTE, FIRST + HOUR + 50 * MINUTE)));
	rig_end(&r);
}

/* Energy: a kilowatt for an hour is a kilowatt-hour, by days of the wall clock. */
static void
test_energy(void **state)
{
	struct history_energy e;
	struct history *h;
	struct rig r;
	double days = 0;

	rig_begin(&r);
	store_flags(r.store, "ups", WATCH_ESTIMATED);
	sample(&r, SERIES_LOAD, 20);
	pass(&r, HOUR);
	h = reader(&r);
	assert_int_equal(history_energy(h, "ups", r.now.wall_ms, &e, r.cause), 0);
	assert_true(isnan(e.total) && isnan(e.today) && e.since == 0);
	history_close(h);
	rig_end(&r);

	rig_begin(&r);
	store_flags(r.store, "ups", WATCH_ESTIMATED);
	sample(&r, SERIES_WATTS, 1000);
	pass(&r, 30 * HOUR);
	h = reader(&r);
	assert_int_equal(history_energy(h, "ups", r.now.wall_ms, &e, r.cause), 0);
	history_close(h);
	assert_float_equal(e.total, 30, 0.02);
	assert_true(e.estimated);
	assert_int_equal(e.since, FIRST);
	assert_in_range(e.ndays, 2, 3);
	for (size_t i = 0; i < e.ndays; i++)
		days += e.days[i].kwh;
	assert_float_equal(days, e.total, 1e-6);
	assert_float_equal(e.today, e.days[e.ndays - 1].kwh, 1e-9);
	rig_end(&r);
}

/* Quality: what happened, and the voltage that the mains had while it was there. */
static void
test_quality(void **state)
{
	struct watch_outage o = {.charge_began = NAN,
	    .charge_low = NAN,
	    .voltage_low = NAN,
	    .load = NAN,
	    .wh = NAN,
	    .complete = true};
	struct history_quality q;
	struct history *h;
	struct rig r;

	rig_begin(&r);
	sample(&r, SERIES_INPUT_VOLTAGE, 230);
	pass(&r, 10 * MINUTE);
	sample(&r, SERIES_INPUT_VOLTAGE, 210);
	event(&r, KIND_BOOST, "It raises the mains");
	pass(&r, 2 * MINUTE);
	event(&r, KIND_STRAIGHT, "No more");
	for (int i = 0; i < 3; i++)
		event(&r, i < 2 ? KIND_SAG : KIND_SWELL, "Too little, too much");
	sample(&r, SERIES_INPUT_VOLTAGE, 241);
	pass(&r, 10 * MINUTE);
	o.began = r.now.wall_ms;
	sample(&r, SERIES_INPUT_VOLTAGE, 0);
	event(&r, KIND_ONBATT, "The mains has failed");
	pass(&r, MINUTE);
	sample(&r, SERIES_INPUT_VOLTAGE, 235);
	o.ended = r.now.wall_ms;
	o.ms = 60000;
	store_outage(r.store, "ups", &o);
	event(&r, KIND_ONLINE, "The mains is back");
	pass(&r, 2 * HOUR);
	h = reader(&r);
	assert_int_equal(history_counts(h, "ups", FIRST, r.now.wall_ms, &q, r.cause), 0);
	assert_true(q.outages == 1 && q.transfers == 1 && isnan(q.voltage_low));
	assert_int_equal(history_quality(h, "ups", FIRST, r.now.wall_ms, &q, r.cause), 0);
	history_close(h);
	assert_int_equal(q.outages, 1);
	assert_int_equal(q.transfers, 1);
	assert_int_equal(q.sags, 2);
	assert_int_equal(q.swells, 1);
	assert_int_equal(q.boosts, 1);
	assert_int_equal(q.trims, 0);
	assert_float_equal(q.boost_s, 120, 1e-9);
	assert_float_equal(q.outage_s, 60, 1e-9);
	assert_float_equal(q.voltage_low, 210, 0);
	assert_float_equal(q.voltage_high, 241, 0);
	rig_end(&r);
}

/* For export: what changed, in its order, and where it was not known any more. */
struct values {
	size_t count;
	int64_t last;
	double sum;
	unsigned unknown;
};

static void
on_value(void *arg, const char *ups, const char *variable, int64_t at, double value)
{
	struct values *v = arg;

	assert_true(at > v->last);
	v->last = at;
	v->count++;
	if (isnan(value))
		v->unknown++;
	else
		v->sum += value;
}

static void
test_values(void **state)
{
	struct values v = {0};
	struct history *h;
	struct rig r;

	rig_begin(&r);
	pass(&r, MINUTE);
	for (int i = 1; i <= 10; i++) {
		sample(&r, SERIES_LOAD, i);
		pass(&r, 3 * MINUTE);
	}
	sample(&r, SERIES_LOAD, NAN);
	pass(&r, 3 * MINUTE);
	sample(&r, SERIES_LOAD, 100);
	pass(&r, MINUTE);
	h = reader(&r);
	assert_int_equal(history_values(h, "ups", "ups.load", FIRST, FIRST + DAY,
			     on_value, &v, r.cause),
	    0);
	assert_float_equal(v.sum, 55 + 100, 0);
	assert_int_equal(v.unknown, 1);
	assert_int_equal(v.count, 12);
	history_close(h);
	rig_end(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_events),
	    cmocka_unit_test(test_logins),
	    cmocka_unit_test(test_outages),
	    cmocka_unit_test(test_battery),
	    cmocka_unit_test(test_means),
	    cmocka_unit_test(test_retention),
	    cmocka_unit_test(test_clock),
	    cmocka_unit_test(test_absent),
	    cmocka_unit_test(test_energy),
	    cmocka_unit_test(test_quality),
	    cmocka_unit_test(test_values),
	};

	log_init("store_test", -1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
