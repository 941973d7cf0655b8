/* SPDX-License-Identifier: ISC */
/* Who a UPS is: there from the first answer on, and the same ever after. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <string.h>

#include "net/identity.h"

struct model {
	struct feed feed;
	struct identity identity;
	unsigned long number;
};

/* Applies one line of the feed, with its number where it is a change. */
static enum feed_kind
tell(struct model *m, const char *line)
{
	char numbered[256];
	struct feed_change change;

	if (m->feed.whole)
		snprintf(numbered, sizeof(numbered), "%lu %s", ++m->number, line);
	else
		snprintf(numbered, sizeof(numbered), "%s", line);
	change = feed_apply(&m->feed, numbered, strlen(numbered));
	identity_apply(&m->identity, &m->feed, &change);
	return change.kind;
}

static void
tell_all(struct model *m, const char *const *lines)
{
	for (; *lines != NULL; lines++)
		assert_int_not_equal(tell(m, *lines), FEED_BROKEN);
}

static void
assert_var(struct model *m, const char *ups, const char *name, const char *text)
{
	const char *is = state_get(feed_find(&m->feed, ups)->state, name);

	if (text == NULL)
		assert_null(is);
	else {
		assert_non_null(is);
		assert_string_equal(is, text);
	}
}

static void
end(struct model *m)
{
	feed_clear(&m->feed);
	identity_free(&m->identity);
}

/* A driver that tells little: what is made up is never a measurement. */
static void
test_poor(void **state)
{
	static const char *const lines[] = {"BEGIN 0", "UPS poor \"\"",
	    "poor SETINFO ups.status \"OL\"", "poor SETINFO device.mfr \"APC\"",
	    "poor SETINFO ups.serial \"\"", "poor DATAOK", "UPS away \"\"",
	    "away SETINFO ups.mfr \"X\"", "END 0", NULL};
	struct model m = {0};

	tell_all(&m, lines);
	assert_var(&m, "poor", "ups.mfr", "APC");
	assert_var(&m, "poor", "device.mfr", "APC");
	assert_var(&m, "poor", "ups.model", "unknown");
	assert_var(&m, "poor", "device.model", "unknown");
	assert_var(&m, "poor", "ups.serial", "unknown");
	assert_var(&m, "poor", "device.type", "ups");
	assert_var(&m, "poor", "ups.test.result", "No test initiated");
	assert_int_equal(feed_find(&m.feed, "poor")->state->nvars, 9);
	/* Of one without data nothing is known to be missing. */
	assert_var(&m, "away", "device.mfr", NULL);
	assert_int_equal(tell(&m, "away DATAOK"), FEED_SOURCE);
	assert_var(&m, "away", "device.mfr", "X");
	/* What was unknown can become known, once. */
	assert_int_equal(tell(&m, "poor SETINFO device.serial \"1\""), FEED_VAR);
	assert_var(&m, "poor", "ups.serial", "1");
	assert_int_equal(tell(&m, "poor SETINFO ups.serial \"2\""), FEED_VAR);
	assert_var(&m, "poor", "ups.serial", "1");
	assert_int_equal(tell(&m, "poor SETINFO ups.test.result \"Done\""), FEED_VAR);
	assert_var(&m, "poor", "ups.test.result", "Done");
	assert_int_equal(tell(&m, "poor DELINFO ups.test.result"), FEED_VAR);
	assert_var(&m, "poor", "ups.test.result", "No test initiated");
	end(&m);
}

/* It stays through a driver that restarts, another snapshot, and a UPS that is swapped. */
static void
test_latched(void **state)
{
	static const char *const first[] = {"BEGIN 0", "UPS u \"\"",
	    "u SETINFO ups.mfr \"A\"", "u SETINFO ups.model \"B\"",
	    "u SETINFO ups.serial \"C\"", "u DATAOK", "END 0", NULL};
	static const char *const again[] = {"BEGIN 0", "UPS u \"\"",
	    "u SETINFO ups.mfr \"X\"", "u SETINFO device.serial \"Y\"", "u DATAOK",
	    "END 0", NULL};
	struct model m = {0};

	tell_all(&m, first);
	assert_int_equal(tell(&m, "u DELINFO ups.mfr"), FEED_VAR);
	assert_var(&m, "u", "ups.mfr", "A");
	assert_int_equal(tell(&m, "u LOST"), FEED_SOURCE);
	assert_int_equal(tell(&m, "u DELINFO ups.model"), FEED_DELVAR);
	assert_var(&m, "u", "ups.model", NULL);
	assert_int_equal(tell(&m, "u SETINFO ups.serial \"D\""), FEED_VAR);
	assert_int_equal(tell(&m, "u DATAOK"), FEED_SOURCE);
	assert_var(&m, "u", "ups.model", "B");
	assert_var(&m, "u", "ups.serial", "C");
	assert_var(&m, "u", "device.serial", "C");
	feed_clear(&m.feed);
	tell_all(&m, again);
	assert_var(&m, "u", "ups.mfr", "A");
	assert_var(&m, "u", "device.serial", "C");
	end(&m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_poor),
	    cmocka_unit_test(test_latched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
