/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "net/quiet.h"

#define OB_MS 1000000

static void
say(struct feed *f, const char *line)
{
	assert_int_not_equal(feed_apply(f, line, strlen(line)).kind, FEED_BROKEN);
}

static void
outage(struct quiet *q)
{
	struct feed f = {0};

	*q = (struct quiet){0};
	say(&f, "BEGIN 0");
	say(&f, "UPS a \"\"");
	say(&f, "a SETINFO ups.status \"OL\"");
	say(&f, "END 0");
	quiet_change(q, &f, OB_MS - 50000);
	assert_int_equal(quiet_next(q), 0);
	say(&f, "1 a SETINFO ups.status \"OB DISCHRG\"");
	quiet_change(q, &f, OB_MS);
	say(&f, "2 a SETINFO ups.status \"OB DISCHRG LB\"");
	quiet_change(q, &f, OB_MS + 5000);
	feed_clear(&f);
}

/* One look: last signs of life, from OB on, up to a 0; the verdict. */
static size_t
look(struct quiet *q, const int *signs)
{
	char name[] = "10.0.0.0";

	quiet_look(q);
	for (size_t i = 0; signs[i] != 0; i++) {
		name[7] = (char)('1' + i);
		quiet_sign(q, name, (uint64_t)(OB_MS + signs[i]));
		quiet_sign(q, name, (uint64_t)(OB_MS + signs[i]) - 5);
	}
	return quiet_verdict(q);
}

static void
verdicts(void **state)
{
	static const struct {
		const char *what;
		int signs[4];
		size_t first, second; /* after 30 s, after 75 s */
	} rows[] = {
	    {"all silent at once", {-4000, 1900, -100, 0}, 3, 0},
	    {"one goes on", {-4000, 29000, -100, 0}, 0, 0},
	    {"one was heard 3 s later", {-4000, 3000, 0}, 0, 0},
	    {"one client only: after 75 s", {-4000, 0}, 0, 1},
	    {"nobody came often", {-30000, -50000, 0}, 0, 0},
	    {"one often, one seldom", {-4000, -50000, 0}, 0, 1},
	    {"nobody is there", {0}, 0, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct quiet q;

		outage(&q);
		assert_int_equal(quiet_next(&q), OB_MS + QUIET_LOOK_MS);
		if (look(&q, rows[i].signs) != rows[i].first)
			fail_msg("%s: first look", rows[i].what);
		if (quiet_next(&q) == 0) {
			if (rows[i].second != 0)
				fail_msg("%s: no second look", rows[i].what);
			continue;
		}
		assert_int_equal(quiet_next(&q), OB_MS + QUIET_LAST_MS);
		if (look(&q, rows[i].signs) != rows[i].second)
			fail_msg("%s: second look", rows[i].what);
		assert_int_equal(quiet_next(&q), 0);
	}
}

/* Said once; the mains must be back before it can be said again. */
static void
once(void **state)
{
	const int signs[] = {-100, -200, 0};
	struct feed f = {0};
	struct quiet q;

	outage(&q);
	assert_int_equal(look(&q, signs), 2);
	say(&f, "BEGIN 0");
	say(&f, "UPS a \"\"");
	say(&f, "a SETINFO ups.status \"OB\"");
	say(&f, "END 0");
	quiet_change(&q, &f, OB_MS + 40000);
	assert_int_equal(quiet_next(&q), 0);
	say(&f, "1 a SETINFO ups.status \"OL\"");
	quiet_change(&q, &f, OB_MS + 50000);
	say(&f, "2 a SETINFO ups.status \"OB\"");
	quiet_change(&q, &f, OB_MS + 60000);
	assert_int_equal(quiet_next(&q), OB_MS + 60000 + QUIET_LOOK_MS);
	feed_clear(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(verdicts),
	    cmocka_unit_test(once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
