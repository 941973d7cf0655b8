/* SPDX-License-Identifier: ISC */
#ifndef WEB_METRICS_H
#define WEB_METRICS_H

#include <stdbool.h>

#include "web/house.h"

/* What is counted, of one UPS: by the history, so that it grows over restarts. */
struct metrics_counts {
	double outages, outage_s, transfers;
	double joules; /* NAN: nobody knows */
};

/*
 * The metrics (docs/page.md, 7) as OpenMetrics 1.0 or as Prometheus' text 0.0.4. `counts` is
 * by row of the model; NULL: there is no history, and what it counts is left out. Pure.
 */
void metrics_write(struct buf *out, const struct house *h,
    const struct metrics_counts *counts, bool openmetrics);

#endif
