/* SPDX-License-Identifier: ISC */
#ifndef HISTORY_BATTERIES_H
#define HISTORY_BATTERIES_H

#include "history/calendar.h"
#include "history/store.h"
#include "history/watch.h"
#include "lib/feed.h"

/*
 * What is remembered of each battery beside its discharges: its last tests, what came of
 * them, and when the next one is due. Asks the calendar once a minute.
 */
struct batteries;

struct batteries_ops {
	/* This command is to be ordered of the UPS. */
	void (*order)(void *arg, const char *ups, const char *command);
	/* What is remembered is other now: to be kept. */
	void (*changed)(void *arg, const char *ups, const struct tables_battery *battery);
	/* A test that is due for a week does not begin; why, as a sentence. */
	void (*late)(void *arg, const char *ups, const char *text);
};

struct batteries *batteries_new(
    const struct calendar_conf *conf, const struct batteries_ops *ops, void *arg);
void batteries_free(struct batteries *b);

/* What was kept (store_load()). */
void batteries_know(
    struct batteries *b, const char *ups, const struct tables_battery *battery);

/* A discharge has taught something. */
void batteries_learned(struct batteries *b, const char *ups, const struct learn_result *r,
    unsigned discharges);

/* Test, tested: told of each event. */
void batteries_event(struct batteries *b, const struct watch_event *e);

/* The clock on the wall was set. */
void batteries_clock(struct batteries *b, struct watch_now now);

/* Looks whether a test is to begin; once a minute. */
void batteries_look(struct batteries *b, const struct watch *w, const struct feed *f,
    struct watch_now now);

#endif
