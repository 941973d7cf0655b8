/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "history/calendar.h"
#include "history/watch.h"

/* The calendar of tests, by table: each precondition alone keeps a test from beginning. */

#define DAY INT64_C(86400)
#define HOUR_MS UINT64_C(3600000)
#define NOON INT64_C(1795608000) /* 2026-11-25 12:00 UTC */
#define UP (240 * HOUR_MS)       /* the machine runs for ten days */

static const struct calendar_conf monthly = {30, 0, 10, 16};

static struct calendar_house
house(void)
{
	return (struct calendar_house){.now = NOON, .boot_ms = UP};
}

static struct calendar_ups
fit(void)
{
	return (struct calendar_ups){.last_quick = NOON - 31 * DAY,
	    .last_deep = NOON - 400 * DAY,
	    .quick = true,
	    .deep = true,
	    .heard = true,
	    .mains_ms = UP - 48 * HOUR_MS,
	    .charge = 100,
	    .charge_high = 100,
	    .load = 30};
}

static enum calendar_verdict
judge(const struct calendar_conf *conf, struct calendar_house h, struct calendar_ups u)
{
	char why[CALENDAR_WHY];

	return calendar_judge(conf, &h, &u, why);
}

static void
due(void **state)
{
	static const struct calendar_conf never = {0, 0, 0, 0}, both = {30, 365, 0, 0};
	struct calendar_ups u = fit();

	assert_int_equal(judge(&monthly, house(), u), CALENDAR_QUICK);
	assert_int_equal(judge(&never, house(), u), CALENDAR_NOTHING);
	assert_int_equal(judge(&both, house(), u), CALENDAR_DEEP);
	assert_true(calendar_next(&monthly, &u) == NOON - DAY);
	assert_true(calendar_next(&never, &u) == 0);
	assert_true(calendar_next(&both, &u) == NOON - 35 * DAY);
	u.last_quick = NOON - 29 * DAY;
	assert_int_equal(judge(&monthly, house(), u), CALENDAR_NOTHING);
	u = fit();
	u.quick = false;
	assert_int_equal(judge(&monthly, house(), u), CALENDAR_NOTHING);
	assert_true(calendar_next(&monthly, &u) == 0);
}

/* What keeps one that is due. */
static void
hindered(void **state)
{
	static const struct {
		size_t offset;
		double value;
		const char *why;
	} numbers[] = {
	    {offsetof(struct calendar_ups, charge), 99, "its battery is not full"},
	    {offsetof(struct calendar_ups, charge), NAN, "it tells no charge"},
	    {offsetof(struct calendar_ups, load), 80, "its load is 80 % or more"},
	    {offsetof(struct calendar_ups, load), NAN, "it tells no load"},
	};
	static const unsigned flags[] = {WATCH_FSD, WATCH_OFF, WATCH_REPLACE, WATCH_OVER,
	    WATCH_BYPASS, WATCH_TEST, WATCH_CAL, WATCH_ALARM};
	struct calendar_house h = house();
	struct calendar_ups u;
	char why[CALENDAR_WHY];

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		u = fit();
		memcpy((char *)&u + numbers[i].offset, &numbers[i].value, sizeof(double));
		assert_int_equal(calendar_judge(&monthly, &h, &u, why), CALENDAR_NOTHING);
		assert_string_equal(why, numbers[i].why);
	}
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		u = fit();
		u.flags = flags[i];
		assert_int_equal(calendar_judge(&monthly, &h, &u, why), CALENDAR_NOTHING);
		assert_true(*why != '\0');
	}
	u = fit();
	u.heard = false;
	assert_int_equal(judge(&monthly, h, u), CALENDAR_NOTHING);
	u = fit();
	u.mains_ms = 0;
	assert_int_equal(judge(&monthly, h, u), CALENDAR_NOTHING);
	u.mains_ms = UP - 23 * HOUR_MS;
	assert_int_equal(judge(&monthly, h, u), CALENDAR_NOTHING);
	u = fit();
	u.outage = NOON - DAY + 60;
	assert_int_equal(judge(&monthly, h, u), CALENDAR_NOTHING);
	u.outage = NOON - DAY - 60;
	assert_int_equal(judge(&monthly, h, u), CALENDAR_QUICK);
}

/* A gauge that never tells more is full; one that still charges is not. */
static void
gauge(void **state)
{
	struct calendar_ups u = fit();

	u.charge = u.charge_high = 97;
	assert_int_equal(judge(&monthly, house(), u), CALENDAR_QUICK);
	u.charge = u.charge_high = 60;
	assert_int_equal(judge(&monthly, house(), u), CALENDAR_NOTHING);
}

static void
hindered_by_house(void **state)
{
	struct calendar_house h = house();

	h.told = true;
	assert_int_equal(judge(&monthly, h, fit()), CALENDAR_NOTHING);
	h = house();
	h.started = NOON - DAY + 1;
	assert_int_equal(judge(&monthly, h, fit()), CALENDAR_NOTHING);
	h.started = NOON - DAY;
	assert_int_equal(judge(&monthly, h, fit()), CALENDAR_QUICK);
	h.started_ms = UP - 23 * HOUR_MS; /* whatever the clock on the wall says */
	assert_int_equal(judge(&monthly, h, fit()), CALENDAR_NOTHING);
	h = house();
	h.now = NOON + 4 * 3600; /* 16:00 */
	assert_int_equal(judge(&monthly, h, fit()), CALENDAR_NOTHING);
	h.now--;
	assert_int_equal(judge(&monthly, h, fit()), CALENDAR_QUICK);
}

/* Hours over midnight, and in a zone whose clocks are moved. */
static void
hours(void **state)
{
	static const struct calendar_conf night = {30, 0, 22, 6}, two = {30, 0, 2, 3};
	static const struct {
		int64_t at;
		bool may;
	} rows[] = {
	    /* 2026-03-29: 02:00 becomes 03:00 in Paris; 2026-10-25 has 02:30 twice. */
	    {1774747800, false}, /* 02:30 CET would be; it is 03:30 CEST */
	    {1774744200, false}, /* 01:30 CET */
	    {1792888200, true},  /* 02:30 CEST */
	    {1792891800, true},  /* 02:30 CET */
	    {1792895400, false}, /* 03:30 CET */
	};
	struct calendar_house h = house();
	struct calendar_ups u;

	h.now = NOON;
	assert_int_equal(judge(&night, h, fit()), CALENDAR_NOTHING);
	h.now = NOON + 11 * 3600;
	assert_int_equal(judge(&night, h, fit()), CALENDAR_QUICK);
	h.now = NOON + 17 * 3600;
	assert_int_equal(judge(&night, h, fit()), CALENDAR_QUICK);
	h.now = NOON + 18 * 3600;
	assert_int_equal(judge(&night, h, fit()), CALENDAR_NOTHING);
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		h.now = rows[i].at;
		u = fit();
		u.last_quick = h.now - 31 * DAY;
		if ((judge(&two, h, u) == CALENDAR_QUICK) != rows[i].may)
			fail_msg("row %zu", i);
	}
	setenv("TZ", "UTC", 1);
	tzset();
}

/* A clock that was never set, or was set just now, or wrong before. */
static void
clocks(void **state)
{
	struct calendar_house h = house();
	struct calendar_ups u = fit();
	char why[CALENDAR_WHY];

	h.now = 12 * 3600; /* 1970 */
	u.last_quick = 0;
	assert_int_equal(judge(&monthly, h, u), CALENDAR_NOTHING);
	h = house();
	h.stepped_ms = UP - HOUR_MS + 1;
	assert_int_equal(judge(&monthly, h, fit()), CALENDAR_NOTHING);
	h.stepped_ms = UP - HOUR_MS;
	assert_int_equal(judge(&monthly, h, fit()), CALENDAR_QUICK);
	/* Set back: the last test is still to come; it counts as of now, and does not hold
	 * the next one for years. */
	h = house();
	u = fit();
	u.last_quick = NOON + 3650 * DAY;
	u.said = NOON + 3650 * DAY;
	h.started = NOON + 3650 * DAY;
	assert_int_equal(calendar_judge(&monthly, &h, &u, why), CALENDAR_NOTHING);
	h.now += 30 * DAY;
	h.boot_ms += 720 * HOUR_MS;
	assert_int_equal(calendar_judge(&monthly, &h, &u, why), CALENDAR_QUICK);
}

/* One that is due for a week is said, once in a week. */
static void
late(void **state)
{
	struct calendar_house h = house();
	struct calendar_ups u = fit();
	char why[CALENDAR_WHY];

	u.flags = WATCH_REPLACE;
	assert_int_equal(calendar_judge(&monthly, &h, &u, why), CALENDAR_NOTHING);
	h.now += 6 * DAY;
	assert_int_equal(calendar_judge(&monthly, &h, &u, why), CALENDAR_LATE);
	assert_string_equal(why, "its battery is to be replaced");
	h.now += DAY;
	assert_int_equal(calendar_judge(&monthly, &h, &u, why), CALENDAR_NOTHING);
	h.now += 6 * DAY;
	assert_int_equal(calendar_judge(&monthly, &h, &u, why), CALENDAR_LATE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(due),
	    cmocka_unit_test(hindered),
	    cmocka_unit_test(gauge),
	    cmocka_unit_test(hindered_by_house),
	    cmocka_unit_test(hours),
	    cmocka_unit_test(clocks),
	    cmocka_unit_test(late),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
