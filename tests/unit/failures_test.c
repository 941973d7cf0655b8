/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "net/failures.h"

#define HERE "192.0.2.1"
#define THERE "192.0.2.2"

/* The wait after each failure, and that it ends. */
static void
test_growth(void **state)
{
	static const uint64_t holds[] = {
	    0, 0, 0, 0, 1000, 2000, 4000, 8000, 16000, 30000, 30000};
	struct failures f = {0};
	uint64_t now = 5;

	assert_int_equal(failures_hold(&f, HERE, "a", now), 0);
	for (size_t i = 0; i < sizeof(holds) / sizeof(holds[0]); i++) {
		failures_bad(&f, HERE, "a", now);
		assert_int_equal(failures_hold(&f, HERE, "a", now), holds[i]);
		assert_int_equal(failures_hold(&f, HERE, "b", now), holds[i]);
		assert_int_equal(failures_hold(&f, THERE, "a", now), 0);
		now += 100;
	}
	now += FAILURES_MS - 101;
	assert_int_equal(failures_hold(&f, HERE, "a", now), FAILURES_LONG);
	assert_int_equal(failures_hold(&f, HERE, "a", now + 1), 0);
	failures_bad(&f, HERE, "a", now + 1);
	assert_int_equal(failures_hold(&f, HERE, "a", now + 1), 0);
	assert_int_equal(failures_count(&f, HERE), sizeof(holds) / sizeof(holds[0]) + 1);
	assert_int_equal(failures_count(&f, THERE), 0);
}

/* Who was right there once answers for himself only, and for himself he does. */
static void
test_known(void **state)
{
	struct failures f = {0};
	uint64_t now = 1000;

	failures_good(&f, HERE, "known", now);
	for (int i = 0; i < 20; i++)
		failures_bad(&f, HERE, "guessed", ++now);
	assert_int_equal(failures_hold(&f, HERE, "known", now), 0);
	assert_int_equal(failures_hold(&f, HERE, "another", now), FAILURES_LONG);

	for (int i = 0; i < FAILURES_FREE; i++)
		failures_bad(&f, HERE, "known", ++now);
	assert_int_equal(failures_hold(&f, HERE, "known", now), FAILURES_HOLD);
	failures_good(&f, HERE, "known", now);
	assert_int_equal(failures_hold(&f, HERE, "known", now), 0);
	assert_int_equal(failures_hold(&f, HERE, "another", now), FAILURES_LONG);
	assert_int_equal(failures_count(&f, HERE), 20 + FAILURES_FREE);
}

/* The table is bounded: the row that was not used for longest gives way. */
static void
test_room(void **state)
{
	struct failures f = {0};
	char address[32];

	for (int i = 0; i <= FAILURES_MAX; i++) {
		snprintf(address, sizeof(address), "198.51.%d.%d", i / 100, i % 100);
		for (int n = 0; n < FAILURES_FREE; n++)
			failures_bad(&f, address, "a", 1000 + (uint64_t)i);
	}
	assert_int_equal(failures_count(&f, "198.51.0.0"), 0);
	assert_int_equal(failures_count(&f, "198.51.0.1"), FAILURES_FREE);
	assert_int_equal(failures_hold(&f, address, "a", 2000), FAILURES_HOLD);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_growth),
	    cmocka_unit_test(test_known),
	    cmocka_unit_test(test_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
