/* SPDX-License-Identifier: ISC */
#ifndef HID_OPTIONS_H
#define HID_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "hid/hidups_options.h"
#include "hid/match.h"
#include "lib/conf_ups.h"
#include "lib/state.h"

#define OPTIONS_HOLD_S 15
#define OPTIONS_WAYS_MAX 8

/*
 * What a section of ups.conf asks of this driver (NUT: ups.conf(5), usbhid-ups(8)). Pure.
 * The table in options.c knows every word that NUT 2.8.5 has for a USB UPS.
 */
struct options {
	char *name;           /* of the section */
	char *port;           /* "auto" where the file is silent */
	char **elsewhere;     /* nodes that other sections name; NULL behind the last */
	uint64_t interval_ms; /* between two readings of what moves (pollinterval) */
	uint64_t full_ms;     /* between two readings of everything (pollfreq) */
	uint64_t
	    hold_ms; /* the last values count so long after a loss; not of the file */
	long waitbeforereconnect; /* seconds from a loss to the search */
	long interruptsize;       /* bytes of an input report that count; 0: all */
	long quiet_polls; /* readings without an input report until it is opened anew
	                     (interrupt_pipe_no_events_tolerance); -1: any number */
	long debug_min;
	bool pollonly;        /* input reports are not believed */
	bool ignorelb;        /* LB by battery.charge.low and battery.runtime.low alone */
	bool explore;         /* the fields of the device are logged */
	bool any_device;      /* ... and it need not be a UPS */
	bool allow_killpower; /* driver.killpower cuts the output */
	char *ondelay, *offdelay;           /* seconds as text, or NULL */
	char *sdcommands;                   /* split: `ways` point into it */
	const char *ways[OPTIONS_WAYS_MAX]; /* see options_way() */
	size_t nways;
	struct hidups_options ups;
	struct match *match;
	struct state *overrides, *defaults; /* override.x = y, default.x = y */
	struct state *driver; /* driver.parameter.*, driver.flag.*: what the file said */
	struct problems
	    notes; /* words without a meaning here, and why: for the debug log */
};

/* Reads a section; faults and unknown keys become problems that name `file` and line.
 * Release with options_free(). */
void options_read(struct options *o, const struct ups_conf *conf,
    const struct conf_ups *section, const char *file, struct problems *p);
void options_free(struct options *o);

/* The commands that cut the output at the end, in the order in which they are tried
 * (sdcommands, else NUT's order); NULL behind the last. */
const char *options_way(const struct options *o, size_t n);

#endif
