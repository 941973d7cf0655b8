/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "history/schema.h"
#include "history/store_in.h"

/*
 * What the file knows of each UPS, read once when history starts.
 */

static double
number(sqlite3_stmt *q, int column)
{
	if (sqlite3_column_type(q, column) == SQLITE_NULL)
		return NAN;
	return sqlite3_column_double(q, column);
}

/* A question about one UPS; NULL when it cannot be asked. */
static sqlite3_stmt *
ask(struct store *s, const char *sql, int64_t ups)
{
	int error;
	sqlite3_stmt *q = schema_prepare(s->db, sql, &error);

	if (q != NULL)
		sqlite3_bind_int64(q, 1, ups);
	return q;
}

/* When the last outage ended that was none for a test or a calibration. */
static void
read_battery_time(struct store *s, int64_t ups, struct watch_known *k)
{
	sqlite3_stmt *q = ask(
	    s, "SELECT max(ended) FROM outage WHERE ups = ? AND kind = 'outage'", ups);

	if (q != NULL && sqlite3_step(q) == SQLITE_ROW)
		k->battery_ms = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
}

/* The outage that was going on. */
static void
read_outage(struct store *s, int64_t ups, struct watch_known *k)
{
	sqlite3_stmt *q = ask(s,
	    "SELECT id, kind, began, ended, ms, charge_began, charge_low, voltage_low, "
	    "load,"
	    " wh, complete FROM outage WHERE ups = ? ORDER BY began DESC LIMIT 1",
	    ups);
	const char *kind;

	if (q == NULL)
		return;
	if (sqlite3_step(q) == SQLITE_ROW) {
		struct watch_outage o = {
		    .id = sqlite3_column_int64(q, 0),
		    .began = sqlite3_column_int64(q, 2),
		    .ended = sqlite3_column_int64(q, 3),
		    .ms = (uint64_t)sqlite3_column_int64(q, 4),
		    .charge_began = number(q, 5),
		    .charge_low = number(q, 6),
		    .voltage_low = number(q, 7),
		    .load = number(q, 8),
		    .wh = number(q, 9),
		    .complete = sqlite3_column_int(q, 10) != 0,
		};

		kind = (const char *)sqlite3_column_text(q, 1);
		if (kind != NULL && strcmp(kind, "test") == 0)
			o.why = WATCH_BY_TEST;
		else if (kind != NULL && strcmp(kind, "calibration") == 0)
			o.why = WATCH_BY_CALIBRATION;
		if (o.ended == 0)
			k->outage = o;
	}
	sqlite3_finalize(q);
}

static void
read_curve(struct store *s, int64_t ups, struct learn_result *r)
{
	sqlite3_stmt *q = ask(s, "SELECT load, seconds FROM curve WHERE ups = ?", ups);

	for (int i = 0; i < LEARN_CURVE; i++)
		r->curve[i] = NAN;
	while (q != NULL && sqlite3_step(q) == SQLITE_ROW) {
		int place = sqlite3_column_int(q, 0) / 10 - 1;

		if (place >= 0 && place < LEARN_CURVE)
			r->curve[place] = number(q, 1);
	}
	sqlite3_finalize(q);
}

/* False where nothing is known of the battery. */
static bool
read_battery(struct store *s, int64_t ups, struct tables_battery *b)
{
	sqlite3_stmt *q = ask(s,
	    "SELECT health, confidence, replace_at, discharges, last_quick, last_deep,"
	    " last_test, next_test, last_result FROM battery WHERE ups = ?",
	    ups);
	const char *result;
	bool known = q != NULL && sqlite3_step(q) == SQLITE_ROW;

	if (known) {
		b->result.a = b->result.b = NAN;
		b->result.health = number(q, 0);
		b->result.confidence = number(q, 1);
		b->result.replace = sqlite3_column_int64(q, 2) / 1000;
		b->discharges = (unsigned)sqlite3_column_int64(q, 3);
		b->last_quick = sqlite3_column_int64(q, 4);
		b->last_deep = sqlite3_column_int64(q, 5);
		b->last_test = sqlite3_column_int64(q, 6);
		b->next_test = sqlite3_column_int64(q, 7);
		result = (const char *)sqlite3_column_text(q, 8);
		snprintf(b->last_result, sizeof(b->last_result), "%s",
		    result != NULL ? result : "");
	}
	sqlite3_finalize(q);
	if (known)
		read_curve(s, ups, &b->result);
	return known;
}

static void
read_points(struct store *s, const char *name, int64_t ups,
    const struct store_readers *readers, void *arg)
{
	sqlite3_stmt *q = ask(s,
	    "SELECT at, load, full, depth, seconds, anew, health, date FROM learned"
	    " WHERE ups = ? ORDER BY at",
	    ups);

	while (q != NULL && sqlite3_step(q) == SQLITE_ROW) {
		struct learn_point p = {
		    .at = sqlite3_column_int64(q, 0) / 1000,
		    .load = number(q, 1),
		    .full = number(q, 2),
		    .depth = number(q, 3),
		    .seconds = number(q, 4),
		    .anew = sqlite3_column_int(q, 5) != 0,
		    .health = number(q, 6),
		    .date = sqlite3_column_int64(q, 7) / 1000,
		};

		readers->point(arg, name, &p);
	}
	sqlite3_finalize(q);
}

/* True when the machine that wrote last has run through since. */
static bool
same_boot(struct store *s)
{
	int error;
	sqlite3_stmt *q = schema_prepare(
	    s->db, "SELECT value FROM meta WHERE key = '" SCHEMA_BOOT "'", &error);
	bool same = false;

	if (q != NULL && sqlite3_step(q) == SQLITE_ROW) {
		const char *boot = (const char *)sqlite3_column_text(q, 0);

		same = boot != NULL && strcmp(boot, s->boot) == 0;
	}
	sqlite3_finalize(q);
	return same;
}

static void
load_ups(struct store *s, struct store_ups *u, const struct watch_known *common,
    const struct store_readers *readers, void *arg)
{
	struct watch_known known = *common;
	bool battery = read_battery(s, u->row, &u->battery);

	known.flags = u->flags;
	read_battery_time(s, u->row, &known);
	read_outage(s, u->row, &known);
	readers->ups(arg, u->name, &known, battery ? &u->battery : NULL);
	read_points(s, u->name, u->row, readers, arg);
}

void
store_load(struct store *s, const struct store_readers *readers, void *arg)
{
	struct watch_known common = {0};
	sqlite3_stmt *q;
	int error;

	if (s->db == NULL)
		return;
	common.same_boot = same_boot(s);
	tables_heard(s->tables, &common.heard_ms);
	q = schema_prepare(s->db, "SELECT id, name, flags FROM ups ORDER BY id", &error);
	while (q != NULL && sqlite3_step(q) == SQLITE_ROW) {
		struct store_ups *u =
		    store_ups(s, (const char *)sqlite3_column_text(q, 1));

		u->row = sqlite3_column_int64(q, 0);
		u->flags = (unsigned)sqlite3_column_int64(q, 2);
	}
	sqlite3_finalize(q);
	for (size_t i = 0; i < s->nupses; i++)
		load_ups(s, &s->upses[i], &common, readers, arg);
}
