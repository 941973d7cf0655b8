/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "lib/state.h"

static void
test_variables(void **state)
{
	struct state *s = state_new();

	assert_true(state_set(s, "b", "1"));
	assert_true(state_set(s, "c", "2"));
	assert_true(state_set(s, "a", "3"));
	assert_false(state_set(s, "a", "3"));
	assert_true(state_setf(s, "a", "%d", 4));
	assert_int_equal(s->changes, 4);
	assert_int_equal(s->nvars, 3);
	assert_string_equal(s->vars[0]->name, "a");
	assert_string_equal(s->vars[2]->name, "c");
	assert_string_equal(state_get(s, "a"), "4");
	assert_null(state_get(s, "d"));
	assert_true(state_del(s, "a"));
	assert_false(state_del(s, "a"));
	assert_null(state_var(s, "a"));
	assert_string_equal(state_get(s, "c"), "2");
	state_free(s);
	state_free(NULL);
}

/* Names are refused, values are made to fit. */
static void
test_bounds(void **state)
{
	static const char *const bad[] = {"", "a b", "a\"", "a\\", "a\n", "\xc3\xa4"};
	struct state *s = state_new();
	char name[STATE_NAME_MAX + 2], value[STATE_VALUE_MAX + 2];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(state_set(s, bad[i], "x"));
		assert_false(state_cmd_add(s, bad[i]));
	}
	memset(name, 'n', sizeof(name));
	name[STATE_NAME_MAX + 1] = '\0';
	assert_false(state_set(s, name, "x"));
	name[STATE_NAME_MAX] = '\0';
	memset(value, 'v', sizeof(value));
	value[STATE_VALUE_MAX + 1] = '\0';
	assert_true(state_set(s, name, value));
	assert_int_equal(strlen(state_get(s, name)), STATE_VALUE_MAX);
	state_set(s, "a", "x\ny\tz\x7f");
	assert_string_equal(state_get(s, "a"), "x y z ");
	state_free(s);
}

static void
test_kinds(void **state)
{
	struct state *s = state_new();
	const struct state_var *v;

	assert_false(state_flags(s, "a", STATE_RW));
	assert_false(state_enum_add(s, "a", "x"));
	assert_false(state_range_add(s, "a", 1, 2));
	state_set(s, "a", "1");
	assert_true(state_flags(s, "a", STATE_RW | STATE_STRING));
	assert_false(state_flags(s, "a", STATE_RW | STATE_STRING));
	assert_true(state_aux(s, "a", 8));
	assert_true(state_enum_add(s, "a", "z"));
	assert_true(state_enum_add(s, "a", "y"));
	assert_false(state_enum_add(s, "a", "y"));
	assert_true(state_enum_add(s, "a", "y\tz")); /* kept as "y z" */
	assert_false(state_enum_add(s, "a", "y\nz"));
	assert_true(state_enum_del(s, "a", "y\tz"));
	assert_true(state_range_add(s, "a", 1, 2));
	assert_true(state_range_add(s, "a", 5, 7));
	assert_true(state_range_del(s, "a", 1, 2));
	assert_false(state_range_del(s, "a", 1, 2));
	assert_true(state_enum_del(s, "a", "z"));
	assert_false(state_enum_del(s, "a", "z"));
	v = state_var(s, "a");
	assert_int_equal(v->flags, STATE_RW | STATE_STRING);
	assert_int_equal(v->aux, 8);
	assert_int_equal(v->nenums, 1);
	assert_string_equal(v->enums[0], "y");
	assert_int_equal(v->nranges, 1);
	assert_int_equal(v->ranges[0].max, 7);
	state_free(s);
}

static void
test_commands(void **state)
{
	struct state *s = state_new();

	assert_true(state_cmd_add(s, "load.on"));
	assert_true(state_cmd_add(s, "load.off"));
	assert_false(state_cmd_add(s, "load.on"));
	assert_string_equal(s->cmds[0], "load.off");
	assert_true(state_cmd_has(s, "load.on"));
	assert_true(state_cmd_del(s, "load.on"));
	assert_false(state_cmd_del(s, "load.on"));
	assert_false(state_cmd_has(s, "load.on"));
	state_set(s, "a", "1");
	state_clear(s);
	assert_int_equal(s->ncmds + s->nvars, 0);
	state_free(s);
}

static void
test_status(void **state)
{
	assert_true(state_status_has("OL", "OL"));
	assert_true(state_status_has("OL CHRG", "CHRG"));
	assert_true(state_status_has("OL  CHRG LB", "LB"));
	assert_false(state_status_has("OLX", "OL"));
	assert_false(state_status_has("ALARM", "LARM"));
	assert_false(state_status_has("", "OL"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_variables),
	    cmocka_unit_test(test_bounds),
	    cmocka_unit_test(test_kinds),
	    cmocka_unit_test(test_commands),
	    cmocka_unit_test(test_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
