/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/dserver.h"
#include "net/tracking.h"

static unsigned next;

/* The same byte again and again, with a number at the end that grows. */
static void
counting(void *bytes, size_t len)
{
	unsigned char *b = bytes;

	memset(b, (int)(next & 0xff), len);
	b[len - 1] = (unsigned char)next;
	b[len - 2] = (unsigned char)(next >> 8);
	next++;
}

/* Taken, pending, done: each with the words of NUT. */
static void
test_results(void **state)
{
	static const struct {
		unsigned long status;
		const char *answer;
	} rows[] = {
	    {DSERVER_DONE, "SUCCESS"},
	    {DSERVER_UNKNOWN, "ERR UNKNOWN"},
	    {DSERVER_INVALID, "ERR INVALID-ARGUMENT"},
	    {DSERVER_FAILED, "ERR FAILED"},
	    {77, "ERR FAILED"},
	};
	struct tracking *t = tracking_new(counting);

	for (unsigned long i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char id[64];

		tracking_asked(t, 5, 100 + i, 1000);
		snprintf(id, sizeof(id), "%s", tracking_taken(t, 5));
		assert_string_equal(tracking_answer(t, id, 1000), "PENDING");
		tracking_done(t, 100 + i, rows[i].status);
		assert_string_equal(tracking_answer(t, id, 1000), rows[i].answer);
		tracking_done(t, 100 + i, DSERVER_DONE);
		assert_string_equal(tracking_answer(t, id, 1000), rows[i].answer);
	}
	assert_string_equal(tracking_answer(t, "x", 1000), "ERR UNKNOWN");
	tracking_free(t);
}

/* A UUID of version 4 whatever the random bytes are. */
static void
test_id(void **state)
{
	struct tracking *t = tracking_new(counting);

	next = 0xffff;
	tracking_asked(t, 1, 1, 0);
	assert_string_equal(tracking_taken(t, 1), "ffffffff-ffff-4fff-bfff-ffffffffffff");
	assert_string_equal(tracking_taken(t, 1), "");
	assert_string_equal(
	    tracking_answer(t, "FFFFFFFF-ffff-4fff-bfff-ffffffffffff", 0), "PENDING");
	tracking_free(t);
}

static void
test_refused_and_lost(void **state)
{
	struct tracking *t = tracking_new(counting);
	char id[64];

	next = 0;
	tracking_asked(t, 1, 1, 0);
	tracking_refused(t, 1);
	assert_string_equal(
	    tracking_answer(t, "00000000-0000-4000-8000-000000000000", 0), "ERR UNKNOWN");
	tracking_asked(t, 1, 2, 0);
	snprintf(id, sizeof(id), "%s", tracking_taken(t, 1));
	tracking_lost(t);
	assert_string_equal(tracking_answer(t, id, 0), "ERR FAILED");
	tracking_done(t, 2, DSERVER_DONE);
	assert_string_equal(tracking_answer(t, id, 0), "ERR FAILED");
	tracking_free(t);
}

/* Kept for TRACKINGDELAY, and no more than there is room for. */
static void
test_forgotten(void **state)
{
	struct tracking *t = tracking_new(counting);
	char id[64];

	next = 0;
	tracking_keep(t, 5000);
	tracking_asked(t, 1, 1, 1000);
	snprintf(id, sizeof(id), "%s", tracking_taken(t, 1));
	tracking_done(t, 1, DSERVER_DONE);
	assert_string_equal(tracking_answer(t, id, 5999), "SUCCESS");
	assert_string_equal(tracking_answer(t, id, 6000), "ERR UNKNOWN");
	tracking_asked(t, 1, 1, 7000);
	snprintf(id, sizeof(id), "%s", tracking_taken(t, 1));
	for (unsigned long i = 0; i < TRACKING_MAX; i++)
		tracking_asked(t, 2, 2 + i, 7000);
	assert_string_equal(tracking_answer(t, id, 7000), "ERR UNKNOWN");
	tracking_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_results),
	    cmocka_unit_test(test_id),
	    cmocka_unit_test(test_refused_and_lost),
	    cmocka_unit_test(test_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
