/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/values.h"

static void
test_read(void **data)
{
	struct state *s = state_new();

	assert_true(isnan(values_read(s, POLICY_CHARGE)));
	state_set(s, "battery.charge", "99.5");
	state_set(s, "battery.runtime", "unknown");
	state_set(s, "battery.voltage", "inf");
	assert_float_equal(values_read(s, POLICY_CHARGE), 99.5, 0);
	assert_true(isnan(values_read(s, POLICY_RUNTIME)));
	assert_true(isnan(values_read(s, POLICY_VOLTAGE)));

	assert_true(isnan(values_read(s, POLICY_TESTING)));
	state_set(s, "ups.test.result", "In progress");
	assert_float_equal(values_read(s, POLICY_TESTING), 1, 0);
	state_set(s, "ups.test.result", "Done and passed");
	assert_float_equal(values_read(s, POLICY_TESTING), 0, 0);

	state_set(s, "ups.delay.shutdown", "20");
	assert_true(isnan(values_read(s, POLICY_DELAY_SHUTDOWN)));
	state_flags(s, "ups.delay.shutdown", STATE_RW);
	assert_float_equal(values_read(s, POLICY_DELAY_SHUTDOWN), 20, 0);
	state_set(s, "ups.timer.shutdown", "-1");
	assert_float_equal(values_read(s, POLICY_TIMER_SHUTDOWN), -1, 0);
	state_free(s);
}

static void
test_named(void **data)
{
	static const struct {
		const char *line;
		bool named;
	} rows[] = {
	    {"SETINFO battery.charge \"5\"", true},
	    {"DELINFO battery.charge", true},
	    {"SETFLAGS battery.charge RW", true},
	    {"SETINFO battery.charge.low \"5\"", false},
	    {"SETINFO battery.char \"5\"", false},
	    {"SETINFO x \"battery.charge\"", false},
	    {"battery.charge", false},
	    {"SETINFO ", false},
	    {"", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(
		    values_named(POLICY_CHARGE, rows[i].line, strlen(rows[i].line)),
		    rows[i].named);
}

static void
test_tests(void **data)
{
	enum policy_test test = POLICY_TEST_STOP;

	assert_true(values_test("test.battery.start", &test));
	assert_int_equal(test, POLICY_TEST_QUICK);
	assert_true(values_test("TEST.Battery.start.deep", &test));
	assert_int_equal(test, POLICY_TEST_DEEP);
	assert_true(values_test("test.battery.stop", &test));
	assert_int_equal(test, POLICY_TEST_STOP);
	assert_false(values_test("test.failure.start", &test));
	assert_false(values_test("test.panel.start", &test));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_read),
	    cmocka_unit_test(test_named),
	    cmocka_unit_test(test_tests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
