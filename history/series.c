/* SPDX-License-Identifier: ISC */
#include "history/series.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define DIGITS_MAX 15 /* that a double has */

/* What no UPS can mean is beyond these. */
#define VOLTS 0, 20000
#define AMPERES -10000, 10000
#define HERTZ 0, 1000
#define CELSIUS -60, 200
#define PERCENT 0, 1000
#define POWER 0, 1e7
#define SECONDS 0, 1e7

static const struct {
	const char *name;
	double low, high;
} rows[] = {
    [SERIES_CHARGE] = {"battery.charge", 0, 100},
    [SERIES_RUNTIME] = {"battery.runtime", SECONDS},
    [SERIES_LEARNED] = {"battery.runtime.learned", SECONDS},
    [SERIES_BATTERY_VOLTAGE] = {"battery.voltage", VOLTS},
    [SERIES_BATTERY_CURRENT] = {"battery.current", AMPERES},
    [SERIES_BATTERY_TEMPERATURE] = {"battery.temperature", CELSIUS},
    [SERIES_LOAD] = {"ups.load", PERCENT},
    [SERIES_WATTS] = {"ups.realpower", POWER},
    [SERIES_INPUT_VOLTAGE] = {"input.voltage", VOLTS},
    [SERIES_INPUT_FREQUENCY] = {"input.frequency", HERTZ},
    [SERIES_OUTPUT_VOLTAGE] = {"output.voltage", VOLTS},
    [SERIES_FIRST_PLAIN] = {"ups.temperature", CELSIUS},
    {"ups.power", POWER},
    {"ups.efficiency", PERCENT},
    {"battery.health", 0, 100},
    {"input.current", AMPERES},
    {"input.realpower", POWER},
    {"input.L1-N.voltage", VOLTS},
    {"input.L2-N.voltage", VOLTS},
    {"input.L3-N.voltage", VOLTS},
    {"input.L1.current", AMPERES},
    {"input.L2.current", AMPERES},
    {"input.L3.current", AMPERES},
    {"input.bypass.voltage", VOLTS},
    {"input.bypass.frequency", HERTZ},
    {"output.frequency", HERTZ},
    {"output.current", AMPERES},
    {"output.L1-N.voltage", VOLTS},
    {"output.L2-N.voltage", VOLTS},
    {"output.L3-N.voltage", VOLTS},
    {"output.L1.current", AMPERES},
    {"output.L2.current", AMPERES},
    {"output.L3.current", AMPERES},
    {"output.L1.power.percent", PERCENT},
    {"output.L2.power.percent", PERCENT},
    {"output.L3.power.percent", PERCENT},
    {"ambient.temperature", CELSIUS},
    {"ambient.humidity", 0, 100},
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static_assert(ROWS <= SERIES_MAX, "more rows than SERIES_MAX");

unsigned
series_count(void)
{
	return ROWS;
}

const char *
series_name(unsigned series)
{
	return rows[series].name;
}

int
series_named(const char *name)
{
	for (size_t i = 0; i < ROWS; i++)
		if (strcmp(rows[i].name, name) == 0)
			return (int)i;
	return -1;
}

/* Digits with at most one point; NULL where there are none, or too many. */
static const char *
read_digits(const char *text, double *number)
{
	unsigned digits = 0;
	double whole = 0, scale = 1;
	bool point = false;

	for (; (*text >= '0' && *text <= '9') || (*text == '.' && !point); text++) {
		if (*text == '.') {
			point = true;
			continue;
		}
		if (++digits > DIGITS_MAX)
			return NULL;
		whole = whole * 10 + (*text - '0');
		scale *= point ? 10 : 1;
	}
	*number = whole / scale;
	return digits == 0 ? NULL : text;
}

double
series_number(const char *text)
{
	double number, sign = 1;

	text += strspn(text, " ");
	if (*text == '-')
		sign = -1;
	text += *text == '-' || *text == '+';
	text = read_digits(text, &number);
	if (text == NULL || text[strspn(text, " ")] != '\0')
		return NAN;
	return sign * number;
}

double
series_value(unsigned series, const char *text)
{
	const double number = series_number(text);

	return number >= rows[series].low && number <= rows[series].high ? number : NAN;
}
