/* SPDX-License-Identifier: ISC */
#ifndef HISTORY_UPKEEP_H
#define HISTORY_UPKEEP_H

#include <sqlite3.h>
#include <stdint.h>

#include "history/tables.h"

/*
 * What time makes of the rows of the file: hours that are over become minutes and an hour,
 * and what is older than it is kept goes (docs/history.md, 2). Called inside a transaction;
 * returns SQLITE_OK or SQLite's error.
 */

/* Rolls up each hour that was over at `now`: 48 at once at most, the rest next time. */
int upkeep_roll(struct tables *t, sqlite3 *db, int64_t now);

/* Deletes what is too old at `now`, hour by hour, 48 at once at most. Around events of
 * weight values stay: what held when such a time begins is written down there, and after its
 * end nothing is known. */
int upkeep_expire(struct tables *t, sqlite3 *db, int64_t now);

#endif
