/* SPDX-License-Identifier: ISC */
#ifndef HISTORY_WATCH_H
#define HISTORY_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "history/learn.h"
#include "lib/feed.h"
#include "lib/kinds.h"

/*
 * What the feed says becomes what is kept: samples, events, outages, and points for learning
 * (docs/history.md, 2 and 3). Pure: what follows leaves through the ops.
 */
struct watch;

/* Now, by both clocks: times of day are of the first, lengths of the second. */
struct watch_now {
	int64_t wall_ms;  /* CLOCK_REALTIME, Unix ms */
	uint64_t boot_ms; /* CLOCK_BOOTTIME */
};

/* What a UPS was like when it was last heard: to be kept with each commit as a number, so
 * that a restart repeats no event. */
enum watch_flag {
	WATCH_KNOWN = 1 << 0, /* it was heard at all */
	WATCH_BATTERY = 1 << 1,
	WATCH_LOW = 1 << 2,
	WATCH_FSD = 1 << 3,
	WATCH_OVER = 1 << 4,
	WATCH_REPLACE = 1 << 5,
	WATCH_BYPASS = 1 << 6,
	WATCH_BOOST = 1 << 7,
	WATCH_TRIM = 1 << 8,
	WATCH_ALARM = 1 << 9,
	WATCH_OFF = 1 << 10,
	WATCH_TEST = 1 << 11,
	WATCH_CAL = 1 << 12,
	WATCH_LOST = 1 << 13,
	WATCH_STALE = 1 << 14,
	WATCH_SAG = 1 << 15,
	WATCH_SWELL = 1 << 16,
	WATCH_ESTIMATED = 1 << 17, /* ups.realpower is an estimate (history_energy) */
};

enum watch_why { WATCH_OUTAGE, WATCH_BY_TEST, WATCH_BY_CALIBRATION };

/* A row of the table `outage`. NAN: not known. */
struct watch_outage {
	int64_t id; /* the store's: it sets it when it is told of it first */
	enum watch_why why;
	int64_t began, ended; /* Unix ms; ended 0: it lasts */
	uint64_t ms;          /* its length so far, by CLOCK_BOOTTIME */
	double charge_began, charge_low, voltage_low;
	double load; /* the mean, percent */
	double wh;
	bool complete; /* its end was seen */
};

/* Texts are good during the call only. */
struct watch_event {
	enum kind kind;
	const char *ups; /* NULL: of the house */
	const char *who; /* account@address, or NULL */
	const char *text;
	struct watch_now at;
};

struct watch_ops {
	/* A value of a row of history/series.h from now on; NAN: nothing is known from now
	 * on (a gap, not a flat line). Only changes are told. */
	void (*sample)(void *arg, const char *ups, unsigned series, struct watch_now at,
	    double value);
	/* The flags are others; told before the event that they are due to. */
	void (*flags)(void *arg, const char *ups, unsigned flags);
	void (*event)(void *arg, const struct watch_event *e);
	/* An outage has begun, goes on (every 10 s at most), or has ended; told before the
	 * event. */
	void (*outage)(void *arg, const char *ups, struct watch_outage *o);
	/* The wall clock was set, from a to b (Unix ms; lengths go on): told before the event
	 * and before all values that hold are told again. */
	void (*clock)(void *arg, int64_t from_ms, int64_t to_ms);
	/* A discharge has taught something: a new row of `learned`, and what is known now. */
	void (*learned)(void *arg, const char *ups, const struct learn_point *p,
	    const struct learn_result *r);
	/* A variable of docs/history.md, 3 is to be published ("" takes it away). */
	void (*publish)(
	    void *arg, const char *ups, const char *variable, const char *value);
};

struct watch *watch_new(const struct watch_ops *ops, void *arg);
void watch_free(struct watch *w);

/*
 * What the file knows of a UPS, before the first line of the feed: the flags, an outage that
 * was going on (id 0: none), the last thing that was heard (Unix ms, 0: nothing), when its last
 * outage (tests apart) ended (0: never), and whether the machine has run through since. An outage that
 * was interrupted by a boot is ended then and there, at what was heard last.
 */
struct watch_known {
	unsigned flags;
	struct watch_outage outage;
	int64_t heard_ms, battery_ms;
	bool same_boot;
};
void watch_know(struct watch *w, const char *ups, const struct watch_known *k);

/* A row of `learned`, oldest first. */
void watch_restore(struct watch *w, const char *ups, const struct learn_point *p);

/* The feed has changed: after feed_apply(), for each of its lines but the broken one. A model
 * without `whole` is not looked at. */
void watch_feed(struct watch *w, const struct feed *f, const struct feed_change *c,
    struct watch_now now);

/* The connection to core is gone: all series end 15 s later, if it is not back. */
void watch_gone(struct watch *w, struct watch_now now);

/* When watch_time() is to be called (CLOCK_BOOTTIME ms): a minute from the last call at
 * most, for steps of the clock are seen by it, too. Grows stale with each other call. */
uint64_t watch_due(const struct watch *w);
void watch_time(struct watch *w, const struct feed *f, struct watch_now now);

/* Core may have forgotten what was published: it is published again. */
void watch_again(struct watch *w, struct watch_now now);

/* All series end, for history stops; outages stay open. */
void watch_stop(struct watch *w, struct watch_now now);

/* True while some UPS is on battery: samples are written every 10 s. */
bool watch_battery(const struct watch *w);

/* What the calendar and others ask about. False where there is no such UPS. */
struct watch_facts {
	struct learn_result learned;
	unsigned discharges;
	unsigned flags; /* of enum watch_flag */
	bool heard;     /* its values are of now */
	uint64_t
	    mains_ms; /* boot ms since when it is on mains; 0: it is not, or nobody knows */
	int64_t
	    battery_ms; /* wall ms of the end of the last outage that was none for a test or
	                       a calibration; 0: none is known */
	double charge, load; /* percent; NAN */
	double charge_high;  /* the highest of the last day; NAN */
};
bool watch_facts(const struct watch *w, const char *ups, struct watch_facts *facts);

#endif
