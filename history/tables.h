/* SPDX-License-Identifier: ISC */
#ifndef HISTORY_TABLES_H
#define HISTORY_TABLES_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "history/rollup.h"
#include "history/watch.h"

/*
 * Rows into the tables of the file, by statements that are compiled once. All functions
 * that return int return SQLITE_OK or SQLite's error; NAN is written as NULL.
 */
struct tables;

/* What is known of a battery, beside its discharges. Times are Unix ms, 0: none. */
struct tables_battery {
	struct learn_result result; /* a and b are not kept */
	unsigned discharges;
	int64_t last_quick, last_deep; /* begun; of a new UPS: since when it is known */
	int64_t last_test, next_test;
	char last_result[64];
};

/* The statements of this connection, which they must not outlive. NULL: *error says why. */
struct tables *tables_new(sqlite3 *db, int *error);
void tables_free(struct tables *t);

int tables_begin(struct tables *t);
int tables_commit(struct tables *t);
void tables_rollback(struct tables *t);

/* The row of a name, made where there is none. */
int tables_ups(struct tables *t, const char *name, int64_t *id);
int tables_variable(struct tables *t, const char *name, int64_t *id);

int tables_flags(struct tables *t, int64_t ups, unsigned flags);
int tables_sample(
    struct tables *t, int64_t at, int64_t ups, int64_t variable, double value);
int tables_event(struct tables *t, int64_t ups, int64_t at, const char *kind,
    const char *who, const char *text, bool weight, int64_t *id);
int tables_outage(struct tables *t, int64_t ups, const struct watch_outage *o);
int tables_learned(struct tables *t, int64_t ups, const struct learn_point *p);
int tables_battery(struct tables *t, int64_t ups, const struct tables_battery *b);
int tables_rolled(struct tables *t, bool hour, const struct rollup_row *row);

/* Values of `full` with a time in [from, to) are deleted. */
int tables_forget(struct tables *t, int64_t from, int64_t to);

/* Rows of `minute` before this time are deleted, those of all series. */
int tables_forget_minutes(struct tables *t, int64_t before);

/* The time of the last row of `full`; 0 where there is none. */
int tables_heard(struct tables *t, int64_t *at);

/* A time of `meta`; 0 where there is none. */
int tables_time(struct tables *t, const char *key, int64_t *value);
int tables_set_time(struct tables *t, const char *key, int64_t value);
int tables_set_text(struct tables *t, const char *key, const char *value);

#endif
