/* SPDX-License-Identifier: ISC */
#ifndef HISTORY_DISCHARGE_H
#define HISTORY_DISCHARGE_H

#include <stdbool.h>
#include <stdint.h>

#include "history/learn.h"

/*
 * One discharge as it is seen through the gauges of a UPS, and what it says of the battery
 * as a whole. Pure; times are CLOCK_BOOTTIME in ms. Values are NAN where they are not told.
 */
#define DISCHARGE_MARKS 64

/* A gauge is kept as the moments at which it moved: between two of them it is exact, however
 * coarse its steps are. */
struct discharge_gauge {
	struct discharge_mark {
		uint64_t ms;
		double at;
	} marks[DISCHARGE_MARKS];
	unsigned n;
	double now;
};

struct discharge {
	uint64_t began_ms;
	struct discharge_gauge charge, voltage;
	double load, load_ms; /* the last one, and the sum over the time */
	uint64_t load_at_ms, loaded_ms;
	double voltage_first; /* when its voltage had settled */
};

/* Begins / takes what the UPS tells now (call it when one of them changes). */
void discharge_begin(struct discharge *d, uint64_t now_ms);
void discharge_take(
    struct discharge *d, uint64_t now_ms, double charge, double voltage, double load);

/* Its end: fills load, full, depth and seconds of the point. False: it says nothing, for it
 * was too short, too shallow, or nobody told a load. */
bool discharge_end(struct discharge *d, uint64_t now_ms, struct learn_point *p);

#endif
