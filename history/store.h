/* SPDX-License-Identifier: ISC */
#ifndef HISTORY_STORE_H
#define HISTORY_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "history/tables.h"
#include "history/watch.h"

/*
 * The one writer of the history (docs/history.md, 1 and 2). What it is told waits in memory
 * and is written in one transaction a minute, or every 10 s on battery; an event takes
 * everything that waits with it, at once, but for who logs in and out while the mains is there. It never fails: what cannot be written waits,
 * within bounds, and one line of the log says so.
 *
 * Writing is synchronous, so that a disk that hangs holds the caller up: nobody but history
 * calls it.
 */
struct store;

struct store_ops {
	/* This event is on the disk: its commit has returned. May be NULL. */
	void (*acknowledged)(void *arg, int64_t id);
};

/* Opens the file in this folder, or makes it. `boot` names the run of the machine
 * (/proc/sys/kernel/random/boot_id). */
struct store *store_new(const char *folder, const char *boot, struct watch_now now,
    const struct store_ops *ops, void *arg);

/* Writes what waits, and closes. */
void store_free(struct store *s);

/* What the file knows of each UPS, for watch_know() and watch_restore(), before anything
 * else is told. `battery` is NULL where nothing is known. */
struct store_readers {
	void (*ups)(void *arg, const char *ups, const struct watch_known *known,
	    const struct tables_battery *battery);
	void (*point)(void *arg, const char *ups, const struct learn_point *p);
};
void store_load(struct store *s, const struct store_readers *readers, void *arg);

/* What is to be kept; the same as struct watch_ops. */
void store_sample(
    struct store *s, const char *ups, unsigned series, struct watch_now at, double value);
void store_flags(struct store *s, const char *ups, unsigned flags);
void store_event(struct store *s, const struct watch_event *e);
void store_outage(struct store *s, const char *ups, const struct watch_outage *o);
void store_learned(struct store *s, const char *ups, const struct learn_point *p);
void store_battery(
    struct store *s, const char *ups, const struct tables_battery *battery);

/* Some UPS is on battery: what waits is written every 10 s. */
void store_pace(struct store *s, bool battery);

/* When store_time() is to be called (CLOCK_BOOTTIME ms): at once where an event waits. */
uint64_t store_due(const struct store *s);

/* Writes what is due. Both clocks are compared here: when the clock on the wall was set, or
 * the machine has slept, what held before holds no longer, until it is told again or, of what
 * is still known, from now on. */
void store_time(struct store *s, struct watch_now now);

#endif
