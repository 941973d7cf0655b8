/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/schedtalk.h"
#include "cli/timers.h"

#define WALL 1000000

static int
setup(void **state)
{
	*state = timers_new();
	return 0;
}

static int
teardown(void **state)
{
	timers_free(*state);
	return 0;
}

static void
start(struct timers *t, const char *name, uint64_t due, const char *ups, bool shared)
{
	const struct timer_event e = {
	    .ups = ups, .type = "ONBATT", .message = "on battery"};

	assert_int_equal(timers_start(t, name, due, &e, shared), 0);
}

/* The next that is due at `now` is this one, with these UPSes. */
static void
assert_told(struct timers *t, uint64_t now, const char *name, const char *upses)
{
	struct timer_told told;

	assert_true(timers_take(t, now, &told));
	assert_string_equal(told.name, name);
	assert_string_equal(buf_str(&told.ups), upses);
	timer_told_free(&told);
}

static void
assert_nothing_due(struct timers *t, uint64_t now)
{
	struct timer_told told;

	assert_false(timers_take(t, now, &told));
}

static void
test_due_in_order(void **state)
{
	struct timers *t = *state;

	assert_int_equal(timers_next(t), 0);
	start(t, "late", 300, "a", false);
	start(t, "soon", 200, "a", false);
	start(t, "soon", 200, "b", false);
	assert_int_equal(timers_next(t), 200);
	assert_nothing_due(t, 199);
	assert_told(t, 400, "soon", "a");
	assert_told(t, 400, "soon", "b");
	assert_told(t, 400, "late", "a");
	assert_nothing_due(t, 400);
	assert_int_equal(timers_next(t), 0);
}

/* A shared timer keeps its moment, and tells each text once. */
static void
test_shared(void **state)
{
	const struct timer_event other = {
	    .ups = "a", .type = "LOWBATT", .message = "low"};
	const struct timer_event silent = {.ups = "", .type = "", .message = ""};
	struct timers *t = *state;
	struct timer_told told;

	start(t, "off", 100, "a", true);
	start(t, "off", 500, "b", true);
	start(t, "off", 500, "a", true);
	timers_start(t, "off", 500, &other, true);
	timers_start(t, "off", 500, &silent, true);
	assert_int_equal(timers_next(t), 100);
	assert_true(timers_take(t, 100, &told));
	assert_string_equal(buf_str(&told.ups), "a,b");
	assert_string_equal(buf_str(&told.type), "ONBATT,LOWBATT");
	assert_string_equal(buf_str(&told.message), "on battery.\tlow");
	timer_told_free(&told);
	assert_int_equal(timers_next(t), 0);
	start(t, "off", 900, "b", true);
	assert_int_equal(timers_next(t), 900);
}

static void
test_cancel(void **state)
{
	struct timers *t = *state;

	assert_int_equal(timers_cancel(t, "off", NULL), 0);
	start(t, "off", 100, "a", false);
	start(t, "off", 200, "b", false);
	start(t, "warn", 300, "a", false);
	assert_int_equal(timers_cancel(t, "off", NULL), 2);
	assert_int_equal(timers_next(t), 300);
}

/* A UPS takes back what it has started, and no more. */
static void
test_cancel_matched(void **state)
{
	struct timers *t = *state;

	start(t, "off", 100, "a", true);
	start(t, "off", 100, "b", true);
	start(t, "off", 200, "a", false);
	assert_int_equal(timers_cancel(t, "off", "c"), 0);
	assert_int_equal(timers_cancel(t, "off", "a"), 2);
	assert_told(t, 1000, "off", "b");
	assert_nothing_due(t, 1000);
	start(t, "off", 100, "b", true);
	assert_int_equal(timers_cancel(t, "off", "b"), 1);
	assert_nothing_due(t, 1000);
}

/* After the machine has slept nothing happens at once, and all of it a little later. */
static void
test_postpone(void **state)
{
	struct timers *t = *state;

	start(t, "overdue", 100, "a", false);
	start(t, "later", 90000, "a", false);
	timers_postpone(t, 65000);
	assert_nothing_due(t, 64999);
	assert_told(t, 65000, "overdue", "a");
	assert_int_equal(timers_next(t), 90000);
}

static void
test_limits(void **state)
{
	const struct timer_event e = {.ups = "a", .type = "", .message = ""};
	struct timers *t = *state;

	for (int i = 0; i < TIMERS_MAX; i++)
		start(t, "x", 1, "a", false);
	assert_int_equal(timers_start(t, "y", 1, &e, false), -1);
	assert_int_equal(timers_start(t, "x", 1, &e, true), 0);
	assert_int_equal(timers_cancel(t, "x", NULL), TIMERS_MAX);
	for (int i = 0; i < 2 * TIMER_EVENTS_MAX; i++) {
		char ups[16];

		snprintf(ups, sizeof(ups), "u%d", i);
		start(t, "x", 1, ups, true);
	}
	assert_int_equal(timers_cancel(t, "x", "u99"), 1);
	assert_int_equal(timers_cancel(t, "x", "u100"), 0);
}

/* Each question and its answer, from now = 5 s on. */
static const struct {
	const char *question, *answer;
} talk[] = {
    {"LIST", "OK\n"},
    {"START off 30 a@x ONBATT \"no mains\"", "OK\n"},
    {"START \"my timer\" 0 \"\" \"\" \"\"", "OK\n"},
    {"LIST", "TIMER\toff\t1000030\t30\tONBATT\ta@x\tno mains\n"
	     "TIMER\tmy timer\t1000000\t0\t\"\"\t\"\"\t\"\"\nOK\n"},
    {"START-SHARED off 60 b@x ONBATT \"no mains\"", "OK\n"},
    {"CANCEL off c@x", "OK 0\n"},
    {"CANCEL off", "OK 1\n"},
    {"CANCEL off", "OK 0\n"},
    {"START off 31536001 a b c", "ERR this is no number of seconds\n"},
    {"START off -1 a b c", "ERR this is no number of seconds\n"},
    {"START off 3x a b c", "ERR this is no number of seconds\n"},
    {"START off 3", "ERR unknown question\n"},
    {"START off 3 a b c d", "ERR unknown question\n"},
    {"CANCEL", "ERR unknown question\n"},
    {"list", "ERR unknown question\n"},
    {"", "ERR unknown question\n"},
    {"CANCEL \"off", "ERR unbalanced quote\n"},
    {"CANCEL o\001ff", "ERR control character in line\n"},
};

static void
test_talk(void **state)
{
	struct buf out = {0};

	for (size_t i = 0; i < sizeof(talk) / sizeof(talk[0]); i++) {
		schedtalk_answer(
		    *state, talk[i].question, strlen(talk[i].question), 5000, WALL, &out);
		assert_string_equal(buf_str(&out), talk[i].answer);
		buf_clear(&out);
	}
	buf_free(&out);
}

/* Whatever a message holds, it is one line that is understood. */
static void
test_compose(void **state)
{
	char message[3000];
	const struct timer_event e = {
	    .ups = "a\"\\@x", .type = "ONBATT", .message = message};
	struct buf question = {0}, answer = {0};
	struct timer_told told;

	memset(message, '"', sizeof(message) - 1);
	message[sizeof(message) - 1] = '\0';
	message[3] = '\n';
	memcpy(&message[1023], "\xc3\xa4", 2); /* ä, of which one byte would be left */
	schedtalk_start(&question, "off", 2, &e, false);
	assert_true(question.len <= SCHEDTALK_LINE_MAX);
	schedtalk_answer(*state, buf_str(&question), question.len - 1, 0, 0, &answer);
	assert_string_equal(buf_str(&answer), "OK\n");
	assert_true(timers_take(*state, 2000, &told));
	assert_string_equal(buf_str(&told.ups), "a\"\\@x");
	assert_int_equal(told.message.len, 1023);
	assert_memory_equal(buf_str(&told.message), "\"\"\" \"", 5);
	timer_told_free(&told);
	buf_clear(&question);
	schedtalk_cancel(&question, "o\tff", "a b");
	schedtalk_list(&question);
	assert_string_equal(buf_str(&question), "CANCEL \"o ff\" \"a b\"\nLIST\n");
	buf_free(&question);
	buf_free(&answer);
	assert_int_equal(schedtalk_count("OK 12"), 12);
	assert_int_equal(schedtalk_count("OK"), -1);
	assert_int_equal(schedtalk_count("ERR 1"), -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_due_in_order),
	    TEST(test_shared),
	    TEST(test_cancel),
	    TEST(test_cancel_matched),
	    TEST(test_postpone),
	    TEST(test_limits),
	    TEST(test_talk),
	    TEST(test_compose),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
