/* SPDX-License-Identifier: ISC */
#ifndef HID_MATCH_H
#define HID_MATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "hid/bus.h"

/*
 * NUT's matching options (usbhid-ups(8): vendorid, productid, vendor, product, serial,
 * bus, device, busport) and the choice among devices. Pure.
 *
 * Each option is an extended regular expression, case ignored, that must match the whole
 * text without the blanks around it; ids are four hexadecimal digits.
 */
struct match;

struct match *match_new(void);
void match_free(struct match *m);

/* Adds an option; the last one of a key counts. Returns 1, 0 when `key` is no matching
 * option, -1 with the reason in `cause` when the expression is faulty: then it is taken as
 * plain text, so that it chooses no stranger. */
int match_add(
    struct match *m, const char *key, const char *regex, char *cause, size_t size);

bool match_device(const struct match *m, const struct bus_device *d);

/* True when `port` of ups.conf names the device: "/dev/hidraw0" is hidraw0 of the virtual
 * bus as well. */
bool match_port(const char *port, const struct bus_device *d);

/* What a new device is compared with when one has been in use before. */
struct match_choice {
	const struct match *match;
	const char *port;       /* of ups.conf, "auto" or NULL: no hint */
	char *const *elsewhere; /* ... of its other sections, as in options.h; or NULL */
	const struct hidups_ident *last; /* NULL before the first device */
	const char *place; /* ... and where that was; NULL or "": nobody knows */
	bool patient; /* one without a serial number comes back there or not at all */
	bool any;     /* the device need not be a UPS */
};

/* The device to use: of the power devices that match and are not taken (and, after the
 * first, have the same ids), the one with the last serial, else the one at the last place,
 * else the one at `port`, else the first that is not named elsewhere, else the first. NULL
 * when there is none. */
const struct bus_device *match_choose(
    const struct match_choice *c, const struct bus_list *list);

/* How many others could as well be chosen: the same ids, and no serial number either. */
size_t match_twins(const struct match_choice *c, const struct bus_list *list,
    const struct bus_device *d);

/* Text as an expression that matches it, without backslashes: "a (b)" is "a .b.". Cut at
 * `size`. Returns `out`. */
char *match_quote(char *out, size_t size, const char *text);

#endif
