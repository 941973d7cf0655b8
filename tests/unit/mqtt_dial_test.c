/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "mqtt/dial.h"

static char first[] = "127.0.0.1", second[] = "::1", port[] = "1883";
static const struct conf_broker brokers[] = {
    {.host = first, .port = port}, {.host = second, .port = port}};

static char cause[100];

/* All brokers, then a pause that grows to a minute. */
static void
turns(void **state)
{
	uint64_t now = 5000, pause = DIAL_PAUSE_MS;
	struct dial d;

	dial_init(&d, brokers, 2);
	for (int i = 0; i < 10; i++) {
		assert_true(dial_at(&d) <= now);
		assert_int_equal(d.broker, 0);
		assert_string_equal(dial_next(&d, now, cause, sizeof(cause)), first);
		dial_failed(&d, now);
		assert_true(dial_at(&d) <= now);
		assert_int_equal(d.broker, 1);
		assert_string_equal(dial_next(&d, now, cause, sizeof(cause)), second);
		dial_failed(&d, now);
		assert_int_equal(dial_at(&d), now + pause);
		now = dial_at(&d);
		pause =
		    pause * 2 > DIAL_PAUSE_LONGEST_MS ? DIAL_PAUSE_LONGEST_MS : pause * 2;
	}
}

/* Behind a connection that was there the next one is tried, soon. */
static void
breaks(void **state)
{
	uint64_t now = 5000;
	struct dial d;

	dial_init(&d, brokers, 2);
	for (int i = 0; i < 10; i++) {
		dial_next(&d, now, cause, sizeof(cause));
		assert_int_equal(d.broker, i % 2);
		dial_broke(&d, 100, now);
		assert_true(dial_at(&d) <= now + DIAL_PAUSE_BROKE_MS);
		now = dial_at(&d);
	}
	dial_next(&d, now, cause, sizeof(cause));
	dial_broke(&d, DIAL_LIVED_MS, now);
	assert_int_equal(dial_at(&d), now + DIAL_PAUSE_MS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(turns),
	    cmocka_unit_test(breaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
