/* SPDX-License-Identifier: ISC */
/* Claims on their way to judge, and what is remembered of its verdicts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "net/questions.h"
#include "net/remember.h"

static int clients[200]; /* their addresses stand for them */

static struct question *
from(int client, const char *address)
{
	return question_new(&clients[client], address, "a", "secret", "$y$hash");
}

/* Takes the next one; who asked it. */
static int
next_client(struct questions *q)
{
	struct question *this = questions_take(q);
	int client = this == NULL ? -1 : (int)((int *)this->who - clients);

	question_free(this);
	return client;
}

/* Addresses take turns, and within one address who came first is first. */
static void
test_turns(void **state)
{
	static const int order[] = {0, 4, 1, 5, 6, 2, 3, -1};
	struct questions q;

	questions_init(&q);
	for (int i = 0; i < 4; i++)
		assert_null(questions_add(&q, from(i, "192.0.2.1"), 0));
	assert_null(questions_add(&q, from(4, "192.0.2.2"), 0));
	assert_null(questions_add(&q, from(5, "192.0.2.2"), 0));
	assert_int_equal(next_client(&q), order[0]);
	assert_null(questions_add(&q, from(6, "192.0.2.3"), 0));
	for (size_t i = 1; i < sizeof(order) / sizeof(order[0]); i++)
		assert_int_equal(next_client(&q), order[i]);
	assert_int_equal(q.nwaiting, 0);
	questions_clear(&q);
}

/* What is too much is refused where it comes from. */
static void
test_room(void **state)
{
	struct questions q;
	struct question *refused;
	char address[32];
	int n = 0;

	questions_init(&q);
	while (n < QUESTIONS_PER_ADDRESS)
		assert_null(questions_add(&q, from(n++, "192.0.2.1"), 0));
	refused = questions_add(&q, from(n, "192.0.2.1"), 0);
	assert_ptr_equal(refused->who, &clients[n]);
	question_free(refused);
	for (; n < QUESTIONS_MAX; n++) {
		snprintf(address, sizeof(address), "198.51.100.%d", n);
		assert_null(questions_add(&q, from(n, address), 0));
	}
	/* The last of those who ask most gives way to one who asks once. */
	refused = questions_add(&q, from(n, "203.0.113.1"), 0);
	assert_ptr_equal(refused->who, &clients[QUESTIONS_PER_ADDRESS - 1]);
	question_free(refused);
	assert_int_equal(q.nwaiting, QUESTIONS_MAX);
	questions_clear(&q);
}

static void
test_times(void **state)
{
	struct question *zero = from(0, "192.0.2.1"), *this;
	struct questions q;

	questions_init(&q);
	questions_hold(&q, zero, 3000, 0);
	questions_hold(&q, from(1, "192.0.2.1"), 1000, 0);
	questions_hold(&q, from(2, "192.0.2.1"), 2500, 500);
	questions_hold(&q, from(3, "192.0.2.1"), 30000, 0);
	assert_int_equal(q.nheld, 4);
	assert_null(questions_released(&q, 999));
	this = questions_released(&q, 1000);
	assert_ptr_equal(this->who, &clients[1]);
	assert_null(questions_released(&q, 1000));
	assert_null(questions_add(&q, this, 1000));
	assert_null(questions_overdue(&q, 1000 + QUESTIONS_MS - 1));
	this = questions_overdue(&q, 1000 + QUESTIONS_MS);
	assert_ptr_equal(this->who, &clients[1]);
	question_free(this);

	assert_true(questions_forget(&q, zero));
	this = questions_released(&q, 3000);
	assert_ptr_equal(this->who, &clients[2]);
	assert_null(questions_add(&q, this, 3000));
	assert_true(questions_forget(&q, this));
	this = questions_released(&q, 30000);
	assert_ptr_equal(this->who, &clients[3]);
	assert_false(questions_forget(&q, this));
	question_free(this);
	assert_int_equal(q.nheld, 0);
	assert_int_equal(q.nwaiting, 0);
	assert_null(questions_released(&q, 100000));
	questions_clear(&q);
}

static void
test_remember(void **state)
{
	struct remember r = {.key = {1, 2, 3}}, other = {.key = {1, 2, 4}};
	char account[16];

	assert_false(remember_has(&r, "a", "$y$h", "secret"));
	remember_add(&r, "a", "$y$h", "secret");
	assert_true(remember_has(&r, "a", "$y$h", "secret"));
	assert_false(remember_has(&r, "a", "$y$h", "secre"));
	assert_false(remember_has(&r, "a", "$y$i", "secret"));
	assert_false(remember_has(&r, "b", "$y$h", "secret"));
	assert_false(remember_has(&r, "a$y$h", "", "secret"));
	remember_add(&other, "a", "$y$h", "secret");
	assert_memory_not_equal(r.list[0].mac, other.list[0].mac, SHA256_SIZE);

	for (int i = 0; i < REMEMBER_MAX; i++) {
		snprintf(account, sizeof(account), "user%d", i);
		remember_add(&r, account, "$y$h", "secret");
		assert_true(
		    i == REMEMBER_MAX - 1 || remember_has(&r, "a", "$y$h", "secret"));
	}
	assert_true(remember_has(&r, account, "$y$h", "secret"));
	assert_false(remember_has(&r, "user0", "$y$h", "secret"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_turns),
	    cmocka_unit_test(test_room),
	    cmocka_unit_test(test_times),
	    cmocka_unit_test(test_remember),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
