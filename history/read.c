/* SPDX-License-Identifier: ISC */
#include "history/read.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "history/read_in.h"
#include "history/schema.h"
#include "lib/buf.h"
#include "lib/xmem.h"

#define BUSY_MS 50

static int
failed(const struct history *h, char cause[HISTORY_CAUSE])
{
	snprintf(cause, HISTORY_CAUSE, "%s: %s", h->path,
	    h->db != NULL ? sqlite3_errmsg(h->db) : "cannot be opened");
	return -1;
}

sqlite3_stmt *
read_ask(struct history *h, const char *sql, char cause[HISTORY_CAUSE])
{
	sqlite3_stmt *q = NULL;

	if (sqlite3_prepare_v2(h->db, sql, -1, &q, NULL) != SQLITE_OK)
		failed(h, cause);
	return q;
}

int
read_row(struct history *h, sqlite3_stmt *q, char cause[HISTORY_CAUSE])
{
	int rc = sqlite3_step(q);

	if (rc == SQLITE_ROW)
		return 1;
	if (rc != SQLITE_DONE)
		failed(h, cause);
	sqlite3_finalize(q);
	return rc == SQLITE_DONE ? 0 : -1;
}

double
read_number(sqlite3_stmt *q, int column)
{
	if (sqlite3_column_type(q, column) == SQLITE_NULL)
		return NAN;
	return sqlite3_column_double(q, column);
}

const char *
read_text(sqlite3_stmt *q, int column)
{
	return (const char *)sqlite3_column_text(q, column);
}

int
read_ups(struct history *h, const char *name, int64_t *id, char cause[HISTORY_CAUSE])
{
	sqlite3_stmt *q = read_ask(h, "SELECT id FROM ups WHERE name = ?", cause);
	int result;

	*id = 0;
	if (q == NULL)
		return -1;
	sqlite3_bind_text(q, 1, name, -1, SQLITE_STATIC);
	while ((result = read_row(h, q, cause)) > 0)
		*id = sqlite3_column_int64(q, 0);
	return result;
}

/* The path as a part of a file: address. */
static void
put_path(struct buf *out, const char *path)
{
	for (; *path != '\0'; path++)
		if (strchr("%?#", *path) != NULL)
			buf_printf(out, "%%%02X", (unsigned)*path);
		else
			buf_printf(out, "%c", *path);
}

/* Opens the file with these parameters and looks whether it can be read. */
static int
open_as(struct history *h, const char *parameters, char cause[HISTORY_CAUSE])
{
	struct buf uri = {0};
	sqlite3_stmt *q;
	int version = 0, result = -1;

	buf_puts(&uri, "file:");
	put_path(&uri, h->path);
	buf_puts(&uri, parameters);
	sqlite3_close(h->db);
	h->db = NULL;
	if (sqlite3_open_v2(buf_str(&uri), &h->db,
		SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
		NULL) != SQLITE_OK) {
		failed(h, cause);
	} else {
		sqlite3_busy_timeout(h->db, BUSY_MS);
		sqlite3_exec(h->db, "PRAGMA cache_size = -512", NULL, NULL, NULL);
		q = read_ask(h,
		    "SELECT user_version, (SELECT count(*) FROM sqlite_schema) FROM"
		    " pragma_user_version",
		    cause);
		while (q != NULL && (result = read_row(h, q, cause)) > 0)
			version = sqlite3_column_int(q, 0);
	}
	buf_free(&uri);
	h->empty = version == 0;
	if (version > SCHEMA_VERSION) {
		snprintf(
		    cause, HISTORY_CAUSE, "%s: a newer holdup has written it", h->path);
		return -1;
	}
	return result;
}

/* True when there is no WAL with anything in it. */
static bool
has_no_wal(const struct history *h)
{
	char *wal = xasprintf("%s-wal", h->path);
	struct stat st;
	bool none = stat(wal, &st) != 0 || st.st_size == 0;

	free(wal);
	return none;
}

/*
 * Who reads may have no right to write in the folder: the memory that is shared with the
 * writer is only read. Where there is none, nobody has written since the file was copied to
 * where it is, and it can be read as it lies there.
 */
static int
open_file(struct history *h, const struct stat *st, char cause[HISTORY_CAUSE])
{
	int result = open_as(h, "?readonly_shm=1", cause);

	h->alone = result != 0 && has_no_wal(h);
	if (h->alone)
		result = open_as(h, "?immutable=1", cause);
	h->inode = st->st_ino;
	h->written = st->st_mtim;
	h->opened++;
	return result;
}

int
read_ready(struct history *h, char cause[HISTORY_CAUSE])
{
	struct stat st;

	if (stat(h->path, &st) != 0) {
		snprintf(cause, HISTORY_CAUSE, "%s: %s", h->path, strerror(errno));
		return -1;
	}
	if (h->db != NULL && st.st_ino == h->inode &&
	    (!h->alone || (has_no_wal(h) && st.st_mtim.tv_sec == h->written.tv_sec &&
			      st.st_mtim.tv_nsec == h->written.tv_nsec)))
		return 0;
	return open_file(h, &st, cause);
}

int
history_open(struct history **h, const char *folder, char cause[HISTORY_CAUSE])
{
	struct stat st;
	struct history *new;

	*h = NULL;
	new = xcalloc(1, sizeof(*new));
	new->path = xasprintf("%s/%s", folder, SCHEMA_FILE);
	if (stat(new->path, &st) != 0 && errno == ENOENT) {
		history_close(new);
		return 0;
	}
	if (read_ready(new, cause) != 0) {
		history_close(new);
		return -1;
	}
	if (new->empty) {
		history_close(new);
		return 0;
	}
	*h = new;
	return 0;
}

void
history_close(struct history *h)
{
	if (h == NULL)
		return;
	sqlite3_close(h->db);
	free(h->path);
	free(h);
}

int
history_version(struct history *h, int64_t *version, char cause[HISTORY_CAUSE])
{
	sqlite3_stmt *q;
	int result;

	if (read_ready(h, cause) != 0)
		return -1;
	if ((q = read_ask(h, "PRAGMA data_version", cause)) == NULL)
		return -1;
	while ((result = read_row(h, q, cause)) > 0)
		*version = h->opened << 32 | sqlite3_column_int64(q, 0);
	return result;
}

static int
names(struct history *h, const char *sql, history_name_fn *fn, void *arg,
    char cause[HISTORY_CAUSE])
{
	sqlite3_stmt *q = NULL;
	int result = -1;

	if (read_ready(h, cause) == 0)
		q = read_ask(h, sql, cause);
	while (q != NULL && (result = read_row(h, q, cause)) > 0)
		fn(arg, read_text(q, 0));
	return result;
}

int
history_upses(
    struct history *h, history_name_fn *fn, void *arg, char cause[HISTORY_CAUSE])
{
	return names(h, "SELECT name FROM ups ORDER BY id", fn, arg, cause);
}

int
history_variables(
    struct history *h, history_name_fn *fn, void *arg, char cause[HISTORY_CAUSE])
{
	return names(h, "SELECT name FROM variable ORDER BY name", fn, arg, cause);
}

/* A question with the parameters of `which`. */
static sqlite3_stmt *
ask_which(struct history *h, const char *sql, const struct history_which *which,
    char cause[HISTORY_CAUSE])
{
	sqlite3_stmt *q;

	if (read_ready(h, cause) != 0 || (q = read_ask(h, sql, cause)) == NULL)
		return NULL;
	sqlite3_bind_text(q, 1, which->ups, -1, SQLITE_STATIC);
	sqlite3_bind_int64(q, 2, which->after);
	sqlite3_bind_int64(q, 3, which->before != 0 ? which->before : INT64_MAX);
	sqlite3_bind_int64(q, 4, which->from != 0 ? which->from : INT64_MIN);
	sqlite3_bind_int64(q, 5, which->to != 0 ? which->to : INT64_MAX);
	sqlite3_bind_int64(q, 6, (int64_t)which->limit);
	return q;
}

int
history_events(struct history *h, const struct history_which *which, history_event_fn *fn,
    void *arg, char cause[HISTORY_CAUSE])
{
	sqlite3_stmt *q = ask_which(h,
	    "SELECT e.id, e.at, u.name, e.kind, e.who, e.text"
	    " FROM event e LEFT JOIN ups u ON u.id = e.ups"
	    " WHERE (?1 IS NULL OR u.name = ?1) AND e.id > ?2 AND e.id < ?3"
	    " AND e.at >= ?4 AND e.at < ?5 ORDER BY e.id DESC LIMIT ?6",
	    which, cause);
	int result = -1;

	while (q != NULL && (result = read_row(h, q, cause)) > 0)
		fn(arg, &(struct history_event){
			    .id = sqlite3_column_int64(q, 0),
			    .at = sqlite3_column_int64(q, 1),
			    .ups = read_text(q, 2),
			    .kind = read_text(q, 3),
			    .who = read_text(q, 4),
			    .text = read_text(q, 5),
			});
	return result;
}

int
history_outages(struct history *h, const struct history_which *which,
    history_outage_fn *fn, void *arg, char cause[HISTORY_CAUSE])
{
	sqlite3_stmt *q = ask_which(h,
	    "SELECT o.id, o.began, o.ended, o.ms, u.name, o.kind, o.charge_began,"
	    " o.charge_low, o.voltage_low, o.load, o.wh, o.complete"
	    " FROM outage o JOIN ups u ON u.id = o.ups"
	    " WHERE (?1 IS NULL OR u.name = ?1) AND o.id > ?2 AND o.id < ?3"
	    " AND o.began >= ?4 AND o.began < ?5 ORDER BY o.id DESC LIMIT ?6",
	    which, cause);
	int result = -1;

	while (q != NULL && (result = read_row(h, q, cause)) > 0)
		fn(arg, &(struct history_outage){
			    .id = sqlite3_column_int64(q, 0),
			    .began = sqlite3_column_int64(q, 1),
			    .ended = sqlite3_column_int64(q, 2),
			    .ms = sqlite3_column_int64(q, 3),
			    .ups = read_text(q, 4),
			    .kind = read_text(q, 5),
			    .charge_began = read_number(q, 6),
			    .charge_low = read_number(q, 7),
			    .voltage_low = read_number(q, 8),
			    .load = read_number(q, 9),
			    .wh = read_number(q, 10),
			    .complete = sqlite3_column_int(q, 11) != 0,
			});
	return result;
}

static int
read_curve(
    struct history *h, int64_t ups, struct history_learned *l, char cause[HISTORY_CAUSE])
{
	sqlite3_stmt *q =
	    read_ask(h, "SELECT load, seconds FROM curve WHERE ups = ?", cause);
	int result = -1;

	if (q != NULL)
		sqlite3_bind_int64(q, 1, ups);
	while (q != NULL && (result = read_row(h, q, cause)) > 0) {
		int place = sqlite3_column_int(q, 0) / 10 - 1;

		if (place >= 0 && place < HISTORY_CURVE)
			l->curve[place] = read_number(q, 1);
	}
	return result;
}

int
history_learned(struct history *h, const char *ups, struct history_learned *l,
    char cause[HISTORY_CAUSE])
{
	int64_t id;
	sqlite3_stmt *q;
	int result = -1;

	*l = (struct history_learned){.health = NAN};
	for (int i = 0; i < HISTORY_CURVE; i++)
		l->curve[i] = NAN;
	if (read_ready(h, cause) != 0 || read_ups(h, ups, &id, cause) != 0)
		return -1;
	q = read_ask(h,
	    "SELECT health, confidence, replace_at, discharges, last_test, next_test,"
	    " last_result FROM battery WHERE ups = ?",
	    cause);
	if (q != NULL)
		sqlite3_bind_int64(q, 1, id);
	while (q != NULL && (result = read_row(h, q, cause)) > 0) {
		l->health = read_number(q, 0);
		l->confidence = sqlite3_column_double(q, 1);
		l->replace = sqlite3_column_int64(q, 2);
		l->discharges = (unsigned)sqlite3_column_int64(q, 3);
		l->last_test = sqlite3_column_int64(q, 4);
		l->next_test = sqlite3_column_int64(q, 5);
		snprintf(l->last_result, sizeof(l->last_result), "%s",
		    read_text(q, 6) != NULL ? read_text(q, 6) : "");
	}
	return result == 0 ? read_curve(h, id, l, cause) : -1;
}
