/* SPDX-License-Identifier: ISC */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/buf.h"
#include "lib/state.h"
#include "web/lang.h"

/*
 * The page: what web/pack.c has made of web/ui while holdup was built, with the state of
 * now written into it as HTML, so that it says everything without JavaScript. Pure. The
 * facts are those of `GET /api/v1/state` (docs/page.md, 3); the script shows the same ones
 * from the stream. NAN stands for a number that is not known, NULL for a text that is not.
 * Times are Unix seconds, lengths seconds, parts percent.
 */

enum page_mains { PAGE_MAINS_UNKNOWN, PAGE_MAINS_ON, PAGE_MAINS_OFF };

struct page_ups {
	const char *name, *desc;
	const char *status; /* ups.status, as this machine sees it; NULL: none */
	enum feed_source
	    source;     /* what it shows is of now, old, or of before it was lost */
	bool estimated; /* ... and goes on by estimate */
	enum page_mains mains;
	double since; /* mains became so */
	double input_voltage, input_frequency, output_voltage;
	double load, watts, va;
	bool watts_estimated; /* from the load and the nominal power */
	double charge, charge_low, runtime, runtime_learned;
	double voltage, temperature; /* of the battery; the temperature else of the UPS */
	double health, confidence;
	const char *replace, *date;     /* YYYY-MM-DD */
	const struct state *state;      /* its variables; NULL: none */
	char told[STATE_VALUE_MAX + 8]; /* room for `status` with what core adds to it */
};

/* A machine that hangs on a UPS, in the order in which they go down. */
struct page_machine {
	const char *name;
	const char *stands; /* on, told, leaving, off, waking */
	const char *why;
	bool there, self;
	const char *const *feeds;
	size_t nfeeds;
	double down,
	    off; /* s after the mains fails that it is told, and off; NAN: never */
};

struct page_event {
	double at;
	const char *ups, *kind, *who, *text;
};

struct page_facts {
	enum lang lang;
	const char *version; /* "0.1.0" */
	double time;
	bool closed; /* who looks is not logged in, and must be: no state is shown */
	bool fresh; /* core's model is here; false: holdup is starting, or core is away */
	bool protected; /* of the state: the battery would carry everybody to a clean end */
	const struct page_ups *upses;
	size_t nupses;
	const struct page_machine *machines;
	size_t nmachines;
	const struct page_event *events; /* newest first */
	size_t nevents;
};

/* Appends the whole page (text/html; charset=utf-8). */
void page_write(struct buf *out, const struct page_facts *facts);

/* Content-Security-Policy of the page: its one script and its one style by their hashes. */
extern const char page_csp[];

#endif
