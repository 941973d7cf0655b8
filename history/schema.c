/* SPDX-License-Identifier: ISC */
#include "history/schema.h"

#include <stdbool.h>
#include <stddef.h>

#define BUSY_MS 50

/*
 * `full` lies in the order of time, so that a minute of all variables is one page of the
 * card; `minute` and `hour`, which are written once an hour, lie by variable, as they are
 * read.
 */
static const char tables[] =
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY) WITHOUT ROWID;"
    "CREATE TABLE ups (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE,"
    " flags INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE variable (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
    "CREATE TABLE full (at INTEGER, ups INTEGER, variable INTEGER, value REAL,"
    " PRIMARY KEY (at, ups, variable)) WITHOUT ROWID;"
    "CREATE TABLE minute (ups INTEGER, variable INTEGER, at INTEGER, known INTEGER,"
    " mean REAL, low REAL, high REAL, PRIMARY KEY (ups, variable, at)) WITHOUT ROWID;"
    "CREATE TABLE hour (ups INTEGER, variable INTEGER, at INTEGER, known INTEGER,"
    " mean REAL, low REAL, high REAL, PRIMARY KEY (ups, variable, at)) WITHOUT ROWID;"
    "CREATE TABLE event (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, ups INTEGER,"
    " kind TEXT NOT NULL, who TEXT, text TEXT NOT NULL, weight INTEGER NOT NULL);"
    "CREATE INDEX event_at ON event (at);"
    "CREATE TABLE outage (id INTEGER PRIMARY KEY, ups INTEGER NOT NULL,"
    " kind TEXT NOT NULL, began INTEGER NOT NULL, ended INTEGER NOT NULL,"
    " ms INTEGER NOT NULL, charge_began REAL, charge_low REAL, voltage_low REAL,"
    " load REAL, wh REAL, complete INTEGER NOT NULL, UNIQUE (ups, began));"
    "CREATE TABLE learned (ups INTEGER, at INTEGER, load REAL, full REAL, depth REAL,"
    " seconds REAL, anew INTEGER, health REAL, date INTEGER, PRIMARY KEY (ups, at)) "
    "WITHOUT ROWID;"
    "CREATE TABLE battery (ups INTEGER PRIMARY KEY, health REAL, confidence REAL,"
    " replace_at INTEGER, discharges INTEGER, last_quick INTEGER, last_deep INTEGER,"
    " last_test INTEGER, next_test INTEGER, last_result TEXT);"
    "CREATE TABLE curve (ups INTEGER, load INTEGER, seconds REAL,"
    " PRIMARY KEY (ups, load)) WITHOUT ROWID;";

static int
run(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static int
version_of(sqlite3 *db, int *version)
{
	sqlite3_stmt *ask;
	int rc = sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &ask, NULL);

	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_step(ask);
	*version = rc == SQLITE_ROW ? sqlite3_column_int(ask, 0) : 0;
	sqlite3_finalize(ask);
	return rc == SQLITE_ROW ? SQLITE_OK : rc;
}

/* All tables, or none of them. */
static int
create(sqlite3 *db)
{
	int rc = run(db, "BEGIN IMMEDIATE");

	if (rc == SQLITE_OK)
		rc = run(db, tables);
	if (rc == SQLITE_OK)
		rc = run(db, "PRAGMA user_version = 1");
	if (rc == SQLITE_OK)
		rc = run(db, "COMMIT");
	if (rc != SQLITE_OK && !sqlite3_get_autocommit(db))
		run(db, "ROLLBACK");
	return rc;
}

/* The settings that make a commit mean something. The two files of the WAL stay when
 * history ends: who may only read could not make them. */
static int
set_up(sqlite3 *db)
{
	int stay = 1, rc;

	sqlite3_busy_timeout(db, BUSY_MS);
	sqlite3_extended_result_codes(db, 1);
	sqlite3_file_control(db, "main", SQLITE_FCNTL_PERSIST_WAL, &stay);
	rc = run(db, "PRAGMA journal_mode = WAL");
	if (rc == SQLITE_OK)
		rc = run(db, "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;"
			     "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -512;");
	return rc;
}

static bool
is_damage(int rc)
{
	return (rc & 0xff) == SQLITE_CORRUPT || (rc & 0xff) == SQLITE_NOTADB;
}

enum schema_state
schema_open(sqlite3 **db, const char *path, int *error)
{
	int version = 0;
	int rc = sqlite3_open_v2(path, db,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);

	/* Looked at before anything is set: a newer file is not touched. */
	if (rc == SQLITE_OK)
		rc = version_of(*db, &version);
	if (rc == SQLITE_OK && version <= SCHEMA_VERSION)
		rc = set_up(*db);
	if (rc == SQLITE_OK && version == 0)
		rc = create(*db);
	if (rc == SQLITE_OK && version <= SCHEMA_VERSION)
		return SCHEMA_OK;
	sqlite3_close(*db);
	*db = NULL;
	*error = rc;
	if (rc == SQLITE_OK)
		return SCHEMA_NEWER;
	return is_damage(rc) ? SCHEMA_DAMAGED : SCHEMA_FAILED;
}

sqlite3_stmt *
schema_prepare(sqlite3 *db, const char *sql, int *error)
{
	sqlite3_stmt *stmt = NULL;

	*error = sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
	return stmt;
}
