/* SPDX-License-Identifier: ISC */
#ifndef HISTORY_STORE_IN_H
#define HISTORY_STORE_IN_H

#include "history/series.h"
#include "history/store.h"
#include "history/wait.h"

/*
 * Inside of the store: what it holds (store.c), and how it is written (commit.c).
 */

/* Set back by more than this, the clock is believed only for what comes: times that are
 * lived twice overlap, but nothing is deleted. */
#define STORE_BACK_MS INT64_C(3600000)

/* A UPS; its place in the list is its number in struct wait. */
struct store_ups {
	char *name;
	int64_t row; /* in the file; 0: not looked up yet */
	unsigned flags;
	bool flags_new;
	double now[SERIES_MAX]; /* what holds, NAN: not known */
	struct tables_battery battery;
	bool battery_new;
};

enum store_trouble {
	STORE_WELL,
	STORE_FULL,   /* the disk: events are written, samples wait */
	STORE_BROKEN, /* nothing is written; tried again every 5 s */
	STORE_NEWER,  /* a newer file: nothing is written, and nothing waits */
};

struct store {
	char *folder, *path, *reserve;
	char boot[40];
	bool boot_new;
	const struct store_ops *ops;
	void *arg;

	sqlite3 *db; /* NULL: not open */
	struct tables *tables;
	int wal_pages;    /* that are not in the file yet */
	int64_t began_ms; /* wall: what is in the file of before is not ours */
	bool joined;      /* ... and ends there */
	enum store_trouble trouble;

	struct store_ups *upses;
	size_t nupses;
	int64_t variables[SERIES_MAX]; /* their rows; 0: not looked up yet */
	struct wait wait;
	int64_t again; /* from this time on the file is lived again; 0: it is not */

	struct watch_now last; /* the latest time that was told */
	uint64_t calm_ms;      /* boot: the clock has not been set since */
	uint64_t due_ms;       /* boot: the next transaction */
	bool battery, urgent;
};

/* The UPS of this name, made where it is new; good until the next one is made. */
struct store_ups *store_ups(struct store *s, const char *name);

/* Opens the file where it is not open. */
void commit_open(struct store *s);
void commit_close(struct store *s);

/* Writes what waits, and does the upkeep of the file. */
void commit_all(struct store *s, struct watch_now now);

#endif
