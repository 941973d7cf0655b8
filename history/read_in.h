/* SPDX-License-Identifier: ISC */
#ifndef HISTORY_READ_IN_H
#define HISTORY_READ_IN_H

#include <sqlite3.h>
#include <sys/types.h>

#include "history/read.h"

/*
 * Inside of what reads the history: the file (read.c), and values over time out of its
 * tables (pieces.c), of which graphs, quality and energy are sums (sums.c).
 */
struct history {
	char *path;
	sqlite3 *db;
	ino_t inode;             /* of the file that is open */
	bool alone;              /* nobody wrote it when it was opened: it has no WAL */
	struct timespec written; /* ... and had this age */
	int64_t opened;          /* how often it was opened */
	bool empty;              /* its tables are still to be made */
};

/* Opens the file anew where it is another one than it was. 0, or -1 with a sentence. */
int read_ready(struct history *h, char cause[HISTORY_CAUSE]);

/* Compiles a question; NULL with a sentence. */
sqlite3_stmt *read_ask(struct history *h, const char *sql, char cause[HISTORY_CAUSE]);

/* The next row: 1, 0 at the end, -1 with a sentence. The statement is finalized with the
 * last of them. */
int read_row(struct history *h, sqlite3_stmt *q, char cause[HISTORY_CAUSE]);

/* A number or NAN / a text, which may be NULL, of the row. */
double read_number(sqlite3_stmt *q, int column);
const char *read_text(sqlite3_stmt *q, int column);

/* The row of a UPS; 0: there is none. -1 with a sentence. */
int read_ups(struct history *h, const char *name, int64_t *id, char cause[HISTORY_CAUSE]);

enum read_level { READ_FULL, READ_MINUTE, READ_HOUR };

/* A time in which one variable is known, in order of time for each. A piece of `full` is a
 * value that holds; one of `minute` or `hour` is a row, or what of it lies in the range. */
struct read_piece {
	unsigned slot; /* of `variables` */
	int64_t from, to;
	double known; /* which part of the time it is known: 0 to 1 */
	double mean, low, high;
	bool kept; /* it begins where the file has a row */
};
typedef void read_piece_fn(void *arg, const struct read_piece *p);

/* Tells the pieces of some variables of one UPS in [from, to): no finer than `level` where
 * coarser rows are there, and as fine as there are any where not. */
int read_pieces(struct history *h, const char *ups, const char *const *variables,
    size_t count, int64_t from, int64_t to, enum read_level level, read_piece_fn *fn,
    void *arg, char cause[HISTORY_CAUSE]);

#endif
