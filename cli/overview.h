/* SPDX-License-Identifier: ISC */
#ifndef CLI_OVERVIEW_H
#define CLI_OVERVIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/model.h"
#include "cli/trend.h"
#include "cli/view.h"

/* The screen of `holdup watch`: what the page shows, as far as there is room. Pure. */

/* A machine, in the order in which they would go down. */
struct overview_machine {
	char *name, *stands, *why; /* stands "": nobody says */
	bool there, self, rehearsed;
	double told, off; /* s after the mains fails; NAN: never */
};

struct overview_outage {
	char *ups, *kind;
	int64_t began; /* Unix s */
	double seconds, charge_low;
	bool lasts;
};

/* What the mains of a UPS was like in the last 30 days, and what went through it. */
struct overview_power {
	char *ups;
	double outages, seconds, sags, swells, boosts, trims;
	double today, month; /* kWh; NAN: it tells no power */
};

enum overview_page {
	OVERVIEW_ALL,
	OVERVIEW_MACHINES,
	OVERVIEW_OUTAGES,
	OVERVIEW_EVENTS,
	OVERVIEW_POWER
};

struct overview {
	const struct model *model;
	const struct trend *trends; /* by row of the model; NULL: none */
	const struct overview_machine *machines;
	size_t nmachines;
	const struct overview_outage *outages; /* newest first */
	size_t noutages;
	const struct overview_power *powers;
	size_t npowers;
	enum overview_page page;
	int64_t now; /* Unix s */
	const char *title, *side;
	const char *notice; /* NULL, or what is wrong */
};

/* style->rows lines, each with LF. */
void overview_draw(
    struct buf *out, const struct overview *o, const struct view_style *style);

/* The page that a key calls, or -1. */
int overview_page_of(char key);

#endif
