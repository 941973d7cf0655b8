/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "net/room.h"

#define MAX 100 /* of which one address may have 25 */

/* So many come in from there; returns the address as it is kept. */
static const char *
enter(struct room *r, const char *address, int times)
{
	const char *kept = NULL;

	while (times-- > 0) {
		const char *again = room_enter(r, address);

		assert_true(kept == NULL || kept == again);
		kept = again;
	}
	assert_string_equal(kept, address);
	return kept;
}

static void
leave(struct room *r, const char *kept, int times)
{
	while (times-- > 0)
		room_leave(r, kept);
}

static void
test_share(void **state)
{
	struct room r = {0};
	const char *one = enter(&r, "10.0.0.1", 24);

	assert_int_equal(room_ask(&r, MAX, "10.0.0.1"), ROOM_FREE);
	enter(&r, "10.0.0.1", 1);
	assert_int_equal(room_ask(&r, MAX, "10.0.0.1"), ROOM_CROWDED);
	assert_int_equal(room_ask(&r, MAX, "10.0.0.2"), ROOM_FREE);
	room_leave(&r, one);
	assert_int_equal(room_ask(&r, MAX, "10.0.0.1"), ROOM_FREE);
	leave(&r, one, 24);
	assert_int_equal(r.count, 0);
}

/* A room that is small has no quarter worth that name. */
static void
test_small(void **state)
{
	struct room r = {0};
	const char *one = enter(&r, "10.0.0.1", ROOM_SHARE_LEAST);

	assert_int_equal(room_ask(&r, 20, "10.0.0.1"), ROOM_CROWDED);
	assert_int_equal(room_ask(&r, ROOM_SHARE_LEAST, "10.0.0.2"), ROOM_FULL);
	leave(&r, one, ROOM_SHARE_LEAST);
}

static void
test_loopback(void **state)
{
	static const char *const addresses[] = {
	    "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"};
	struct room r = {0};

	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		const char *kept = enter(&r, addresses[i], MAX - 1);

		assert_int_equal(room_ask(&r, MAX, addresses[i]), ROOM_FREE);
		enter(&r, addresses[i], 1);
		assert_int_equal(room_ask(&r, MAX, addresses[i]), ROOM_FULL);
		leave(&r, kept, MAX);
	}
}

/* More addresses than buckets, which leave in another order. */
static void
test_many(void **state)
{
	enum { MANY = 3 * ROOM_BUCKETS };
	static const char *kept[MANY];
	struct room r = {0};
	char address[32];

	for (int i = 0; i < MANY; i++) {
		snprintf(address, sizeof(address), "10.1.%d.%d", i / 256, i % 256);
		kept[i] = enter(&r, address, 1);
	}
	assert_int_equal(r.count, MANY);
	for (int i = 0; i < MANY; i += 2)
		room_leave(&r, kept[i]);
	for (int i = 1; i < MANY; i += 2) {
		snprintf(address, sizeof(address), "10.1.%d.%d", i / 256, i % 256);
		assert_string_equal(kept[i], address);
		room_leave(&r, kept[i]);
	}
	for (size_t i = 0; i < ROOM_BUCKETS; i++)
		assert_null(r.buckets[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_share),
	    cmocka_unit_test(test_small),
	    cmocka_unit_test(test_loopback),
	    cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
