/* SPDX-License-Identifier: ISC */
/* Who has said LOGOUT to a core that did not answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "net/leavers.h"

static void
leave(struct leavers *l, unsigned long id, unsigned long session, uint64_t now_ms)
{
	char account[16];
	const struct request r = {.id = id,
	    .session = session,
	    .account = account,
	    .address = "10.0.0.7",
	    .verb = REQUEST_LOGOUT,
	    .ups = "Fake"};

	snprintf(account, sizeof(account), "user%lu", session);
	leavers_add(l, &r, now_ms);
}

/* All that is said again, numbered from `id` on. */
static void
said_again(struct leavers *l, unsigned long id, uint64_t now_ms, const char *wanted)
{
	struct buf b = {0};
	struct request r;

	for (size_t i = 0; i < l->count; i++) {
		leavers_again(l, i, id + i, now_ms, &r);
		request_format(&b, &r);
	}
	assert_string_equal(buf_str(&b), wanted);
	buf_free(&b);
}

static void
test_again(void **state)
{
	struct leavers l = {0};

	leave(&l, 7, 1, 1000); /* sent */
	leave(&l, 0, 2, 1500); /* core is away */
	leave(&l, 0, 3, 1500);
	leavers_answered(&l, 6); /* something else */
	said_again(&l, 10, 2000,
	    "10 1 user1 10.0.0.7 - LOGOUT Fake 1000\n"
	    "11 2 user2 10.0.0.7 - LOGOUT Fake 500\n"
	    "12 3 user3 10.0.0.7 - LOGOUT Fake 500\n");

	/* Only what is answered is known; its number is the new one. */
	leavers_answered(&l, 7);
	leavers_answered(&l, 11);
	said_again(&l, 20, 1500,
	    "20 1 user1 10.0.0.7 - LOGOUT Fake 500\n"
	    "21 3 user3 10.0.0.7 - LOGOUT Fake 1\n"); /* never "now" */
	leavers_answered(&l, 20);
	leavers_answered(&l, 21);
	assert_int_equal(l.count, 0);
	leavers_answered(&l, 21);
	said_again(&l, 30, 3000, "");
}

static void
test_bounded(void **state)
{
	struct leavers l = {0};
	struct request r;

	for (unsigned long i = 0; i < 3 * LEAVERS_MAX; i++)
		leave(&l, 0, i, i);
	assert_int_equal(l.count, LEAVERS_MAX);
	for (size_t i = 0; i < l.count; i++) {
		leavers_again(&l, i, 1 + i, 1000, &r);
		assert_int_equal(r.session, 2 * LEAVERS_MAX + i);
	}
	leavers_clear(&l);
	assert_int_equal(l.count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_again),
	    cmocka_unit_test(test_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
