/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "history/reserve.h"
#include "history/schema.h"
#include "history/store_in.h"
#include "history/upkeep.h"
#include "lib/log.h"
#include "lib/xmem.h"

/* The WAL goes into the file when it is this long (1 MB), together with the transaction of a
 * minute: the more often a page was written till then, the fewer writes the card sees. */
#define WAL_PAGES 256

/* Nothing is deleted by a clock that was set less than an hour ago. */
#define CALM_MS 3600000

static bool
is_damage(int rc)
{
	return (rc & 0xff) == SQLITE_CORRUPT || (rc & 0xff) == SQLITE_NOTADB;
}

static bool
is_full(int rc)
{
	return (rc & 0xff) == SQLITE_FULL;
}

/* Says once that nothing, or not everything, can be written, and once that it is over. */
static void
trouble(struct store *s, enum store_trouble which, int rc)
{
	enum store_trouble old = s->trouble;

	s->trouble = which;
	if (which == old)
		return;
	if (which == STORE_FULL)
		log_warn("%s: the disk is full: events are written as long as there is "
			 "room, values wait; make room there",
		    s->path);
	else if (which == STORE_BROKEN)
		log_warn(
		    "%s: nothing can be written (%s): events and values wait, and are "
		    "tried again every 5 s",
		    s->path, sqlite3_errstr(rc));
	else if (which == STORE_NEWER)
		log_warn(
		    "%s: a newer holdup has written it: it is left alone, and nothing "
		    "is kept",
		    s->path);
	else
		log_info("%s: is written again; %zu values and %zu events are lost",
		    s->path, s->wait.lost_samples, s->wait.lost_events);
}

/* The rows of names are looked up anew: the transaction that made them has failed. */
static void
forget_rows(struct store *s)
{
	for (size_t i = 0; i < s->nupses; i++)
		s->upses[i].row = 0;
	for (size_t i = 0; i < SERIES_MAX; i++)
		s->variables[i] = 0;
}

void
commit_close(struct store *s)
{
	tables_free(s->tables);
	sqlite3_close(s->db);
	s->tables = NULL;
	s->db = NULL;
	forget_rows(s);
}

/* The file of this name gets another one, or goes. */
static void
move(const struct store *s, const char *end, const char *to)
{
	char *from = xasprintf("%s%s", s->path, end);
	char *name = xasprintf("%s%s", to, end);

	if (rename(from, name) != 0 && errno != ENOENT)
		log_warn_errno("%s: cannot become %s", from, name);
	free(from);
	free(name);
}

/* A file that is malformed makes room for a new one. What is known of the batteries is
 * written there again. */
static void
set_aside(struct store *s)
{
	char stamp[32], *to;
	time_t now = time(NULL);
	struct tm tm;

	commit_close(s);
	gmtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	to = xasprintf("%s.damaged-%s", s->path, stamp);
	log_warn(
	    "%s is damaged; it is set aside as %s, and a new one is begun", s->path, to);
	move(s, "", to);
	move(s, "-wal", to);
	move(s, "-shm", to);
	free(to);
	s->boot_new = true;
	for (size_t i = 0; i < s->nupses; i++) {
		s->upses[i].flags_new = true;
		s->upses[i].battery_new |= s->upses[i].battery.discharges > 0;
	}
}

static int
on_wal(void *arg, sqlite3 *db, const char *name, int pages)
{
	struct store *s = arg;

	s->wal_pages = pages;
	return SQLITE_OK;
}

void
commit_open(struct store *s)
{
	int rc = SQLITE_OK;
	enum schema_state state;

	if (s->db != NULL)
		return;
	state = schema_open(&s->db, s->path, &rc);
	if (state == SCHEMA_DAMAGED) {
		set_aside(s);
		state = schema_open(&s->db, s->path, &rc);
	}
	if (state == SCHEMA_OK && (s->tables = tables_new(s->db, &rc)) == NULL) {
		commit_close(s);
		state = SCHEMA_FAILED;
	}
	if (state == SCHEMA_OK)
		sqlite3_wal_hook(s->db, on_wal, s);
	else if (state == SCHEMA_NEWER)
		trouble(s, STORE_NEWER, rc);
	else
		trouble(s, is_full(rc) ? STORE_FULL : STORE_BROKEN, rc);
}

static int
look_up(struct store *s)
{
	int rc = SQLITE_OK;

	for (size_t i = 0; i < s->nupses && rc == SQLITE_OK; i++)
		if (s->upses[i].row == 0)
			rc = tables_ups(s->tables, s->upses[i].name, &s->upses[i].row);
	for (unsigned i = 0; i < series_count() && rc == SQLITE_OK; i++)
		if (s->variables[i] == 0)
			rc = tables_variable(s->tables, series_name(i), &s->variables[i]);
	return rc;
}

static int64_t
row_of(const struct store *s, int ups)
{
	return ups == WAIT_HOUSE ? SCHEMA_SELF : s->upses[ups].row;
}

static int
write_samples(struct store *s, int64_t now)
{
	int rc = SQLITE_OK;

	for (size_t i = 0; i < s->wait.nsamples && rc == SQLITE_OK; i++) {
		const struct wait_sample *w = wait_sample_at(&s->wait, i);

		rc = tables_sample(s->tables, w->at, row_of(s, w->ups),
		    w->ups == WAIT_HOUSE ? SCHEMA_GAP : s->variables[w->series],
		    w->value);
	}
	/* What holds has held until now. */
	if (rc == SQLITE_OK)
		rc = tables_sample(s->tables, now, SCHEMA_SELF, SCHEMA_HERE, 1);
	return rc;
}

static int
write_upses(struct store *s)
{
	int rc = SQLITE_OK;

	for (size_t i = 0; i < s->nupses && rc == SQLITE_OK; i++) {
		const struct store_ups *u = &s->upses[i];

		if (u->flags_new)
			rc = tables_flags(s->tables, u->row, u->flags);
		if (u->battery_new && rc == SQLITE_OK)
			rc = tables_battery(s->tables, u->row, &u->battery);
	}
	return rc;
}

/* Outages, points and events; `ids` are those of the events. */
static int
write_rows(struct store *s, int64_t *ids)
{
	const struct wait *w = &s->wait;
	int rc = write_upses(s);

	for (size_t i = 0; i < w->noutages && rc == SQLITE_OK; i++)
		rc = tables_outage(
		    s->tables, row_of(s, w->outages[i].ups), &w->outages[i].outage);
	for (size_t i = 0; i < w->npoints && rc == SQLITE_OK; i++)
		rc = tables_learned(
		    s->tables, row_of(s, w->points[i].ups), &w->points[i].point);
	for (size_t i = 0; i < w->nevents && rc == SQLITE_OK; i++) {
		const struct wait_event *e = &w->events[i];

		rc = tables_event(s->tables, row_of(s, e->ups), e->at, kind_word(e->kind),
		    e->who, e->text, kind_weighs(e->kind), &ids[i]);
	}
	return rc;
}

/* Time that is lived again: what the file says of it goes, and is rolled up anew. */
static int
live_again(struct store *s)
{
	int64_t hour = s->again - s->again % ROLLUP_HOUR;
	int64_t rolled = 0, expired = 0;
	int rc = tables_forget(s->tables, s->again, INT64_MAX);

	if (rc == SQLITE_OK)
		rc = tables_time(s->tables, SCHEMA_ROLLED, &rolled);
	if (rc == SQLITE_OK)
		rc = tables_time(s->tables, SCHEMA_EXPIRED, &expired);
	if (rc == SQLITE_OK && hour < rolled && hour >= expired)
		rc = tables_set_time(s->tables, SCHEMA_ROLLED, hour);
	return rc;
}

/* What the file knows ends with its last row: nobody heard what came between it and us. */
static int
join(struct store *s)
{
	int64_t heard = 0;
	int rc = tables_heard(s->tables, &heard);

	if (rc != SQLITE_OK || heard == 0 || s->joined)
		return rc;
	if (heard < s->began_ms)
		return tables_sample(s->tables, heard + 1, SCHEMA_SELF, SCHEMA_GAP, NAN);
	if (heard - s->began_ms <= STORE_BACK_MS && s->again == 0)
		s->again = s->began_ms;
	return SQLITE_OK;
}

/* Everything inside the transaction. */
static int
write_all(struct store *s, struct watch_now now, bool samples, int64_t *ids)
{
	int rc = look_up(s);

	if (rc == SQLITE_OK && s->boot_new)
		rc = tables_set_text(s->tables, SCHEMA_BOOT, s->boot);
	if (rc == SQLITE_OK && samples)
		rc = join(s);
	if (rc == SQLITE_OK && s->again != 0 && samples)
		rc = live_again(s);
	if (rc == SQLITE_OK && samples)
		rc = write_samples(s, now.wall_ms);
	if (rc == SQLITE_OK)
		rc = write_rows(s, ids);
	if (rc == SQLITE_OK && samples)
		rc = upkeep_roll(s->tables, s->db, now.wall_ms);
	if (rc == SQLITE_OK && samples && now.boot_ms - s->calm_ms > CALM_MS)
		rc = upkeep_expire(s->tables, s->db, now.wall_ms);
	return rc;
}

static void
written(struct store *s, bool samples, const int64_t *ids)
{
	for (size_t i = 0; i < s->wait.nevents; i++) {
		log_debug("event %" PRId64 " is on the disk", ids[i]);
		if (s->ops != NULL && s->ops->acknowledged != NULL)
			s->ops->acknowledged(s->arg, ids[i]);
	}
	for (size_t i = 0; i < s->nupses; i++)
		s->upses[i].flags_new = s->upses[i].battery_new = false;
	s->boot_new = false;
	if (samples) {
		/* Also when nothing but values was lost. */
		trouble(s, STORE_WELL, SQLITE_OK);
		wait_samples_written(&s->wait);
		s->again = 0;
		s->joined = true;
	}
	wait_written(&s->wait);
}

/* One transaction. Returns SQLite's error, after which nothing of it has happened. */
static int
transact(struct store *s, struct watch_now now, bool samples)
{
	int64_t ids[WAIT_EVENTS];
	int rc = tables_begin(s->tables);

	if (rc == SQLITE_OK)
		rc = write_all(s, now, samples, ids);
	if (rc == SQLITE_OK)
		rc = tables_commit(s->tables);
	if (rc == SQLITE_OK) {
		written(s, samples, ids);
		return rc;
	}
	tables_rollback(s->tables);
	forget_rows(s);
	return rc;
}

/* The WAL into the file. Readers are not waited for: it goes as far as they let it. */
static void
checkpoint(struct store *s)
{
	int pages = 0, done = 0, rc;

	if (s->wal_pages < WAL_PAGES)
		return;
	rc = sqlite3_wal_checkpoint_v2(
	    s->db, NULL, SQLITE_CHECKPOINT_PASSIVE, &pages, &done);
	if (rc == SQLITE_OK && done == pages)
		s->wal_pages = 0;
	else if (is_full(rc))
		trouble(s, STORE_FULL, rc);
}

static bool
events_wait(const struct store *s)
{
	return s->wait.nevents + s->wait.noutages + s->wait.npoints > 0;
}

/* What an error of a transaction is answered with; true: it is to be tried again. */
static bool
mend(struct store *s, int rc, bool *samples)
{
	if (is_damage(rc)) {
		set_aside(s);
		commit_open(s);
		return s->db != NULL;
	}
	if (is_full(rc)) {
		bool given = reserve_give(s->reserve);

		trouble(s, STORE_FULL, rc);
		if (events_wait(s) && (*samples || given)) {
			*samples = false;
			return true;
		}
		return false;
	}
	if ((rc & 0xff) != SQLITE_BUSY)
		commit_close(s); /* what the disk has of it is known when it is opened */
	trouble(s, STORE_BROKEN, rc);
	return false;
}

void
commit_all(struct store *s, struct watch_now now)
{
	bool samples;

	if (s->trouble == STORE_NEWER)
		return;
	/* After a full disk the reserve is taken first: then there is room for the rest. */
	samples = reserve_take(s->reserve) || s->trouble != STORE_FULL;
	commit_open(s);
	for (int tries = 0; tries < 3 && s->db != NULL; tries++) {
		int rc;

		if (!samples && !events_wait(s))
			return;
		if ((rc = transact(s, now, samples)) == SQLITE_OK) {
			checkpoint(s);
			return;
		}
		if (!mend(s, rc, &samples))
			return;
	}
}
