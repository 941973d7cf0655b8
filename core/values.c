/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/values.h"

static const char *const names[POLICY_VALUES] = {
    [POLICY_CHARGE] = "battery.charge",
    [POLICY_CHARGE_LOW] = "battery.charge.low",
    [POLICY_RUNTIME] = "battery.runtime",
    [POLICY_RUNTIME_LOW] = "battery.runtime.low",
    [POLICY_VOLTAGE] = "battery.voltage",
    [POLICY_VOLTAGE_LOW] = "battery.voltage.low",
    [POLICY_INPUT_VOLTAGE] = "input.voltage",
    [POLICY_LOAD] = "ups.load",
    [POLICY_TESTING] = "ups.test.result",
    [POLICY_DELAY_SHUTDOWN] = "ups.delay.shutdown",
    [POLICY_TIMER_SHUTDOWN] = "ups.timer.shutdown",
};

double
values_read(const struct state *s, enum policy_value value)
{
	const struct state_var *v = state_var(s, names[value]);
	double number;
	char *end;

	if (v == NULL || (value == POLICY_DELAY_SHUTDOWN && !(v->flags & STATE_RW)))
		return NAN;
	if (value == POLICY_TESTING)
		return strcasestr(v->text, "progress") != NULL ? 1 : 0;
	number = strtod(v->text, &end);
	return end == v->text || !isfinite(number) ? NAN : number;
}

bool
values_named(enum policy_value value, const char *line, size_t len)
{
	const char *name = memchr(line, ' ', len);
	const size_t wanted = strlen(names[value]);
	size_t left;

	if (name == NULL)
		return false;
	left = len - (size_t)(++name - line);
	return left >= wanted && memcmp(name, names[value], wanted) == 0 &&
	       (left == wanted || name[wanted] == ' ');
}

bool
values_test(const char *cmd, enum policy_test *test)
{
	static const struct {
		const char *cmd;
		enum policy_test test;
	} rows[] = {
	    {"test.battery.start", POLICY_TEST_QUICK},
	    {"test.battery.start.quick", POLICY_TEST_QUICK},
	    {"test.battery.start.deep", POLICY_TEST_DEEP},
	    {"test.battery.start.low", POLICY_TEST_DEEP},
	    {"test.battery.stop", POLICY_TEST_STOP},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcasecmp(rows[i].cmd, cmd) == 0) {
			*test = rows[i].test;
			return true;
		}
	return false;
}
