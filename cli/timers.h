/* SPDX-License-Identifier: ISC */
#ifndef CLI_TIMERS_H
#define CLI_TIMERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"

/*
 * The timers of upssched: pure, the time comes in as milliseconds of boottime_ms(). A timer
 * has a name, a moment, and the events that started it: one, or several that share it. Of
 * one name there may be any number of timers.
 */
struct timers;

/* What upsmon tells; an empty text is one that it did not give. */
struct timer_event {
	const char *ups, *type, *message;
};

/* One that is due, as CMDSCRIPT is told of it: each text is a list without repetitions, as
 * NUT joins them ("a@x,b@x", "ONBATT", messages with ".\t" between). */
struct timer_told {
	char *name;
	struct buf ups, type, message;
};

#define TIMERS_MAX 1000
#define TIMER_EVENTS_MAX 100 /* that share one; further ones are not listed */

struct timers *timers_new(void);
void timers_free(struct timers *t);

/* Starts a timer; shared: joins the oldest of that name, where there is one, and leaves its
 * moment as it is. 0, or -1 when there are TIMERS_MAX. */
int timers_start(struct timers *t, const char *name, uint64_t due,
    const struct timer_event *e, bool shared);

/* Ends all timers of that name; with a UPS only those that it started, and one that it
 * shares with others goes on without it. Returns how many there were of these. */
size_t timers_cancel(struct timers *t, const char *name, const char *ups);

/* When the next one is due; 0: there is none. */
uint64_t timers_next(const struct timers *t);

/* Takes out the one that has been due for longest and fills in `told`, which the caller
 * releases; false when none is due. */
bool timers_take(struct timers *t, uint64_t now, struct timer_told *told);
void timer_told_free(struct timer_told *told);

/* The machine has slept: nothing is due before `until`, so that news can come first. */
void timers_postpone(struct timers *t, uint64_t until);

/* Appends a line for each timer, in the order of their start: "TIMER", name, moment in
 * seconds of the wall clock, seconds from now, types, UPSes, messages, with tabs between,
 * `""` for an empty list. */
void timers_list(const struct timers *t, uint64_t now, int64_t wall, struct buf *out);

#endif
