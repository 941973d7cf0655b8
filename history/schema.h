/* SPDX-License-Identifier: ISC */
#ifndef HISTORY_SCHEMA_H
#define HISTORY_SCHEMA_H

#include <sqlite3.h>
#include <stdint.h>

/*
 * The file: its tables, and how a connection to it is set up (docs/history.md, 2).
 */

#define SCHEMA_FILE "history.db"
#define SCHEMA_VERSION 1 /* PRAGMA user_version */

/* Rows of `full` of this UPS are of history itself: SCHEMA_GAP (NULL), nothing is known from
 * then on; SCHEMA_HERE (1), it was there. */
#define SCHEMA_SELF 0
#define SCHEMA_GAP 0
#define SCHEMA_HERE 1

/* Keys of `meta`. */
#define SCHEMA_BOOT "boot"     /* boot id of the machine that wrote last */
#define SCHEMA_ROLLED "rolled" /* hours before this time are in `minute` and `hour` */
#define SCHEMA_EXPIRED \
	"expired" /* before this time `full` has only what is kept for ever */
#define SCHEMA_MINUTES "minutes" /* `minute` begins here */

/* How long what is kept, in ms, and around an event of weight. */
#define SCHEMA_FULL_MS INT64_C(86400000)
#define SCHEMA_MINUTE_MS (31 * INT64_C(86400000))
#define SCHEMA_BEFORE_MS INT64_C(300000)
#define SCHEMA_AFTER_MS INT64_C(900000)

enum schema_state {
	SCHEMA_OK,
	SCHEMA_DAMAGED, /* it is no such file, or malformed */
	SCHEMA_NEWER,   /* a newer holdup has written it */
	SCHEMA_FAILED,  /* *error is an SQLite error code */
};

/* Opens the file for writing, made with its tables where there is none. *db is NULL but with
 * SCHEMA_OK; closed with sqlite3_close(). */
enum schema_state schema_open(sqlite3 **db, const char *path, int *error);

/* Compiles a statement. NULL: `*error` says why. */
sqlite3_stmt *schema_prepare(sqlite3 *db, const char *sql, int *error);

#endif
