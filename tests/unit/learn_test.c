/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "history/discharge.h"
#include "history/learn.h"
#include "sim/battery.h"

/*
 * What is learned, against batteries of sim, whose truth is known: seen through gauges that
 * are coarse, noisy, or slip.
 */
#define DAY INT64_C(86400)
#define START INT64_C(1700000000)
#define WATTS 900.0

enum look { FINE, COARSE, NOISY, SLIPPING, BY_VOLTAGE };
#define LOOKS 5

static struct battery
battery(double age)
{
	struct battery b;

	battery_init(&b, 24, 9);
	battery_calibrate(&b, WATTS / 2, 1200);
	b.age = age;
	return b;
}

/* A gauge as `look` has it. */
static double
gauge(enum look look, const struct battery *b, unsigned second)
{
	const double charge = b->charge * 100;

	switch (look) {
	case FINE:
		return floor(charge);
	case COARSE:
		return floor(charge / 5) * 5;
	case NOISY:
		return fmin(100, floor(charge + drand48() * 2 - 0.5));
	case SLIPPING: /* too high until it finds its truth at once */
		return fmin(100, floor(charge + (charge > 90 ? 8 : 0)));
	case BY_VOLTAGE:
		break;
	}
	return NAN;
}

/* One discharge of so many percent; the driver polls every 2 s. */
static bool
discharge(const struct battery *fresh, enum look look, double load, double depth,
    struct learn_point *p)
{
	struct battery b = *fresh;
	struct discharge d;
	uint64_t ms = 1000000;

	discharge_begin(&d, ms);
	for (unsigned s = 0; b.charge > 1 - depth / 100; s++) {
		battery_discharge(&b, load / 100 * WATTS, 1);
		ms += 1000;
		if (s % 2 == 0)
			discharge_take(&d, ms, gauge(look, &b, s),
			    round(battery_volts(&b) * 100) / 100,
			    load * (0.97 + 0.06 * drand48()));
	}
	return discharge_end(&d, ms, p);
}

/* Learns from `n` discharges, a month apart. */
static int64_t
teach(struct learn *l, const struct battery *b, enum look look, double load, double depth,
    unsigned n, int64_t at)
{
	for (unsigned i = 0; i < n; i++, at += 30 * DAY) {
		struct learn_point p;

		if (!discharge(b, look, load, depth, &p))
			fail_msg("load %.0f, look %d: no point", load, look);
		p.at = at;
		learn_add(l, &p);
	}
	return at;
}

static void
within(double value, double wanted, double percent, const char *what, double age,
    double load, int look)
{
	if (!(fabs(value / wanted - 1) <= percent / 100))
		fail_msg("%s at age %.1f, load %.0f, look %d: %.0f instead of %.0f", what,
		    age, load, look, value, wanted);
}

/* After three discharges of 20 % the runtime is known within 15 %, at each age and load, by
 * each gauge. */
static void
runtime(void **state)
{
	static const double ages[] = {0, 0.3, 0.6};

	srand48(7);
	for (size_t a = 0; a < 3; a++)
		for (int look = FINE; look <= SLIPPING; look++)
			for (double load = 10; load <= 90; load += 20) {
				const struct battery b = battery(ages[a]);
				struct learn l = {0};
				struct learn_result r;
				int64_t at =
				    teach(&l, &b, (enum look)look, load, 20, 3, START);

				learn_result(&l, at, &r);
				within(learn_runtime(&r, load, 100),
				    battery_runtime(&b, load / 100 * WATTS), 15,
				    "runtime", ages[a], load, look);
			}
}

/* A UPS that tells no charge: by its voltage, roughly. */
static void
by_voltage(void **state)
{
	for (double load = 10; load <= 50; load += 20) {
		const struct battery b = battery(0);
		struct learn l = {0};
		struct learn_result r;
		int64_t at = teach(&l, &b, BY_VOLTAGE, load, 40, 3, START);

		learn_result(&l, at, &r);
		within(learn_runtime(&r, load, 100),
		    battery_runtime(&b, load / 100 * WATTS), 40, "runtime", 0, load,
		    BY_VOLTAGE);
	}
}

/* Discharges at several loads teach the exponent: what lies between is known, too. */
static void
curve(void **state)
{
	const struct battery b = battery(0);
	struct learn l = {0};
	struct learn_result r;
	int64_t at = START;

	srand48(3);
	for (double load = 20; load <= 80; load += 20)
		at = teach(&l, &b, FINE, load, 30, 2, at);
	learn_result(&l, at, &r);
	for (double load = 15; load <= 85; load += 10)
		within(learn_runtime(&r, load, 100),
		    battery_runtime(&b, load / 100 * WATTS), 15, "runtime", 0, load, 0);
	for (unsigned i = 0; i + 1 < LEARN_CURVE; i++)
		assert_true(r.curve[i] > r.curve[i + 1]);
	within(learn_runtime(&r, 50, 50), ({
		struct battery half = b;

		half.charge = 0.5;
		battery_runtime(&half, WATTS / 2);
	}),
	    15, "half of it", 0, 50, 0);
}

/* As it ages, its health follows the truth within 10 points, and the date comes nearer. */
static void
health(void **state)
{
	srand48(11);
	for (int look = FINE; look <= SLIPPING; look++)
		for (double load = 10; load <= 70; load += 30) {
			const struct battery fresh = battery(0);
			const double best = battery_runtime(&fresh, load / 100 * WATTS);
			struct learn l = {0};
			struct learn_result r = {.health = NAN};
			int64_t at = START;

			for (int age = 0; age <= 6; age += 3) {
				const struct battery b = battery(age / 10.0);
				const double truth =
				    battery_runtime(&b, load / 100 * WATTS) / best * 100;

				at = teach(&l, &b, (enum look)look, load, 20, 4, at) +
				     365 * DAY;
				learn_result(&l, at - 365 * DAY, &r);
				if (fabs(r.health - truth) > 10)
					fail_msg("health at age .%d, load %.0f, look "
						 "%d: %.0f, not %.0f",
					    age, load, look, r.health, truth);
				if (r.confidence < 50)
					continue;
				assert_true(r.replace > START);
				assert_true(r.replace < START + 6 * 365 * DAY);
			}
			assert_true(r.health < 60);
			assert_true(r.replace <= at);
		}
}

/* A battery that keeps its health is not to be replaced soon; one of which nothing is known
 * goes by its date. */
static void
replacement(void **state)
{
	const struct battery b = battery(0);
	struct learn l = {0};
	struct learn_result r;
	int64_t at;

	learn_result(&l, START, &r);
	assert_true(r.replace == 0);
	assert_true(isnan(r.health));
	assert_true(isnan(learn_runtime(&r, 50, 100)));
	assert_false(learn_date(&l, START));
	learn_result(&l, START, &r);
	assert_true(fabs((double)(r.replace - START) / DAY - 5 * 365.25) < 2);
	at = teach(&l, &b, FINE, 40, 30, 12, START);
	learn_result(&l, at, &r);
	assert_true(r.health > 90);
	assert_true(r.replace > START + 4 * 365 * DAY);
	assert_true(r.replace < START + 21 * 365 * DAY);
}

/* More, deeper and newer points: more confidence; none is worth less than nothing. */
static void
confidence(void **state)
{
	const struct learn_point deep = {
	    .at = START, .load = 30, .full = 1500, .depth = 40, .seconds = 600};
	struct learn_point shallow = deep, p;
	struct learn_result r, before = {.confidence = 0};
	struct learn one = {0}, other = {0}, many = {0};

	for (int i = 0; i < 100; i++) {
		p = i % 3 == 0 ? shallow : deep;
		p.at = START + i;
		learn_add(&many, &p);
		learn_result(&many, START + 100, &r);
		assert_true(r.confidence >= before.confidence || i >= LEARN_POINTS);
		assert_true(r.confidence > 0 && r.confidence <= 100);
		before = r;
	}
	shallow.depth = 4;
	p = deep;
	learn_add(&one, &p);
	learn_add(&other, &shallow);
	learn_result(&one, START, &r);
	learn_result(&other, START, &before);
	assert_true(r.confidence > 2 * before.confidence);
	learn_result(&one, START + 365 * DAY, &before);
	assert_true(r.confidence > 2 * before.confidence);
	/* A clock that was set back makes nobody surer. */
	learn_result(&one, START - 3650 * DAY, &before);
	assert_true(fabs(r.confidence - before.confidence) < 1e-9);
}

/* Another battery: by its date, or because it is too good to be the old one. */
static void
changed(void **state)
{
	const struct battery old = battery(0.6), fresh = battery(0);
	struct learn l = {0}, again = {0};
	struct learn_result r;
	struct learn_point p = {0};
	int64_t at = teach(&l, &old, FINE, 40, 20, 3, START);

	learn_result(&l, at, &r);
	assert_true(discharge(&fresh, FINE, 40, 20, &p));
	p.at = at;
	learn_add(&l, &p);
	assert_true(p.anew);
	assert_int_equal(l.npoints, 1);
	assert_int_equal(l.discharges, 4);
	learn_result(&l, at, &r);
	within(learn_runtime(&r, 40, 100), battery_runtime(&fresh, 0.4 * WATTS), 15,
	    "runtime", 0, 40, 0);
	assert_true(r.health > 99);

	teach(&again, &fresh, FINE, 40, 20, 3, START);
	assert_false(learn_date(&again, START));
	assert_false(learn_date(&again, START));
	assert_false(learn_date(&again, 0));
	assert_true(learn_date(&again, START + DAY));
	assert_int_equal(again.npoints, 0);
	teach(&again, &old, FINE, 40, 20, 1, at);
	assert_true(again.points[0].anew);
	assert_true(again.points[0].date == START + DAY);
	learn_result(&again, at, &r);
	assert_true(r.health > 99);
}

/* No false alarm: gauges err, and loads differ, and it is the same battery. */
static void
unchanged(void **state)
{
	srand48(5);
	for (int look = FINE; look <= SLIPPING; look++) {
		const struct battery b = battery(0);
		struct learn l = {0};

		teach(&l, &b, (enum look)look, 20, 12, 5, START);
		teach(&l, &b, (enum look)look, 80, 20, 3, START + 200 * DAY);
		teach(&l, &b, (enum look)look, 10, 12, 3, START + 300 * DAY);
		for (unsigned i = 1; i < l.npoints; i++)
			if (l.points[i].anew)
				fail_msg("look %d: point %u", look, i);
	}
}

/* The rows of a file give back what was known. */
static void
restored(void **state)
{
	const struct battery b = battery(0);
	struct learn l = {0}, again = {0};
	struct learn_point p;
	struct learn_result r, other;

	for (int i = 0; i < 200; i++) {
		assert_true(discharge(&b, NOISY, 20 + i % 60, 12 + i % 40, &p));
		p.at = START + i * 7 * DAY;
		learn_add(&l, &p);
		learn_restore(&again, &p);
	}
	learn_result(&l, p.at, &r);
	learn_result(&again, p.at, &other);
	assert_int_equal(l.npoints, again.npoints);
	assert_true(r.a == other.a && r.b == other.b && r.health == other.health);
	assert_true(r.replace == other.replace);
}

/* What cannot be is not learned from, whatever the file or a clock says. */
static void
insane(void **state)
{
	static const struct learn_point points[] = {
	    {.load = 0, .full = 100, .depth = 10, .seconds = 10},
	    {.load = 10, .full = 0, .depth = 10, .seconds = 10},
	    {.load = 10, .full = NAN, .depth = 10, .seconds = 10},
	    {.load = 10, .full = 100, .depth = 0, .seconds = 10},
	    {.load = 10, .full = 100, .depth = NAN, .seconds = 10},
	    {.load = 10, .full = 100, .depth = 10, .seconds = 0},
	    {.load = INFINITY, .full = 100, .depth = 10, .seconds = 10},
	};
	struct learn l = {0};
	struct learn_point p;
	struct discharge d;

	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		p = points[i];
		learn_add(&l, &p);
		assert_int_equal(l.npoints, 0);
	}
	/* Too short, too shallow, rising, without a load. */
	discharge_begin(&d, 0);
	discharge_take(&d, 9000, 50, NAN, 30);
	assert_false(discharge_end(&d, 9500, &p));
	discharge_begin(&d, 0);
	for (uint64_t ms = 0; ms < 60000; ms += 1000)
		discharge_take(&d, ms, 100 - floor((double)ms / 30000), NAN, 30);
	assert_false(discharge_end(&d, 60000, &p));
	discharge_begin(&d, 0);
	for (uint64_t ms = 0; ms < 60000; ms += 1000)
		discharge_take(&d, ms, 20 + (double)ms / 1000, NAN, 30);
	assert_false(discharge_end(&d, 60000, &p));
	discharge_begin(&d, 0);
	for (uint64_t ms = 0; ms < 60000; ms += 1000)
		discharge_take(&d, ms, 100 - (double)ms / 1000, NAN, NAN);
	assert_false(discharge_end(&d, 60000, &p));
	discharge_begin(&d, 0);
	assert_false(discharge_end(&d, 60000, &p));
	/* Marks are thinned out, not lost. */
	discharge_begin(&d, 0);
	for (uint64_t ms = 0; ms < 1000000; ms += 1000)
		discharge_take(&d, ms, 100 - (double)ms / 20000, NAN, 30);
	assert_true(discharge_end(&d, 1000000, &p));
	assert_true(fabs(p.depth - 50) < 3);
}

static void
dates(void **state)
{
	static const struct {
		const char *text;
		int64_t day; /* since 1970 */
	} rows[] = {
	    {"2023-05-01", 19478},
	    {"2023/05/01", 19478},
	    {"05/01/23", 19478},
	    {"05/01/2023", 19478},
	    {"2023-05-01 ", 19478},
	    {"not set", 0},
	    {"", 0},
	    {"2023", 0},
	    {"2023-13-01", 0},
	    {"2023-05-32", 0},
	    {"0000/00/00", 0},
	    {"2023-05/01", 0},
	    {"2023-05-01x", 0},
	    {"1979/01/01", 0},
	    {"20230-5-1", 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (learn_date_read(rows[i].text) / DAY != rows[i].day)
			fail_msg("\"%s\"", rows[i].text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(runtime),
	    cmocka_unit_test(by_voltage),
	    cmocka_unit_test(curve),
	    cmocka_unit_test(health),
	    cmocka_unit_test(replacement),
	    cmocka_unit_test(confidence),
	    cmocka_unit_test(changed),
	    cmocka_unit_test(unchanged),
	    cmocka_unit_test(restored),
	    cmocka_unit_test(insane),
	    cmocka_unit_test(dates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
