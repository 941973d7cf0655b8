/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "publish/http.h"
#include "publish/schedule.h"

/* A schedule of three values under virtual time. */
static struct schedule s;
static uint64_t now;

static int
begin(void **state)
{
	schedule_grow(&s, 3);
	now = 1000000;
	return 0;
}

static int
end(void **state)
{
	schedule_free(&s);
	return 0;
}

/* Value i is due after exactly `wait` ms; tells it with this result. */
static void
told(uint64_t wait, size_t i, enum verdict verdict)
{
	size_t who = 99;

	assert_int_equal(schedule_wait(&s, now, &who), wait);
	now += wait;
	assert_int_equal(schedule_wait(&s, now, &who), 0);
	assert_int_equal(who, i);
	schedule_done(&s, i, verdict, now);
}

static uint64_t
waits(void)
{
	size_t who;

	return schedule_wait(&s, now, &who);
}

static void
test_change(void **state)
{
	assert_true(waits() == SCHEDULE_NEVER);
	schedule_set(&s, 0, "34.0");
	schedule_set(&s, 0, "35.0");
	schedule_set(&s, 3, "beyond the last");
	told(0, 0, VERDICT_OK);
	assert_int_equal(waits(), SCHEDULE_REFRESH_MS);
	schedule_set(&s, 0, "35.0");
	assert_int_equal(waits(), SCHEDULE_REFRESH_MS);
	now += 2000;
	schedule_set(&s, 0, "36.0");
	told(0, 0, VERDICT_OK);
	/* There and back again before anybody was told: nothing happened. */
	schedule_set(&s, 0, "37.0");
	schedule_set(&s, 0, "36.0");
	assert_int_equal(waits(), SCHEDULE_REFRESH_MS);
}

/* Without a change each value comes again, and never more than 5 minutes pass. */
static void
test_refresh(void **state)
{
	schedule_set(&s, 0, "1.0");
	schedule_set(&s, 1, "2.0");
	told(0, 0, VERDICT_OK);
	now += 1000;
	told(0, 1, VERDICT_OK);
	for (int i = 0; i < 100; i++) {
		told(SCHEDULE_REFRESH_MS - 1000, 0, VERDICT_OK);
		told(1000, 1, VERDICT_OK);
	}
	assert_true(SCHEDULE_REFRESH_MS + HTTP_TOTAL_S * 1000 <= 300000);
}

/* What is not known is not told, and does not come back as news. */
static void
test_unknown(void **state)
{
	schedule_set(&s, 2, "28.0");
	told(0, 2, VERDICT_OK);
	schedule_set(&s, 2, "");
	assert_true(waits() == SCHEDULE_NEVER);
	now += 60000;
	schedule_set(&s, 2, "28.0");
	assert_int_equal(waits(), SCHEDULE_REFRESH_MS - 60000);
	schedule_set(&s, 2, "");
	now += 10 * SCHEDULE_REFRESH_MS;
	schedule_set(&s, 2, "28.0");
	told(0, 2, VERDICT_OK);
}

static void
test_backoff(void **state)
{
	static const uint64_t pauses[] = {
	    0, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000};

	for (size_t i = 0; i < 3; i++)
		schedule_set(&s, i, "1.0");
	for (size_t i = 0; i < sizeof(pauses) / sizeof(pauses[0]); i++)
		told(pauses[i], i % 3, i % 2 == 0 ? VERDICT_AWAY : VERDICT_DENIED);
	/* Changes wait for the end of the pause, and only the newest is told. */
	schedule_set(&s, 0, "2.0");
	schedule_set(&s, 0, "3.0");
	told(60000, 0, VERDICT_OK);
	assert_string_equal(s.items[0].told, "3.0");
	told(0, 1, VERDICT_OK);
	told(0, 2, VERDICT_FOREIGN);
	assert_int_equal(waits(), 1000); /* it begins afresh */
}

/* One sensor that is not there holds up no other. */
static void
test_refused(void **state)
{
	schedule_set(&s, 0, "1.0");
	schedule_set(&s, 1, "2.0");
	told(0, 0, VERDICT_REFUSED);
	told(0, 1, VERDICT_OK);
	schedule_set(&s, 0, "1.5");
	told(SCHEDULE_RETRY_MAX_MS, 0, VERDICT_OK);
}

/* With a slow server, a value that changes all the time leaves the others their turn. */
static void
test_turns(void **state)
{
	schedule_set(&s, 1, "2.0");
	told(0, 1, VERDICT_OK);
	now += SCHEDULE_REFRESH_MS;
	s.next = 0;
	for (int i = 0; i < 3; i++) { /* it changes, and once more while it is told */
		schedule_set(&s, 0, i == 0 ? "1.0" : "1.1");
		if (i == 1)
			told(0, 1, VERDICT_OK);
		else
			told(0, 0, VERDICT_OK);
		now += 9000;
	}
}

/* The urgent ones are told before all others, in their turn among themselves. */
static void
test_urgent(void **state)
{
	schedule_grow(&s, 5);
	s.items[3].urgent = s.items[4].urgent = true;
	for (size_t i = 0; i < 5; i++)
		schedule_set(&s, i, "1");
	told(0, 3, VERDICT_OK);
	told(0, 4, VERDICT_OK);
	told(0, 0, VERDICT_OK);
	schedule_set(&s, 3, "2");
	told(0, 3, VERDICT_OK);
	told(0, 1, VERDICT_OK);
	told(0, 2, VERDICT_OK);
}

/* A value that changes all the time is told at its pace, the newest one. */
static void
test_pace(void **state)
{
	s.items[0].pace_ms = 5000;
	schedule_set(&s, 0, "1");
	told(0, 0, VERDICT_OK);
	now += 1000;
	schedule_set(&s, 0, "2");
	assert_int_equal(waits(), 4000);
	now += 1000;
	schedule_set(&s, 0, "3");
	told(3000, 0, VERDICT_OK);
	assert_string_equal(s.items[0].told, "3");
	now += 6000;
	schedule_set(&s, 0, "4");
	told(0, 0, VERDICT_OK);
}

/* What the server has lost is told at once, whatever it was told before. */
static void
test_forget(void **state)
{
	schedule_set(&s, 0, "1");
	told(0, 0, VERDICT_OK);
	schedule_forget(&s, 0);
	told(0, 0, VERDICT_REFUSED);
	schedule_forget(&s, 0);
	told(0, 0, VERDICT_OK);
	assert_int_equal(waits(), SCHEDULE_REFRESH_MS);
}

/* Questions that tell nothing share the pauses. */
static void
test_asked(void **state)
{
	schedule_set(&s, 0, "1");
	schedule_asked(&s, VERDICT_AWAY, now);
	assert_int_equal(schedule_pause(&s, now), 1000);
	assert_int_equal(waits(), 1000);
	schedule_asked(&s, VERDICT_FOREIGN, now);
	assert_int_equal(schedule_pause(&s, now), 2000);
	schedule_asked(&s, VERDICT_REFUSED, now);
	assert_int_equal(schedule_pause(&s, now), 0);
	told(0, 0, VERDICT_OK);
}

/* A long text is cut between two letters. */
static void
test_long(void **state)
{
	char text[SCHEDULE_TEXT_MAX + 3];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	memcpy(text + SCHEDULE_TEXT_MAX - 1, "\xc3\xa9", 2);
	schedule_set(&s, 0, text);
	assert_int_equal(strlen(s.items[0].text), SCHEDULE_TEXT_MAX - 1);
}

#define TIMED(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TIMED(test_change),
	    TIMED(test_refresh),
	    TIMED(test_unknown),
	    TIMED(test_backoff),
	    TIMED(test_refused),
	    TIMED(test_turns),
	    TIMED(test_urgent),
	    TIMED(test_pace),
	    TIMED(test_forget),
	    TIMED(test_asked),
	    TIMED(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
