/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "history/rollup.h"

#define HOUR (INT64_C(497000) * ROLLUP_HOUR)
#define CHANGES 400

/* What was told: rows of one variable. */
struct rows {
	struct rollup_row minutes[60], hour;
	bool minute[60], whole;
};

static void
on_row(void *arg, bool hour, const struct rollup_row *row)
{
	struct rows *rows = &((struct rows *)arg)[row->variable];

	assert_int_equal(row->ups, 7);
	if (hour) {
		assert_false(rows->whole);
		assert_int_equal(row->at, HOUR);
		rows->whole = true;
		rows->hour = *row;
	} else {
		int64_t i = (row->at - HOUR) / ROLLUP_MINUTE;

		assert_in_range(i, 0, 59);
		assert_int_equal(row->at % ROLLUP_MINUTE, 0);
		assert_false(rows->minute[i]);
		rows->minute[i] = true;
		rows->minutes[i] = *row;
	}
}

/* A value holds until the next one, over the ends of minutes; before the first one nothing
 * is known. */
static void
test_holds(void **state)
{
	struct rows rows[1] = {0};
	struct rollup *r = rollup_new(HOUR, on_row, rows);

	rollup_value(r, HOUR + 30000, 7, 0, 10);
	rollup_value(r, HOUR + 90000, 7, 0, 20);
	rollup_gap(r, HOUR + 150000);
	rollup_free(r);
	assert_true(rows->minute[0] && rows->minute[1] && rows->minute[2]);
	assert_false(rows->minute[3]);
	assert_int_equal(rows->minutes[0].known, 30000);
	assert_float_equal(rows->minutes[0].mean, 10, 0);
	assert_float_equal(rows->minutes[1].mean, 15, 1e-9);
	assert_float_equal(rows->minutes[1].low, 10, 0);
	assert_float_equal(rows->minutes[1].high, 20, 0);
	assert_float_equal(rows->minutes[2].low, 20, 0);
	assert_int_equal(rows->minutes[2].known, 30000);
	assert_int_equal(rows->hour.known, 120000);
	assert_float_equal(rows->hour.mean, 15, 1e-9);
}

/* A change at the very end of a minute is of the next one. */
static void
test_edges(void **state)
{
	struct rows rows[1] = {0};
	struct rollup *r = rollup_new(HOUR, on_row, rows);

	rollup_value(r, HOUR, 7, 0, 1);
	rollup_value(r, HOUR + ROLLUP_MINUTE, 7, 0, 5);
	rollup_value(r, HOUR + ROLLUP_HOUR - 1, 7, 0, 1000);
	rollup_free(r);
	assert_float_equal(rows->minutes[0].high, 1, 0);
	assert_float_equal(rows->minutes[1].low, 5, 0);
	assert_float_equal(rows->minutes[59].high, 1000, 0);
	assert_int_equal(rows->hour.known, ROLLUP_HOUR);
}

/* A change: at this time the value of a variable, of all where it is -1. */
struct change {
	int64_t at;
	int variable;
	double value;
};

/* The same row by another way: from change to change, without looking at minutes. */
static struct rollup_row
direct(const struct change *list, int variable, int64_t from, int64_t to)
{
	struct rollup_row row = {.at = from};
	double area = 0, value = NAN;
	int64_t since = HOUR;

	for (int i = 0; i <= CHANGES; i++) {
		int64_t at = i < CHANGES ? list[i].at : HOUR + ROLLUP_HOUR;
		int64_t begin = since > from ? since : from, end = at < to ? at : to;

		if (i < CHANGES && list[i].variable != variable && list[i].variable >= 0)
			continue;
		if (!isnan(value) && begin < end) {
			row.low = row.known == 0 ? value : fmin(row.low, value);
			row.high = row.known == 0 ? value : fmax(row.high, value);
			row.known += end - begin;
			area += value * (double)(end - begin);
		}
		value = i < CHANGES ? list[i].value : NAN;
		since = at;
	}
	row.mean = area / (double)row.known;
	return row;
}

static void
assert_same(bool told, const struct rollup_row *got, const struct rollup_row *want)
{
	assert_int_equal(told, want->known > 0);
	if (!told)
		return;
	assert_int_equal(got->at, want->at);
	assert_int_equal(got->known, want->known);
	assert_float_equal(got->mean, want->mean, 1e-6);
	assert_float_equal(got->low, want->low, 0);
	assert_float_equal(got->high, want->high, 0);
	assert_true(got->low <= got->mean && got->mean <= got->high);
}

static int
by_time(const void *a, const void *b)
{
	const struct change *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

static void
try_random(unsigned seed)
{
	struct change list[CHANGES];
	struct rows rows[3] = {0};
	struct rollup *r = rollup_new(HOUR, on_row, rows);

	srandom(seed);
	for (int i = 0; i < CHANGES; i++) {
		list[i].at = HOUR + random() % ROLLUP_HOUR;
		if (random() % 3 == 0) /* on the edges too */
			list[i].at -= list[i].at % ROLLUP_MINUTE;
		list[i].variable = random() % 40 == 0 ? -1 : (int)(random() % 3);
		list[i].value = list[i].variable < 0 || random() % 10 == 0
				    ? NAN
				    : (double)(random() % 2000 - 1000) / 7;
	}
	qsort(list, CHANGES, sizeof(list[0]), by_time);
	for (int i = 0; i < CHANGES; i++)
		if (list[i].variable < 0)
			rollup_gap(r, list[i].at);
		else
			rollup_value(r, list[i].at, 7, list[i].variable, list[i].value);
	rollup_free(r);
	for (int v = 0; v < 3; v++) {
		struct rollup_row want = direct(list, v, HOUR, HOUR + ROLLUP_HOUR);

		assert_same(rows[v].whole, &rows[v].hour, &want);
		for (int i = 0; i < 60; i++) {
			int64_t at = HOUR + i * ROLLUP_MINUTE;

			want = direct(list, v, at, at + ROLLUP_MINUTE);
			assert_same(rows[v].minute[i], &rows[v].minutes[i], &want);
		}
	}
}

/* Whatever changes when, the rows are what the changes say. */
static void
test_random(void **state)
{
	for (unsigned seed = 1; seed <= 300; seed++)
		try_random(seed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_holds),
	    cmocka_unit_test(test_edges),
	    cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
