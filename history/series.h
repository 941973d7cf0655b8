/* SPDX-License-Identifier: ISC */
#ifndef HISTORY_SERIES_H
#define HISTORY_SERIES_H

/*
 * The variables that are kept as numbers: one row of a table each. A row's number is its
 * place in the table of this program only; a file keeps the name.
 */
enum series {
	SERIES_CHARGE,
	SERIES_RUNTIME,
	SERIES_LEARNED, /* battery.runtime.learned */
	SERIES_BATTERY_VOLTAGE,
	SERIES_BATTERY_CURRENT,
	SERIES_BATTERY_TEMPERATURE,
	SERIES_LOAD,
	SERIES_WATTS, /* ups.realpower, estimated where it is not told */
	SERIES_INPUT_VOLTAGE,
	SERIES_INPUT_FREQUENCY,
	SERIES_OUTPUT_VOLTAGE,
	SERIES_FIRST_PLAIN, /* those behind it are kept, and mean nothing to us */
	SERIES_MAX = 48     /* rows at most */
};

/* How many rows there are, and the name of one (NUT's). */
unsigned series_count(void);
const char *series_name(unsigned series);

/* The row of a name, or -1. */
int series_named(const char *name);

/*
 * The number that a value of this row is, read strictly: digits with an optional sign,
 * point and blanks around, no exponent, no locale. NAN where it is none, or one that no
 * UPS can mean.
 */
double series_value(unsigned series, const char *text);

/* The same reading for any variable: NAN, or a finite number. */
double series_number(const char *text);

#endif
