/* SPDX-License-Identifier: ISC */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "cli/view.h"
#include "history/read.h"
#include "lib/buf.h"

/*
 * One outage as a page: what happened, who went down when, what the battery did. Pure but
 * for the time zone.
 */

struct report_event {
	int64_t at;
	char *kind, *who, *text; /* who may be NULL */
};

/* What the series of a report are, in this order. */
enum report_series {
	REPORT_CHARGE,
	REPORT_RUNTIME,
	REPORT_LOAD,
	REPORT_BATTERY_VOLTAGE,
	REPORT_INPUT_VOLTAGE,
	REPORT_SERIES
};
extern const char *const report_series[REPORT_SERIES];

/* The strings and arrays are the maker's. */
struct report {
	struct history_outage outage;
	char *ups, *kind;            /* what those of `outage` are */
	struct report_event *events; /* around it, in the order of time */
	size_t nevents;
	int64_t now;  /* an outage that lasts ends here */
	int64_t step; /* ms between two points of the series */
	struct history_series series;
};

/* How far apart the rows of the table are, so that it stays a page: ms. */
int64_t report_step(int64_t length_ms);

/* True for an event that tells of a machine, not of the UPS. */
bool report_of_machine(const struct report_event *e);

/* What an event tells, with who did what somebody did; free() it. */
char *report_told(const char *kind, const char *who, const char *text);

void report_print(
    struct buf *out, const struct report *r, const struct view_style *style);

#endif
