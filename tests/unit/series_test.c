/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "history/series.h"
#include "lib/kinds.h"

/* Values of variables are read strictly: a number, or nothing. */
static void
numbers(void **state)
{
	static const struct {
		const char *text;
		double number;
	} rows[] = {
	    {"0", 0},
	    {"100", 100},
	    {" 13.60 ", 13.6},
	    {"-4.5", -4.5},
	    {"+7", 7},
	    {"230.", 230},
	    {".5", 0.5},
	    {"007", 7},
	    {"", NAN},
	    {" ", NAN},
	    {"-", NAN},
	    {".", NAN},
	    {"1,5", NAN},
	    {"1.2.3", NAN},
	    {"1e3", NAN},
	    {"0x10", NAN},
	    {"nan", NAN},
	    {"inf", NAN},
	    {"12 V", NAN},
	    {"--1", NAN},
	    {"1234567890123456", NAN},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const double n = series_number(rows[i].text);

		if (isnan(rows[i].number) ? !isnan(n) : fabs(n - rows[i].number) > 1e-9)
			fail_msg("\"%s\" is read as %f", rows[i].text, n);
	}
}

/* What no UPS can mean is nothing. */
static void
absurd(void **state)
{
	assert_true(series_value(SERIES_CHARGE, "100") == 100);
	assert_true(isnan(series_value(SERIES_CHARGE, "101")));
	assert_true(isnan(series_value(SERIES_CHARGE, "-1")));
	assert_true(series_value(SERIES_BATTERY_TEMPERATURE, "-20") == -20);
	assert_true(isnan(series_value(SERIES_BATTERY_TEMPERATURE, "-273.2")));
	assert_true(isnan(series_value(SERIES_INPUT_VOLTAGE, "6553500")));
	assert_true(isnan(series_value(SERIES_RUNTIME, "4294967295")));
}

/* Each row has a name of its own, and is found by it; so has each kind its word. */
static void
tables(void **state)
{
	assert_true(series_count() <= SERIES_MAX);
	for (unsigned i = 0; i < series_count(); i++)
		assert_int_equal(series_named(series_name(i)), i);
	assert_int_equal(series_named("battery.charge"), SERIES_CHARGE);
	assert_int_equal(series_named("ups.status"), -1);
	for (int i = 0; i < KINDS; i++)
		assert_int_equal(kind_named(kind_word((enum kind)i)), i);
	assert_int_equal(kind_named("nothing"), -1);
	assert_true(kind_weighs(KIND_ONBATT));
	assert_false(kind_weighs(KIND_LOGIN));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numbers),
	    cmocka_unit_test(absurd),
	    cmocka_unit_test(tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
