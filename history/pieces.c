/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "history/read_in.h"
#include "history/rollup.h"
#include "history/schema.h"
#include "lib/xmem.h"

/* The last value is believed for as long as the next transaction may take. */
#define BELIEVED_MS 60000

/* A range of time and the table that it is read from. */
struct cover {
	int64_t from, to;
	enum read_level level;
};

/* What is read, while it is. */
struct reading {
	struct history *h;
	int64_t ups, variables[HISTORY_VARS_MAX]; /* rows; 0: there is none */
	size_t count;
	int64_t heard; /* values hold until then at most */
	read_piece_fn *fn;
	void *arg;
	char *cause;
	struct cover *covers;
	size_t ncovers;
};

static void
cover(struct reading *r, int64_t from, int64_t to, enum read_level level)
{
	if (from >= to)
		return;
	r->covers = xreallocarray(r->covers, r->ncovers + 1, sizeof(*r->covers));
	r->covers[r->ncovers++] = (struct cover){from, to, level};
}

/* From here to there by minutes, or by hours where there are none any more. */
static void
cover_rows(
    struct reading *r, int64_t from, int64_t to, int64_t minutes, enum read_level level)
{
	if (level == READ_HOUR || minutes > to)
		minutes = to;
	cover(r, from, minutes < from ? from : minutes, READ_HOUR);
	cover(r, minutes < from ? from : minutes, to, READ_MINUTE);
}

/* Before `to` there are values of each change only around events of weight. */
static int
cover_events(struct reading *r, int64_t from, int64_t to, int64_t minutes)
{
	sqlite3_stmt *q = read_ask(r->h,
	    "SELECT at FROM event WHERE at > ? AND at <= ? AND weight ORDER BY at",
	    r->cause);
	int result;

	if (q == NULL)
		return -1;
	sqlite3_bind_int64(q, 1, from - SCHEMA_AFTER_MS);
	sqlite3_bind_int64(q, 2, to + SCHEMA_BEFORE_MS);
	while ((result = read_row(r->h, q, r->cause)) > 0) {
		int64_t begin = sqlite3_column_int64(q, 0) - SCHEMA_BEFORE_MS;
		int64_t end = sqlite3_column_int64(q, 0) + SCHEMA_AFTER_MS;

		if (begin < from)
			begin = from;
		if (end > to)
			end = to;
		cover_rows(r, from, begin, minutes, READ_MINUTE);
		cover(r, begin, end, READ_FULL);
		if (end > from)
			from = end;
	}
	cover_rows(r, from, to, minutes, READ_MINUTE);
	return result;
}

/* A time of `meta`, 0 where there is none. */
static int
time_of(struct reading *r, const char *sql, int64_t *at)
{
	sqlite3_stmt *q = read_ask(r->h, sql, r->cause);
	int result = -1;

	*at = 0;
	while (q != NULL && (result = read_row(r->h, q, r->cause)) > 0)
		*at = sqlite3_column_int64(q, 0);
	return result;
}

/* Which table tells what time. */
static int
plan(struct reading *r, int64_t from, int64_t to, enum read_level level)
{
	int64_t rolled, expired, minutes, rows;

	if (time_of(r, "SELECT value FROM meta WHERE key = '" SCHEMA_ROLLED "'",
		&rolled) != 0 ||
	    time_of(r, "SELECT value FROM meta WHERE key = '" SCHEMA_EXPIRED "'",
		&expired) != 0 ||
	    time_of(r, "SELECT value FROM meta WHERE key = '" SCHEMA_MINUTES "'",
		&minutes) != 0)
		return -1;
	rows = level == READ_FULL ? expired : rolled;
	if (rows > to)
		rows = to;
	if (rows < from)
		rows = from;
	if (level != READ_FULL)
		cover_rows(r, from, rows, minutes, level);
	else if (cover_events(r, from, rows, minutes) != 0)
		return -1;
	cover(r, rows, to, READ_FULL);
	return 0;
}

/* A row of `minute` or `hour`, as far as it lies in the range. */
static void
tell_row(struct reading *r, const struct cover *c, unsigned slot, sqlite3_stmt *q)
{
	int64_t at = sqlite3_column_int64(q, 0);
	int64_t length = c->level == READ_HOUR ? ROLLUP_HOUR : ROLLUP_MINUTE;
	struct read_piece p = {
	    .slot = slot,
	    .from = at > c->from ? at : c->from,
	    .to = at + length < c->to ? at + length : c->to,
	    .known = sqlite3_column_double(q, 1) / (double)length,
	    .mean = read_number(q, 2),
	    .low = read_number(q, 3),
	    .high = read_number(q, 4),
	    .kept = at >= c->from,
	};

	if (p.from < p.to)
		r->fn(r->arg, &p);
}

static int
read_rows(struct reading *r, const struct cover *c, unsigned slot)
{
	sqlite3_stmt *q = read_ask(r->h,
	    c->level == READ_HOUR
		? "SELECT at, known, mean, low, high FROM hour"
		  " WHERE ups = ? AND variable = ? AND at > ? AND at < ?"
		  " ORDER BY at"
		: "SELECT at, known, mean, low, high FROM minute"
		  " WHERE ups = ? AND variable = ? AND at > ? AND at < ?"
		  " ORDER BY at",
	    r->cause);
	int result = -1;

	if (q != NULL) {
		sqlite3_bind_int64(q, 1, r->ups);
		sqlite3_bind_int64(q, 2, r->variables[slot]);
		sqlite3_bind_int64(q, 3,
		    c->from - (c->level == READ_HOUR ? ROLLUP_HOUR : ROLLUP_MINUTE));
		sqlite3_bind_int64(q, 4, c->to);
	}
	while (q != NULL && (result = read_row(r->h, q, r->cause)) > 0)
		tell_row(r, c, slot, q);
	return result;
}

/* A value that holds, until the next one comes. */
struct holding {
	double value;
	int64_t since;
};

/* It has held until now, in the range. */
static void
tell_held(struct reading *r, const struct cover *c, unsigned slot,
    const struct holding *held, int64_t until)
{
	int64_t from = held->since > c->from ? held->since : c->from;

	if (!isnan(held->value) && from < until)
		r->fn(r->arg, &(struct read_piece){slot, from, until, 1, held->value,
				  held->value, held->value, held->since >= c->from});
}

/* One row of `full`: of history itself, which may end all that holds, or of a variable. */
static void
take_row(struct reading *r, const struct cover *c, struct holding *held, sqlite3_stmt *q)
{
	int64_t at = sqlite3_column_int64(q, 0), variable = sqlite3_column_int64(q, 2);
	bool self = sqlite3_column_int64(q, 1) == SCHEMA_SELF;
	double value = read_number(q, 3);

	if (self && variable != SCHEMA_GAP)
		return;
	for (unsigned i = 0; i < r->count; i++)
		if (self || r->variables[i] == variable) {
			tell_held(r, c, i, &held[i], at);
			held[i] = (struct holding){value, at};
		}
}

/* Each hour, and each time that is kept for ever, begins with rows of all that holds. */
static int
read_full(struct reading *r, const struct cover *c)
{
	struct holding held[HISTORY_VARS_MAX];
	sqlite3_stmt *q = read_ask(r->h,
	    "SELECT at, ups, variable, value FROM full WHERE at >= ? AND at < ?"
	    " AND (ups = 0 OR ups = ?) ORDER BY at",
	    r->cause);
	int result = -1;

	for (size_t i = 0; i < HISTORY_VARS_MAX; i++)
		held[i] = (struct holding){NAN, 0};
	if (q != NULL) {
		sqlite3_bind_int64(q, 1, c->from - c->from % ROLLUP_HOUR);
		sqlite3_bind_int64(q, 2, c->to);
		sqlite3_bind_int64(q, 3, r->ups);
	}
	while (q != NULL && (result = read_row(r->h, q, r->cause)) > 0)
		take_row(r, c, held, q);
	for (unsigned i = 0; i < r->count && result == 0; i++)
		tell_held(r, c, i, &held[i], c->to < r->heard ? c->to : r->heard);
	return result;
}

static int
look_up(struct reading *r, const char *ups, const char *const *variables)
{
	if (read_ups(r->h, ups, &r->ups, r->cause) != 0)
		return -1;
	for (size_t i = 0; i < r->count; i++) {
		sqlite3_stmt *q =
		    read_ask(r->h, "SELECT id FROM variable WHERE name = ?", r->cause);
		int result = -1;

		if (q != NULL)
			sqlite3_bind_text(q, 1, variables[i], -1, SQLITE_STATIC);
		while (q != NULL && (result = read_row(r->h, q, r->cause)) > 0)
			r->variables[i] = sqlite3_column_int64(q, 0);
		if (result != 0)
			return -1;
	}
	return 0;
}

static int
read_covers(struct reading *r)
{
	int result = 0;

	for (size_t i = 0; i < r->ncovers && result == 0; i++) {
		const struct cover *c = &r->covers[i];

		if (c->level == READ_FULL)
			result = read_full(r, c);
		for (unsigned k = 0; k < r->count && c->level != READ_FULL && result == 0;
		     k++)
			result = read_rows(r, c, k);
	}
	return result;
}

int
read_pieces(struct history *h, const char *ups, const char *const *variables,
    size_t count, int64_t from, int64_t to, enum read_level level, read_piece_fn *fn,
    void *arg, char cause[HISTORY_CAUSE])
{
	struct reading r = {.h = h, .count = count, .fn = fn, .arg = arg, .cause = cause};
	int64_t now = (int64_t)time(NULL) * 1000;
	int result;

	/* One state of the file, though it is written meanwhile. */
	sqlite3_exec(h->db, "BEGIN", NULL, NULL, NULL);
	result = look_up(&r, ups, variables);
	if (result == 0)
		result = time_of(&r, "SELECT max(at) FROM full", &r.heard);
	r.heard = r.heard < now && now < r.heard + BELIEVED_MS ? now : r.heard;
	if (result == 0)
		result = plan(&r, from, to, level);
	if (result == 0)
		result = read_covers(&r);
	sqlite3_exec(h->db, "COMMIT", NULL, NULL, NULL);
	free(r.covers);
	return result;
}
