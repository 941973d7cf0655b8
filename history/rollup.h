/* SPDX-License-Identifier: ISC */
#ifndef HISTORY_ROLLUP_H
#define HISTORY_ROLLUP_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The values of one hour become rows of minutes and of that hour (docs/history.md, 2). A
 * value holds until the next one, so that a mean is weighted by time. Pure; times are Unix
 * milliseconds.
 */

#define ROLLUP_MINUTE INT64_C(60000)
#define ROLLUP_HOUR INT64_C(3600000)

/* One row of `minute` or `hour`. Nothing is said of a time of which nothing is known. */
struct rollup_row {
	int64_t ups, variable;
	int64_t at;    /* when the minute or hour begins */
	int64_t known; /* ms of it of which the value is known */
	double mean, low, high;
};

typedef void rollup_row_fn(void *arg, bool hour, const struct rollup_row *row);

struct rollup;

/* Begins the hour that begins at `hour`: nothing is known. */
struct rollup *rollup_new(int64_t hour, rollup_row_fn *fn, void *arg);

/* From `at` on the value is this one (NAN: not known); in the order of their times, within
 * the hour. */
void rollup_value(
    struct rollup *r, int64_t at, int64_t ups, int64_t variable, double value);

/* From `at` on nothing is known of anything. */
void rollup_gap(struct rollup *r, int64_t at);

/* The hour is over: tells what is left of it, and releases everything. */
void rollup_free(struct rollup *r);

#endif
