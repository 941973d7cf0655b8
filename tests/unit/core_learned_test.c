/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "core/learned.h"

#define HEALTH "battery.health"

/* A line of the driver, applied to the state before. */
static const char *
own(struct learned *l, struct state *s, const char *line)
{
	return learned_own(l, s, line, strlen(line));
}

static void
test_form(void **state)
{
	static const struct {
		const char *name, *value;
		bool taken;
	} cases[] = {
	    {HEALTH, "93", true},
	    {HEALTH, "0", true},
	    {HEALTH, "93.5", true},
	    {HEALTH, "100", true},
	    {HEALTH, "101", false},
	    {HEALTH, "-1", false},
	    {HEALTH, "nan", false},
	    {HEALTH, "0x10", false},
	    {HEALTH, "93.", false},
	    {HEALTH, "93 %", false},
	    {HEALTH, "1e1", false},
	    {HEALTH, "00000000000000001", false},
	    {"battery.health.confidence", "40", true},
	    {"battery.health.confidence", "2028-05-01", false},
	    {"battery.runtime.learned", "5400", true},
	    {"battery.runtime.learned", "2592001", false},
	    {"battery.date.replace", "2028-05-01", true},
	    {"battery.date.replace", "2028-13-01", false},
	    {"battery.date.replace", "2028-5-1", false},
	    {"battery.date.replace", "1999-05-01", false},
	    {"battery.date.replace", "2028-05-01 ", false},
	    {"battery.date.replace", "2028", false},
	    {"battery.charge", "50", false},
	    {"ups.status", "FSD", false},
	    {"", "1", false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct learned l = {0};
		struct state *s = state_new();
		const char *name = learned_say(&l, s, cases[i].name, cases[i].value);

		assert_int_equal(name != NULL, cases[i].taken);
		assert_int_equal(s->nvars, cases[i].taken);
		if (name != NULL) {
			assert_string_equal(name, cases[i].name);
			assert_string_equal(state_get(s, name), cases[i].value);
			assert_null(learned_say(&l, s, name, cases[i].value));
			assert_string_equal(learned_say(&l, s, name, ""), name);
			assert_int_equal(s->nvars, 0);
		}
		state_free(s);
		learned_clear(&l);
	}
}

/* The driver goes, and comes back without it, with its own, without it. */
static void
test_dumps(void **state)
{
	struct learned l = {0};
	struct state *s = state_new(), *dump = state_new();

	learned_say(&l, s, HEALTH, "93");
	learned_lay(&l, dump);
	assert_string_equal(state_get(dump, HEALTH), "93");
	assert_string_equal(learned_say(&l, dump, HEALTH, "92"), HEALTH);

	state_clear(dump);
	state_set(dump, HEALTH, "80");
	learned_lay(&l, dump);
	assert_string_equal(state_get(dump, HEALTH), "80");
	assert_null(learned_say(&l, dump, HEALTH, "91"));
	assert_null(learned_say(&l, dump, HEALTH, ""));
	assert_string_equal(state_get(dump, HEALTH), "80");
	learned_say(&l, dump, HEALTH, "90");

	state_clear(dump);
	learned_lay(&l, dump);
	assert_string_equal(state_get(dump, HEALTH), "90");
	/* ... which is told line by line. */
	assert_null(own(&l, dump, "SETINFO battery.health \"90\""));
	assert_string_equal(learned_say(&l, dump, HEALTH, ""), HEALTH);
	assert_null(state_get(dump, HEALTH));
	state_free(s);
	state_free(dump);
	learned_clear(&l);
}

/* A driver that finds its own out while it runs, and loses it again. */
static void
test_own(void **state)
{
	struct learned l = {0};
	struct state *s = state_new();

	learned_say(&l, s, HEALTH, "93");
	state_set(s, HEALTH, "80");
	assert_null(own(&l, s, "SETINFO battery.health \"80\""));
	assert_null(learned_say(&l, s, HEALTH, "92"));
	assert_string_equal(state_get(s, HEALTH), "80");
	state_del(s, HEALTH);
	assert_string_equal(own(&l, s, "DELINFO battery.health"), HEALTH);
	assert_string_equal(state_get(s, HEALTH), "92");
	assert_null(own(&l, s, "SETINFO battery.healthy \"1\""));
	assert_null(own(&l, s, "SETINFO battery.health.confidence \"1\""));
	assert_null(own(&l, s, "DATAOK"));
	assert_null(own(&l, s, "DELINFO"));
	state_free(s);
	learned_clear(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_form),
	    cmocka_unit_test(test_dumps),
	    cmocka_unit_test(test_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
