/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "lib/names.h"
#include "lib/names_table.h"
#include "lib/state.h"

static void
assert_table(const struct name *table, size_t count, const char *(*look)(const char *))
{
	for (size_t i = 0; i < count; i++) {
		assert_true(state_name_ok(table[i].name));
		assert_true(i == 0 || strcmp(table[i - 1].name, table[i].name) < 0);
		assert_ptr_equal(look(table[i].name), table[i].text);
	}
}

/* Binary search needs order; and every row must be reachable by its name. */
static void
test_tables(void **state)
{
	assert_table(names_vars, names_nvars, names_var);
	assert_table(names_cmds, names_ncmds, names_cmd);
}

static void
test_rules(void **state)
{
	assert_ptr_equal(names_var("outlet.1.status"), names_var("outlet.status"));
	assert_ptr_equal(names_var("outlet.group.12.status"), names_var("outlet.status"));
	assert_ptr_equal(
	    names_var("ambient.2.humidity.high"), names_var("ambient.humidity.high"));
	assert_ptr_equal(
	    names_var("battery.pack.3.voltage"), names_var("battery.pack.voltage"));
	assert_string_equal(names_var("input.L1.voltage"), "Mains voltage (V), phase L1");
	assert_string_equal(
	    names_var("output.L2-L3.voltage"), "Output voltage (V), phase L2-L3");
	assert_string_equal(names_var("input.bypass.L1-N.voltage"),
	    "Mains voltage (V), bypass, phase L1-N");
	assert_non_null(names_var("driver.parameter.pollinterval"));
	assert_ptr_equal(names_cmd("outlet.2.load.off"), names_cmd("outlet.load.off"));
	assert_ptr_equal(
	    names_cmd("outlet.group.2.load.off"), names_cmd("outlet.load.off"));
	assert_string_not_equal(names_cmd("outlet.2.load.off"), names_cmd("load.off"));
}

static void
test_unknown(void **state)
{
	static const char *const unknown[] = {"", ".", "1", "L1", "...", "ups", "ups.",
	    ".ups.status", "ups.statusx", "bypass", "L1.L2.L3.N.bypass.inverter",
	    "L1.L1.L1.L1.L1.L1.L1.L1.L1.L1.L1.L1.L1.L1.L1.L1.L1.L1.L1.L1.L1.L1.L1.L1"};
	char name[4000];

	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		assert_null(names_var(unknown[i]));
		assert_null(names_cmd(unknown[i]));
	}
	memset(name, 'a', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	assert_null(names_var(name));
	assert_null(names_cmd("ups.status"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tables),
	    cmocka_unit_test(test_rules),
	    cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
