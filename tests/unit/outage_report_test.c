/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "cli/report.h"
#include "cli/when.h"

#define NOW INT64_C(1795436000000) /* 2026-11-23 12:13:20 UTC */
#define POINTS 3

static const struct view_style style = {.utf8 = false, .columns = 80};

static void
test_when_reads(void **state)
{
	static const struct {
		const char *text;
		int64_t at; /* -1: it is none */
	} rows[] = {
	    {"2026-11-23", INT64_C(1795392000000)},
	    {"2026-11-23 12:13", INT64_C(1795435980000)},
	    {"2026-11-23T12:13:20", NOW},
	    {"12:13:20", NOW},
	    {"00:00", INT64_C(1795392000000)},
	    {"20m", NOW - 1200000},
	    {"1h", NOW - 3600000},
	    {"7d", NOW - INT64_C(604800000)},
	    {"", -1},
	    {"7", -1},
	    {"7w", -1},
	    {"7d ago", -1},
	    {"-7d", -1},
	    {"2026-13-01", -1},
	    {"2026-11-23 25:00", -1},
	    {"yesterday", -1},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t at = -1;

		if (when_read(rows[i].text, NOW, &at) != 0)
			at = -1;
		if (at != rows[i].at)
			fail_msg("'%s' is %lld", rows[i].text, (long long)at);
	}
}

static void
test_when_writes(void **state)
{
	char text[32];

	assert_string_equal(when_text(text, sizeof(text), NOW), "2026-11-23 12:13:20");
	assert_string_equal(when_clock(text, sizeof(text), NOW), "12:13:20");
	assert_string_equal(
	    when_utc(text, sizeof(text), NOW + 7), "2026-11-23T12:13:20.007Z");
}

/* Whatever its length, the table of a report is no longer than a page or two. */
static void
test_steps(void **state)
{
	assert_int_equal(report_step(6000), 1000);
	assert_int_equal(report_step(41000), 10000);
	assert_int_equal(report_step(12 * 60000), 60000);
	assert_int_equal(report_step(40 * 60000), 60000);
	assert_int_equal(report_step(41 * 60000), 300000);
	assert_int_equal(report_step(INT64_C(86400000) * 30), 21600000);
}

static char text_on[] =
    "On battery: the mains is away, charge 100 %, load 23 %. And so that "
    "this line is too long for a page, more words follow it, many of "
    "them, up to here.";
static char text_told[] = "Machine nas: told (180 s on battery).";
static char text_back[] = "The mains is back after 12 min, charge 71 %.";
static char onbatt[] = "onbatt", machine[] = "machine", online[] = "online";

/* An outage with a machine that goes down, and one value that nobody knew. */
static void
test_page(void **state)
{
	static double charge[POINTS] = {100, NAN, 71}, other[POINTS] = {12, NAN, 9};
	static int64_t times[POINTS] = {NOW + 30000, NOW + 90000, NOW + 150000};
	struct report_event events[] = {
	    {NOW, onbatt, NULL, text_on},
	    {NOW + 180000, machine, NULL, text_told},
	    {NOW + 725000, online, NULL, text_back},
	};
	struct report r = {
	    .outage = {.id = 3,
		.began = NOW,
		.ended = NOW + 725000,
		.ms = 725000,
		.ups = "qnapups",
		.kind = "outage",
		.charge_began = 100,
		.charge_low = 71,
		.voltage_low = 11.9,
		.load = 23,
		.wh = 41,
		.complete = true},
	    .events = events,
	    .nevents = 3,
	    .step = 60000,
	    .series = {.points = POINTS, .nvars = REPORT_SERIES, .time = times},
	};
	struct buf out = {0};
	char *text, *line;

	for (size_t i = 0; i < REPORT_SERIES; i++)
		r.series.vars[i].mean = i == REPORT_CHARGE ? charge : other;
	report_print(&out, &r, &style);
	text = strdup(buf_str(&out));
	buf_free(&out);
	assert_non_null(strstr(text, "Outage 3 of qnapups\n"
				     "2026-11-23 12:13:20 to 12:25:25, 12 min 05 s\n"));
	assert_non_null(strstr(text, "Who went down"));
	assert_non_null(strstr(text, "  12:16:20     +3:00  Machine nas: told"));
	assert_non_null(strstr(text, "  charge    100 % down to 71 %\n"
				     "  voltage   11.9 V at its lowest\n"
				     "  load      23 % on average, 41 Wh in all\n"));
	assert_non_null(strstr(text, "Minute by minute"));
	assert_non_null(strstr(text, "  12:14:20      -"));
	assert_true(strstr(text, "On battery") < strstr(text, "The mains is back"));
	assert_non_null(strstr(text, "up to here."));
	for (line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
		assert_true(strlen(line) <= 80);
	free(text);
}

/* Who ordered something stands behind it; who is told already, or nobody, does not. */
static void
test_told(void **state)
{
	static const struct {
		const char *kind, *who, *text, *told;
	} rows[] = {
	    {"deed", "boss@127.0.0.1", "Set a to \"1\": done.",
		"Set a to \"1\": done. (boss@127.0.0.1)"},
	    {"deed", NULL, "It.", "It."},
	    {"login", "nas@10.0.0.7", "nas@10.0.0.7 has logged in.",
		"nas@10.0.0.7 has logged in."},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *told = report_told(rows[i].kind, rows[i].who, rows[i].text);

		assert_string_equal(told, rows[i].told);
		free(told);
	}
}

/* One that lasts, and of which nobody saw the end. */
static void
test_unfinished(void **state)
{
	struct report r = {
	    .outage = {.id = 1,
		.began = NOW - 60000,
		.ms = 60000,
		.ups = "u",
		.kind = "test",
		.charge_began = NAN,
		.charge_low = NAN,
		.voltage_low = NAN,
		.load = NAN,
		.wh = NAN},
	    .now = NOW,
	    .step = 10000,
	};
	struct buf out = {0};

	report_print(&out, &r, &style);
	assert_non_null(strstr(buf_str(&out), "Battery test 1 of u"));
	assert_non_null(strstr(buf_str(&out), "and it lasts, for 1 min 00 s so far"));
	assert_non_null(strstr(buf_str(&out), "Nobody had to go down"));
	assert_null(strstr(buf_str(&out), "nan"));
	buf_free(&out);
	r.outage.ended = NOW;
	report_print(&out, &r, &style);
	assert_non_null(strstr(buf_str(&out), "its end was not seen"));
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_when_reads),
	    cmocka_unit_test(test_when_writes),
	    cmocka_unit_test(test_steps),
	    cmocka_unit_test(test_page),
	    cmocka_unit_test(test_told),
	    cmocka_unit_test(test_unfinished),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
