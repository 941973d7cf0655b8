/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "hid/report.h"

#define VOLT 0x00f0d121
#define WATT 0x0000d121

static void
test_get(void **state)
{
	const uint8_t bytes[] = {0x4e, 0x05, 0xff, 0x80};
	struct hid_field f = {.size = 16, .logical_max = 65534};
	int64_t v = 0;

	assert_true(hid_report_get(&f, bytes, 4, &v));
	assert_int_equal(v, 1358);
	f.offset = 4;
	f.size = 5;
	assert_true(hid_report_get(&f, bytes, 4, &v));
	assert_int_equal(v, 0x14);
	f.offset = 0;
	f.size = 32;
	assert_true(hid_report_get(&f, bytes, 4, &v));
	assert_int_equal(v, 0x80ff054e);
}

/* Short by a bit: the field is not there. */
static void
test_short(void **state)
{
	const uint8_t bytes[] = {0xff, 0xff};
	struct hid_field f = {.offset = 1, .size = 16, .logical_max = 100};
	uint8_t out[2] = {0, 0};
	int64_t v = 7;

	assert_false(hid_report_get(&f, bytes, 2, &v));
	assert_false(hid_report_put(&f, out, 2, 1));
	assert_int_equal(v, 7);
	f.size = 15;
	assert_true(hid_report_get(&f, bytes, 2, &v));
	f.offset = 0xfffffff8;
	assert_false(hid_report_get(&f, bytes, 2, &v));
}

/* Signed only with a minimum below zero and a maximum that signed bits can hold. */
static void
test_sign(void **state)
{
	const uint8_t bytes[] = {0xff, 0xff};
	struct hid_field f = {.size = 16, .logical_min = -1, .logical_max = 32767};
	int64_t v = 0;

	hid_report_get(&f, bytes, 2, &v);
	assert_int_equal(v, -1);
	f.logical_max = 65535;
	hid_report_get(&f, bytes, 2, &v);
	assert_int_equal(v, 65535);
	f.logical_min = 0;
	f.logical_max = 255;
	hid_report_get(&f, bytes, 2, &v);
	assert_int_equal(v, 65535);
}

static void
test_put(void **state)
{
	struct hid_field f = {.offset = 4, .size = 8, .logical_max = 255};
	uint8_t bytes[] = {0xff, 0x00};

	assert_true(hid_report_put(&f, bytes, 2, 0x5a));
	assert_int_equal(bytes[0], 0xaf);
	assert_int_equal(bytes[1], 0x05);
	assert_true(hid_report_put(&f, bytes, 2, -1));
	assert_int_equal(bytes[0], 0xff);
	assert_int_equal(bytes[1], 0x0f);
}

/* hid/README.md 2.1: unit and exponent of the makers, and what they come to. */
static void
test_units(void **state)
{
	static const struct {
		uint32_t unit;
		int exponent;
		int64_t raw;
		double value;
	} rows[] = {
	    {VOLT, 7, 230, 230},
	    {VOLT, 6, 2300, 230},
	    {VOLT, 5, 1358, 13.58},
	    {VOLT, 1, 1213, 0.001213},
	    {WATT, 7, 520, 520},
	    {0x00100001, 0, 5, 5},
	    {0x0000f001, -1, 498, 49.8},
	    {0x00010001, -1, 3023, 302.3},
	    {0x00001001, 0, 3877, 3877},
	    {0, -2, 50, 0.5},
	    {0, 1, 6, 60},
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct hid_field f = {
		    .size = 16, .unit = rows[i].unit, .exponent = rows[i].exponent};

		assert_true(hid_report_scale(&f, rows[i].raw) == rows[i].value);
		assert_int_equal(hid_report_unscale(&f, rows[i].value), rows[i].raw);
	}
}

/* CyberPower's timers: minutes, idle -1 is -60 s. */
static void
test_physical(void **state)
{
	struct hid_field f = {.size = 16,
	    .logical_min = -1,
	    .logical_max = 32767,
	    .physical = true,
	    .physical_min = -60,
	    .physical_max = 1966020,
	    .unit = 0x1001};

	assert_true(hid_report_scale(&f, -1) == -60);
	assert_true(hid_report_scale(&f, 0) == 0);
	assert_true(hid_report_scale(&f, 2) == 120);
	assert_int_equal(hid_report_unscale(&f, 120), 2);
	f.physical_max = -60;
	assert_true(hid_report_scale(&f, 2) == 2);
	f.physical = false;
	assert_true(hid_report_scale(&f, -1) == -1);
	assert_int_equal(hid_report_unscale(&f, 1e300), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_get),
	    cmocka_unit_test(test_short),
	    cmocka_unit_test(test_sign),
	    cmocka_unit_test(test_put),
	    cmocka_unit_test(test_units),
	    cmocka_unit_test(test_physical),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
