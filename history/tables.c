/* SPDX-License-Identifier: ISC */
#include "history/tables.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "history/schema.h"
#include "lib/xmem.h"

enum statement {
	BEGIN,
	COMMIT,
	ROLLBACK,
	UPS_ADD,
	UPS_ID,
	VARIABLE_ADD,
	VARIABLE_ID,
	FLAGS,
	SAMPLE,
	EVENT,
	OUTAGE,
	LEARNED,
	BATTERY,
	CURVE,
	MINUTE,
	HOUR,
	FORGET,
	SERIES,
	FORGET_MINUTES,
	HEARD,
	TIME,
	SET_META,
	STATEMENTS,
};

/* An hour may be rolled up again when the clock was set, from what is left of it: the row
 * that knows more stays. */
#define ROLLED                                                    \
	" (ups, variable, at, known, mean, low, high)"            \
	" VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET" \
	" known = excluded.known, mean = excluded.mean,"          \
	" low = excluded.low, high = excluded.high WHERE excluded.known >= known"

static const char *const sql[STATEMENTS] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [UPS_ADD] = "INSERT OR IGNORE INTO ups (name) VALUES (?)",
    [UPS_ID] = "SELECT id FROM ups WHERE name = ?",
    [VARIABLE_ADD] = "INSERT OR IGNORE INTO variable (name) VALUES (?)",
    [VARIABLE_ID] = "SELECT id FROM variable WHERE name = ?",
    [FLAGS] = "UPDATE ups SET flags = ?2 WHERE id = ?1",
    [SAMPLE] = "INSERT OR REPLACE INTO full (at, ups, variable, value)"
	       " VALUES (?, ?, ?, ?)",
    [EVENT] = "INSERT INTO event (ups, at, kind, who, text, weight)"
	      " VALUES (?, ?, ?, ?, ?, ?)",
    [OUTAGE] =
	"INSERT INTO outage (ups, kind, began, ended, ms, charge_began, charge_low,"
	" voltage_low, load, wh, complete) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	" ON CONFLICT (ups, began) DO UPDATE SET kind = excluded.kind,"
	" ended = excluded.ended, ms = excluded.ms,"
	" charge_began = excluded.charge_began, charge_low = excluded.charge_low,"
	" voltage_low = excluded.voltage_low, load = excluded.load,"
	" wh = excluded.wh, complete = excluded.complete",
    [LEARNED] =
	"INSERT OR REPLACE INTO learned (ups, at, load, full, depth, seconds, anew,"
	" health, date) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [BATTERY] = "INSERT OR REPLACE INTO battery (ups, health, confidence, replace_at,"
		" discharges, last_quick, last_deep, last_test, next_test,"
		" last_result) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [CURVE] = "INSERT OR REPLACE INTO curve (ups, load, seconds) VALUES (?, ?, ?)",
    [MINUTE] = "INSERT INTO minute" ROLLED,
    [HOUR] = "INSERT INTO hour" ROLLED,
    [FORGET] = "DELETE FROM full WHERE at >= ? AND at < ?",
    [SERIES] = "SELECT ups.id, variable.id FROM ups, variable",
    [FORGET_MINUTES] = "DELETE FROM minute WHERE ups = ? AND variable = ? AND at < ?",
    [TIME] = "SELECT value FROM meta WHERE key = ?",
    [HEARD] = "SELECT max(at) FROM full",
    [SET_META] = "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)",
};

struct tables {
	sqlite3 *db;
	sqlite3_stmt *statements[STATEMENTS];
};

static const char *const whys[] = {
    [WATCH_OUTAGE] = "outage",
    [WATCH_BY_TEST] = "test",
    [WATCH_BY_CALIBRATION] = "calibration",
};

struct tables *
tables_new(sqlite3 *db, int *error)
{
	struct tables *t = xcalloc(1, sizeof(*t));

	t->db = db;
	for (size_t i = 0; i < STATEMENTS; i++)
		if ((t->statements[i] = schema_prepare(db, sql[i], error)) == NULL) {
			tables_free(t);
			return NULL;
		}
	return t;
}

void
tables_free(struct tables *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(t->statements[i]);
	free(t);
}

/* A statement that is being filled with values, from left to right. */
struct row {
	sqlite3_stmt *stmt;
	int next;
};

static struct row
row_of(struct tables *t, enum statement which)
{
	return (struct row){t->statements[which], 1};
}

static void
put_int(struct row *r, int64_t value)
{
	sqlite3_bind_int64(r->stmt, r->next++, value);
}

static void
put_number(struct row *r, double value)
{
	if (isnan(value))
		sqlite3_bind_null(r->stmt, r->next++);
	else
		sqlite3_bind_double(r->stmt, r->next++, value);
}

/* Text that lives until the statement has run, or NULL. */
static void
put_text(struct row *r, const char *text)
{
	sqlite3_bind_text(r->stmt, r->next++, text, -1, SQLITE_STATIC);
}

/* Runs it; *value, unless NULL, is the first column of its row, if it has one. */
static int
run_for(struct row *r, int64_t *value)
{
	int rc = sqlite3_step(r->stmt);

	if (rc == SQLITE_ROW && value != NULL)
		*value = sqlite3_column_int64(r->stmt, 0);
	sqlite3_reset(r->stmt);
	sqlite3_clear_bindings(r->stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int
run(struct row *r)
{
	return run_for(r, NULL);
}

static int
plain(struct tables *t, enum statement which)
{
	struct row r = row_of(t, which);

	return run(&r);
}

int
tables_begin(struct tables *t)
{
	return plain(t, BEGIN);
}

int
tables_commit(struct tables *t)
{
	return plain(t, COMMIT);
}

void
tables_rollback(struct tables *t)
{
	/* Some errors have done so already. */
	if (!sqlite3_get_autocommit(t->db))
		plain(t, ROLLBACK);
}

static int
named(struct tables *t, enum statement add, enum statement ask, const char *name,
    int64_t *id)
{
	struct row r = row_of(t, add);
	int rc;

	put_text(&r, name);
	if ((rc = run(&r)) != SQLITE_OK)
		return rc;
	r = row_of(t, ask);
	put_text(&r, name);
	return run_for(&r, id);
}

int
tables_ups(struct tables *t, const char *name, int64_t *id)
{
	return named(t, UPS_ADD, UPS_ID, name, id);
}

int
tables_variable(struct tables *t, const char *name, int64_t *id)
{
	return named(t, VARIABLE_ADD, VARIABLE_ID, name, id);
}

int
tables_flags(struct tables *t, int64_t ups, unsigned flags)
{
	struct row r = row_of(t, FLAGS);

	put_int(&r, ups);
	put_int(&r, flags);
	return run(&r);
}

int
tables_sample(struct tables *t, int64_t at, int64_t ups, int64_t variable, double value)
{
	struct row r = row_of(t, SAMPLE);

	put_int(&r, at);
	put_int(&r, ups);
	put_int(&r, variable);
	put_number(&r, value);
	return run(&r);
}

int
tables_event(struct tables *t, int64_t ups, int64_t at, const char *kind, const char *who,
    const char *text, bool weight, int64_t *id)
{
	struct row r = row_of(t, EVENT);
	int rc;

	if (ups == SCHEMA_SELF)
		put_number(&r, NAN);
	else
		put_int(&r, ups);
	put_int(&r, at);
	put_text(&r, kind);
	put_text(&r, who);
	put_text(&r, text);
	put_int(&r, weight);
	rc = run(&r);
	*id = sqlite3_last_insert_rowid(t->db);
	return rc;
}

int
tables_outage(struct tables *t, int64_t ups, const struct watch_outage *o)
{
	struct row r = row_of(t, OUTAGE);

	put_int(&r, ups);
	put_text(&r, whys[o->why]);
	put_int(&r, o->began);
	put_int(&r, o->ended);
	put_int(&r, (int64_t)o->ms);
	put_number(&r, o->charge_began);
	put_number(&r, o->charge_low);
	put_number(&r, o->voltage_low);
	put_number(&r, o->load);
	put_number(&r, o->wh);
	put_int(&r, o->complete);
	return run(&r);
}

int
tables_learned(struct tables *t, int64_t ups, const struct learn_point *p)
{
	struct row r = row_of(t, LEARNED);

	put_int(&r, ups);
	put_int(&r, p->at * 1000);
	put_number(&r, p->load);
	put_number(&r, p->full);
	put_number(&r, p->depth);
	put_number(&r, p->seconds);
	put_int(&r, p->anew);
	put_number(&r, p->health);
	put_int(&r, p->date * 1000);
	return run(&r);
}

int
tables_battery(struct tables *t, int64_t ups, const struct tables_battery *b)
{
	struct row r = row_of(t, BATTERY);
	int rc;

	put_int(&r, ups);
	put_number(&r, b->result.health);
	put_number(&r, b->result.confidence);
	put_int(&r, b->result.replace * 1000);
	put_int(&r, b->discharges);
	put_int(&r, b->last_quick);
	put_int(&r, b->last_deep);
	put_int(&r, b->last_test);
	put_int(&r, b->next_test);
	put_text(&r, b->last_result);
	rc = run(&r);
	for (int i = 0; i < LEARN_CURVE && rc == SQLITE_OK; i++) {
		r = row_of(t, CURVE);
		put_int(&r, ups);
		put_int(&r, (i + 1) * 10);
		put_number(&r, b->result.curve[i]);
		rc = run(&r);
	}
	return rc;
}

int
tables_rolled(struct tables *t, bool hour, const struct rollup_row *row)
{
	struct row r = row_of(t, hour ? HOUR : MINUTE);

	put_int(&r, row->ups);
	put_int(&r, row->variable);
	put_int(&r, row->at);
	put_int(&r, row->known);
	put_number(&r, row->mean);
	put_number(&r, row->low);
	put_number(&r, row->high);
	return run(&r);
}

int
tables_forget(struct tables *t, int64_t from, int64_t to)
{
	struct row r = row_of(t, FORGET);

	put_int(&r, from);
	put_int(&r, to);
	return run(&r);
}

int
tables_forget_minutes(struct tables *t, int64_t before)
{
	sqlite3_stmt *series = t->statements[SERIES];
	int rc;

	while ((rc = sqlite3_step(series)) == SQLITE_ROW) {
		struct row r = row_of(t, FORGET_MINUTES);
		int done;

		put_int(&r, sqlite3_column_int64(series, 0));
		put_int(&r, sqlite3_column_int64(series, 1));
		put_int(&r, before);
		if ((done = run(&r)) != SQLITE_OK) {
			rc = done;
			break;
		}
	}
	sqlite3_reset(series);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

int
tables_heard(struct tables *t, int64_t *at)
{
	struct row r = row_of(t, HEARD);

	return run_for(&r, at);
}

int
tables_time(struct tables *t, const char *key, int64_t *value)
{
	struct row r = row_of(t, TIME);

	*value = 0;
	put_text(&r, key);
	return run_for(&r, value);
}

int
tables_set_time(struct tables *t, const char *key, int64_t value)
{
	struct row r = row_of(t, SET_META);

	put_text(&r, key);
	put_int(&r, value);
	return run(&r);
}

int
tables_set_text(struct tables *t, const char *key, const char *value)
{
	struct row r = row_of(t, SET_META);

	put_text(&r, key);
	put_text(&r, value);
	return run(&r);
}
