/* SPDX-License-Identifier: ISC */
#ifndef HISTORY_WAIT_H
#define HISTORY_WAIT_H

#include <stddef.h>
#include <stdint.h>

#include "history/tables.h"
#include "history/watch.h"

/*
 * What waits to be written: bounded, for a disk may be full for weeks. Where there is no
 * more room the oldest gives way. Pure.
 */

#define WAIT_SAMPLES 50000 /* of 24 bytes */
#define WAIT_EVENTS 1000
#define WAIT_ROWS 200 /* outages, points, each */

/* UPSes are numbered by who uses this; WAIT_HOUSE is none of them. */
#define WAIT_HOUSE (-1)

struct wait_sample {
	int64_t at;
	int16_t ups; /* WAIT_HOUSE: of history itself (schema.h) */
	uint16_t series;
	double value;
};

struct wait_event {
	int64_t at;
	int ups;
	enum kind kind;
	char *who, *text; /* who may be NULL */
};

struct wait_outage {
	int ups;
	struct watch_outage outage;
};

struct wait_point {
	int ups;
	struct learn_point point;
};

/* Zero-initialised it is empty. */
struct wait {
	struct wait_sample *samples; /* a ring of `room` */
	size_t room, first, nsamples;
	struct wait_event events[WAIT_EVENTS];
	size_t nevents;
	struct wait_outage outages[WAIT_ROWS];
	size_t noutages;
	struct wait_point points[WAIT_ROWS];
	size_t npoints;
	size_t lost_samples, lost_events; /* that gave way, since wait_written() */
};

void wait_sample(struct wait *w, struct wait_sample s);
const struct wait_sample *wait_sample_at(const struct wait *w, size_t i); /* 0: oldest */

/* Samples from this time on are forgotten: it is lived again (the clock was set back). */
void wait_forget(struct wait *w, int64_t from);

/* Texts are copied. */
void wait_event(struct wait *w, int ups, const struct watch_event *e);

/* One row for each outage: what is told last. */
void wait_outage(struct wait *w, int ups, const struct watch_outage *o);
void wait_point(struct wait *w, int ups, const struct learn_point *p);

/* All samples were written / everything else was. */
void wait_samples_written(struct wait *w);
void wait_written(struct wait *w);

/* Releases what it holds. */
void wait_clear(struct wait *w);

#endif
