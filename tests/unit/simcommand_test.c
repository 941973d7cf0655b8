/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/command.h"

static void
test_commands(void **state)
{
	static const struct {
		const char *line;
		enum command_verb verb;
		double value;
	} rows[] = {
	    {"unplug", COMMAND_UNPLUG, -1},
	    {" plug ", COMMAND_PLUG, -1},
	    {"load 60%", COMMAND_LOAD, 60},
	    {"load\t60", COMMAND_LOAD, 60},
	    {"charge 12.5%", COMMAND_CHARGE, 12.5},
	    {"age 0", COMMAND_AGE, 0},
	    {"temperature -5", COMMAND_TEMPERATURE, -5},
	    {"usb-drop", COMMAND_USB_DROP, -1},
	    {"usb-drop 5", COMMAND_USB_DROP, 5},
	    {"speed 60", COMMAND_SPEED, 60},
	};
	struct command c;
	char cause[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(
		    command_parse(&c, rows[i].line, cause, sizeof(cause)), 0);
		assert_int_equal(c.verb, rows[i].verb);
		assert_true(c.value == rows[i].value);
	}
}

static void
test_faults(void **state)
{
	static const struct {
		const char *line, *named;
	} rows[] = {
	    {"", "unplug"},
	    {"lod 5", "load"},
	    {"load", "0 to 200%"},
	    {"load 201%", "0 to 200%"},
	    {"load 5%%", "0 to 200%"},
	    {"load nan", "0 to 200%"},
	    {"stall 5%", "seconds"},
	    {"speed 0", "0.01"},
	    {"plug in", "nothing"},
	    {"load 5 6", "one number"},
	};
	struct command c;
	char cause[256], tiny[8], line[600];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(
		    command_parse(&c, rows[i].line, cause, sizeof(cause)), -1);
		if (strstr(cause, rows[i].named) == NULL)
			fail_msg("'%s': %s", rows[i].line, cause);
		assert_int_equal(command_parse(&c, rows[i].line, tiny, sizeof(tiny)), -1);
	}
	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	assert_int_equal(command_parse(&c, line, cause, sizeof(cause)), -1);
}

static void
test_scenario(void **state)
{
	struct scenario *s;
	char cause[512];

	(void)state;
	s = scenario_read(
	    "# day\n\n 20 plug\r\n10 unplug\n20 load 5%", cause, sizeof(cause));
	assert_non_null(s);
	assert_int_equal(s->count, 3);
	assert_true(s->lines[0].at == 10 && s->lines[0].command.verb == COMMAND_UNPLUG);
	assert_int_equal(s->lines[1].command.verb, COMMAND_PLUG);
	assert_int_equal(s->lines[2].command.verb, COMMAND_LOAD);
	scenario_free(s);
	assert_null(scenario_read("1 plug\nsoon plug\n", cause, sizeof(cause)));
	assert_non_null(strstr(cause, "line 2"));
	assert_null(scenario_read("1 plugg\n", cause, sizeof(cause)));
	assert_non_null(strstr(cause, "line 1"));
	assert_null(scenario_read("-1 plug\n", cause, sizeof(cause)));
	assert_null(scenario_read("1\n", cause, sizeof(cause)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_commands),
	    cmocka_unit_test(test_faults),
	    cmocka_unit_test(test_scenario),
	};

	cmocka_set_message_output(CM_OUTPUT_STDOUT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
