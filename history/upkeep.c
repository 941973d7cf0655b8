/* SPDX-License-Identifier: ISC */
#include "history/upkeep.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "history/rollup.h"
#include "history/schema.h"
#include "lib/xmem.h"

#define HOURS_MAX 48

static int64_t
hour_of(int64_t at)
{
	return at - at % ROLLUP_HOUR;
}

/* Compiles a question about the times [from, to). NULL: *rc says why. */
static sqlite3_stmt *
ask(sqlite3 *db, const char *sql, int64_t from, int64_t to, int *rc)
{
	sqlite3_stmt *q = schema_prepare(db, sql, rc);

	if (q != NULL) {
		sqlite3_bind_int64(q, 1, from);
		sqlite3_bind_int64(q, 2, to);
	}
	return q;
}

/* The first hour of `full` from `from` on that was over at `until`; -1: there is none. */
static int
next_hour(sqlite3 *db, int64_t from, int64_t until, int64_t *hour)
{
	int rc;
	sqlite3_stmt *q =
	    ask(db, "SELECT at FROM full WHERE at >= ? AND at < ? ORDER BY at LIMIT 1",
		from, until, &rc);

	*hour = -1;
	if (q == NULL)
		return rc;
	if ((rc = sqlite3_step(q)) == SQLITE_ROW)
		*hour = hour_of(sqlite3_column_int64(q, 0));
	sqlite3_finalize(q);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

/* A row of `full`. */
struct value {
	int64_t at, ups, variable;
	double value; /* NAN: a gap */
};

static struct value
value_of(sqlite3_stmt *q)
{
	return (struct value){
	    .at = sqlite3_column_int64(q, 0),
	    .ups = sqlite3_column_int64(q, 1),
	    .variable = sqlite3_column_int64(q, 2),
	    .value = sqlite3_column_type(q, 3) == SQLITE_NULL
			 ? NAN
			 : sqlite3_column_double(q, 3),
	};
}

static const char hour_sql[] =
    "SELECT at, ups, variable, value FROM full WHERE at >= ? AND at < ? ORDER BY at";

/* Where the rows of a rollup go. */
struct rolling {
	struct tables *tables;
	int rc;
};

static void
on_row(void *arg, bool hour, const struct rollup_row *row)
{
	struct rolling *to = arg;

	if (to->rc == SQLITE_OK)
		to->rc = tables_rolled(to->tables, hour, row);
}

static int
roll(struct tables *t, sqlite3 *db, int64_t hour)
{
	struct rolling to = {t, SQLITE_OK};
	struct rollup *r;
	int rc;
	sqlite3_stmt *q = ask(db, hour_sql, hour, hour + ROLLUP_HOUR, &rc);

	if (q == NULL)
		return rc;
	r = rollup_new(hour, on_row, &to);
	while ((rc = sqlite3_step(q)) == SQLITE_ROW) {
		struct value v = value_of(q);

		if (v.ups != SCHEMA_SELF)
			rollup_value(r, v.at, v.ups, v.variable, v.value);
		else if (v.variable == SCHEMA_GAP)
			rollup_gap(r, v.at);
	}
	sqlite3_finalize(q);
	rollup_free(r);
	return rc == SQLITE_DONE ? to.rc : rc;
}

/* Nothing was rolled up, or deleted, in a time that is still to come: a clock that was wrong
 * has said so, and what comes before would be left out. */
static int
mend(struct tables *t, int64_t now)
{
	static const char *const keys[] = {SCHEMA_ROLLED, SCHEMA_EXPIRED, SCHEMA_MINUTES};
	int rc = SQLITE_OK;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]) && rc == SQLITE_OK; i++) {
		int64_t at;

		rc = tables_time(t, keys[i], &at);
		if (rc == SQLITE_OK && at > now)
			rc = tables_set_time(t, keys[i], hour_of(now));
	}
	return rc;
}

int
upkeep_roll(struct tables *t, sqlite3 *db, int64_t now)
{
	int64_t rolled, hour;
	int rc = mend(t, now);

	if (rc == SQLITE_OK)
		rc = tables_time(t, SCHEMA_ROLLED, &rolled);

	for (int i = 0; i < HOURS_MAX && rc == SQLITE_OK; i++) {
		rc = next_hour(db, rolled, hour_of(now), &hour);
		if (rc != SQLITE_OK || hour < 0)
			break;
		rolled = hour + ROLLUP_HOUR;
		if ((rc = roll(t, db, hour)) == SQLITE_OK)
			rc = tables_set_time(t, SCHEMA_ROLLED, rolled);
	}
	return rc;
}

/* What stays of an hour: the times around events of weight, and the values there. */
struct rest {
	int64_t *events;
	size_t nevents;
	struct value *held; /* the last of each series */
	size_t nheld;
	struct value *kept; /* rows that stay */
	size_t nkept;
	bool inside; /* a time that is kept has begun */
};

static void
keep(struct rest *r, struct value v)
{
	if ((r->nkept & (r->nkept - 1)) == 0)
		r->kept = xreallocarray(
		    r->kept, r->nkept == 0 ? 1 : 2 * r->nkept, sizeof(*r->kept));
	r->kept[r->nkept++] = v;
}

static bool
is_kept(const struct rest *r, int64_t at)
{
	for (size_t i = 0; i < r->nevents; i++)
		if (at >= r->events[i] - SCHEMA_BEFORE_MS &&
		    at < r->events[i] + SCHEMA_AFTER_MS)
			return true;
	return false;
}

/* The next moment after `at` at which a time that is kept begins or ends; `end` when there
 * is none before it. */
static int64_t
next_edge(const struct rest *r, int64_t at, int64_t end)
{
	for (size_t i = 0; i < r->nevents; i++) {
		int64_t edges[] = {
		    r->events[i] - SCHEMA_BEFORE_MS, r->events[i] + SCHEMA_AFTER_MS};

		for (size_t k = 0; k < 2; k++)
			if (edges[k] > at && edges[k] < end)
				end = edges[k];
	}
	return end;
}

/* The time goes on to `to`: where a time that is kept begins, what holds is written down. */
static void
pass(struct rest *r, int64_t from, int64_t to)
{
	for (int64_t at = next_edge(r, from, to + 1); at <= to;
	     at = next_edge(r, at, to + 1)) {
		bool now = is_kept(r, at);

		if (now && !r->inside)
			for (size_t i = 0; i < r->nheld; i++) {
				r->held[i].at = at;
				if (!isnan(r->held[i].value))
					keep(r, r->held[i]);
			}
		else if (!now && r->inside)
			keep(r, (struct value){at, SCHEMA_SELF, SCHEMA_GAP, NAN});
		r->inside = now;
	}
}

static void
hold(struct rest *r, struct value v)
{
	for (size_t i = 0; i < r->nheld; i++)
		if (r->held[i].ups == v.ups && r->held[i].variable == v.variable) {
			r->held[i] = v;
			return;
		}
	r->held = xreallocarray(r->held, r->nheld + 1, sizeof(*r->held));
	r->held[r->nheld++] = v;
}

static void
take(struct rest *r, struct value v)
{
	if (v.ups != SCHEMA_SELF)
		hold(r, v);
	else if (v.variable == SCHEMA_GAP)
		r->nheld = 0;
	else
		return;
	if (r->inside)
		keep(r, v);
}

/* The events of weight around which something of the hour stays. */
static int
read_events(sqlite3 *db, int64_t hour, struct rest *r)
{
	int rc;
	sqlite3_stmt *q = ask(db,
	    "SELECT at FROM event WHERE at > ? AND at <= ? AND weight ORDER BY at",
	    hour - SCHEMA_AFTER_MS, hour + ROLLUP_HOUR + SCHEMA_BEFORE_MS, &rc);

	if (q == NULL)
		return rc;
	while ((rc = sqlite3_step(q)) == SQLITE_ROW) {
		r->events = xreallocarray(r->events, r->nevents + 1, sizeof(*r->events));
		r->events[r->nevents++] = sqlite3_column_int64(q, 0);
	}
	sqlite3_finalize(q);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int
read_rest(sqlite3 *db, int64_t hour, struct rest *r)
{
	int64_t at = hour;
	int rc = read_events(db, hour, r);
	sqlite3_stmt *q;

	if (rc != SQLITE_OK || r->nevents == 0)
		return rc;
	if ((q = ask(db, hour_sql, hour, hour + ROLLUP_HOUR, &rc)) == NULL)
		return rc;
	r->inside = is_kept(r, hour);
	while ((rc = sqlite3_step(q)) == SQLITE_ROW) {
		struct value v = value_of(q);

		pass(r, at, v.at);
		take(r, v);
		at = v.at;
	}
	sqlite3_finalize(q);
	pass(r, at, hour + ROLLUP_HOUR - 1);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int
expire(struct tables *t, sqlite3 *db, int64_t hour)
{
	struct rest r = {0};
	int rc = read_rest(db, hour, &r);

	if (rc == SQLITE_OK)
		rc = tables_forget(t, hour, hour + ROLLUP_HOUR);
	for (size_t i = 0; i < r.nkept && rc == SQLITE_OK; i++)
		rc = tables_sample(
		    t, r.kept[i].at, r.kept[i].ups, r.kept[i].variable, r.kept[i].value);
	free(r.events);
	free(r.held);
	free(r.kept);
	return rc;
}

int
upkeep_expire(struct tables *t, sqlite3 *db, int64_t now)
{
	int64_t until = hour_of(now - SCHEMA_FULL_MS);
	int64_t minutes = hour_of(now - SCHEMA_MINUTE_MS), rolled = 0, expired, hour,
		before;
	int rc = tables_time(t, SCHEMA_EXPIRED, &expired);

	if (rc == SQLITE_OK)
		rc = tables_time(t, SCHEMA_ROLLED, &rolled);
	if (rc == SQLITE_OK && until > rolled)
		until = rolled;
	for (int i = 0; i < HOURS_MAX && rc == SQLITE_OK && expired < until; i++) {
		rc = next_hour(db, expired, until, &hour);
		if (rc != SQLITE_OK)
			break;
		if (hour >= 0)
			rc = expire(t, db, hour);
		expired = hour < 0 ? until : hour + ROLLUP_HOUR;
		if (rc == SQLITE_OK)
			rc = tables_set_time(t, SCHEMA_EXPIRED, expired);
	}
	if (rc == SQLITE_OK)
		rc = tables_time(t, SCHEMA_MINUTES, &before);
	if (rc == SQLITE_OK && before < minutes) {
		rc = tables_forget_minutes(t, minutes);
		if (rc == SQLITE_OK)
			rc = tables_set_time(t, SCHEMA_MINUTES, minutes);
	}
	return rc;
}
