/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <event2/event.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/asked.h"

#define LONG_MS 3600000 /* nobody waits that long here */

static struct event_base *base;
static struct asked *asked;
static struct feed_ups one, two;
static char said[256]; /* since the last look: "deed NAME RESULT", "done ID STATUS" */
static unsigned deeds;

static void
on_deed(void *arg, const struct feed_ups *u, const struct feed_deed *d)
{
	size_t len = strlen(said);

	deeds++;
	snprintf(said + len, sizeof(said) - len, "deed %s %d;", d->name, d->result);
	event_base_loopbreak(base);
}

static void
on_done(void *arg, void *who, unsigned long id, unsigned long status)
{
	size_t len = strlen(said);

	snprintf(said + len, sizeof(said) - len, "done %lu %lu;", id, status);
}

static const struct asked_ops ops = {.deed = on_deed, .done = on_done};

static void
begin(unsigned patience_ms)
{
	base = event_base_new();
	asked = asked_new(base, patience_ms, &ops, NULL);
	*said = '\0';
	deeds = 0;
}

static void
end(void)
{
	asked_free(asked);
	event_base_free(base);
}

static unsigned long
ask(const struct feed_ups *u, const char *name, void *who, unsigned long id)
{
	struct feed_deed d;

	feed_deed_make(&d, "admin", "::1", "INSTCMD", name, NULL);
	return asked_add(asked, u, &d, who, id);
}

static void
assert_said(const char *wanted)
{
	assert_string_equal(said, wanted);
	*said = '\0';
}

static void
test_told(void **state)
{
	unsigned long a, b, c, d;
	int who;

	begin(LONG_MS);
	a = ask(&one, "a", NULL, 1);
	b = ask(&one, "b", &who, 7);
	c = ask(&two, "c", &who, 8);
	d = ask(&one, "d", NULL, 9);
	assert_true(a != 0 && a != b && b != c && c != d);
	asked_told(asked, &two, a, 0); /* of another UPS */
	assert_said("");
	asked_told(asked, &one, b, 2);
	assert_said("deed b 2;done 7 2;");
	asked_told(asked, &one, b, 0);
	assert_said("");
	asked_drop(asked, a);
	asked_drop(asked, 0);
	asked_told(asked, &one, 0, 3); /* lost */
	assert_said("deed d 3;");
	asked_told(asked, &two, c, 4000);
	assert_said("deed c 99;done 8 4000;");
	end();
}

/* Who is gone is told nothing; what he did stays done. */
static void
test_gone(void **state)
{
	unsigned long a;
	int who, other;

	begin(LONG_MS);
	a = ask(&one, "a", &who, 1);
	ask(&one, "b", &other, 2);
	asked_gone(asked, &who);
	asked_told(asked, &one, a, 0);
	assert_said("deed a 0;");
	end();
}

/* A driver that does not tell: the deed was sent, its result is waited for. */
static void
test_patience(void **state)
{
	unsigned long a;
	int who;

	begin(20);
	a = ask(&one, "a", &who, 1);
	ask(&one, "b", NULL, 2);
	while (deeds < 2)
		assert_int_equal(event_base_dispatch(base), 0);
	assert_said("deed a -1;deed b -1;");
	asked_told(asked, &one, 0, 0);
	assert_said("done 1 0;");
	a = ask(&one, "c", &who, 3);
	while (deeds < 3)
		assert_int_equal(event_base_dispatch(base), 0);
	assert_said("deed c -1;");
	asked_gone(asked, &who);
	asked_told(asked, &one, a, 0);
	assert_said("");
	end();
}

/* One too many: the oldest is given up. */
static void
test_many(void **state)
{
	begin(LONG_MS);
	for (int i = 0; i < ASKED_MAX; i++)
		ask(&one, i == 0 ? "first" : "x", NULL, 1);
	assert_said("");
	ask(&one, "x", NULL, 1);
	assert_said("deed first -1;");
	end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_told),
	    cmocka_unit_test(test_gone),
	    cmocka_unit_test(test_patience),
	    cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
