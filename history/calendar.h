/* SPDX-License-Identifier: ISC */
#ifndef HISTORY_CALENDAR_H
#define HISTORY_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The calendar of battery tests (docs/history.md, 4). Pure but for the time zone (TZ), by
 * which an hour is meant.
 */
#define CALENDAR_WHY 160

struct calendar_conf {
	unsigned quick_days, deep_days; /* between two tests; 0: never */
	unsigned from, to; /* hours of the day, [from, to); from == to: any */
};

/* The house, and now. */
struct calendar_house {
	int64_t now;      /* Unix s */
	uint64_t boot_ms; /* CLOCK_BOOTTIME */
	uint64_t
	    stepped_ms;  /* the wall clock was set then (boot ms); 0: not in this boot */
	int64_t started; /* the last test of the house began (Unix s); 0: never */
	uint64_t started_ms; /* likewise in boot ms; 0: not in this boot */
	bool told;           /* some machine is told, leaves, is off or is being waked */
};

/* One UPS: the caller keeps it from call to call. */
struct calendar_ups {
	int64_t last_quick,
	    last_deep;              /* Unix s of the last tests, or since when the UPS is
	                                  known; set to now where that is in the future */
	int64_t said;               /* CALENDAR_LATE was answered last; 0: never */
	bool quick, deep;           /* it has the command */
	bool heard;                 /* its values are of now */
	unsigned flags;             /* of enum watch_flag */
	uint64_t mains_ms;          /* boot ms since when it is on mains; 0: it is not */
	int64_t outage;             /* Unix s of the end of its last outage; 0: none */
	double charge, charge_high; /* percent; the highest of the last day; NAN */
	double load;                /* percent; NAN */
};

enum calendar_verdict {
	CALENDAR_NOTHING, /* nothing is due, or it waits for its time */
	CALENDAR_LATE,    /* due for 7 days, and `why` not: to be said, once in 7 days */
	CALENDAR_QUICK,   /* to be started now */
	CALENDAR_DEEP,
};

/* Judges one UPS; call it for each of them once a minute, and count a test that was started
 * in `house` before the next one. `why` is "" where nothing is due. */
enum calendar_verdict calendar_judge(const struct calendar_conf *conf,
    const struct calendar_house *house, struct calendar_ups *u, char why[CALENDAR_WHY]);

/* When the next test is due (Unix s); 0: never. */
int64_t calendar_next(const struct calendar_conf *conf, const struct calendar_ups *u);

#endif
