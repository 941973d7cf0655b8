/* SPDX-License-Identifier: ISC */
#ifndef HID_OPTIONS_H
#define HID_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "hid/match.h"
#include "lib/conf_ups.h"
#include "lib/state.h"

/*
 * What a section of ups.conf asks of this driver (NUT: ups.conf(5), usbhid-ups(8)). Pure.
 */
struct options {
	char *name;           /* of the section */
	char *port;           /* "auto" where the file is silent */
	uint64_t interval_ms; /* between two readings of what moves (pollinterval) */
	uint64_t full_ms;     /* between two readings of everything (pollfreq) */
	bool pollonly;        /* input reports are not believed */
	bool ignorelb;        /* LB by battery.charge.low and battery.runtime.low alone */
	char *ondelay, *offdelay; /* seconds as text, or NULL */
	struct match *match;
	struct state *overrides, *defaults; /* override.x = y, default.x = y */
	struct state *driver; /* driver.parameter.*, driver.flag.*: what the file said */
};

/* Reads a section; faults and unknown keys become problems that name `file` and line.
 * Release with options_free(). */
void options_read(struct options *o, const struct ups_conf *conf,
    const struct conf_ups *section, const char *file, struct problems *p);
void options_free(struct options *o);

#endif
