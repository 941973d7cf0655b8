/* SPDX-License-Identifier: ISC */
#ifndef PUBLISH_DOMOSENSORS_H
#define PUBLISH_DOMOSENSORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/conf_holdup.h"
#include "lib/feed.h"

/*
 * What a UPS is in Domoticz: one virtual sensor for each value (docs/publishing.md, 4). The
 * types are Domoticz's, 0xTTSS: type and subtype. Pure.
 */

#define DOMOSENSOR_TEXT_MAX 200 /* bytes of a value */

/* What is known of a UPS besides the feed. */
struct domo_ups {
	const struct feed_ups *ups; /* NULL: nothing is known of it */
	bool energy;                /* wh is known */
	uint64_t wh;                /* since it is known */
};

/* A value in Domoticz's terms. */
struct domo_value {
	int nvalue;
	char svalue[DOMOSENSOR_TEXT_MAX + 1];
};

struct domosensor {
	const char *word;    /* what we call it among ourselves: one word */
	const char *label;   /* behind the name of its UPS, the name that it is given */
	unsigned type;       /* 0xTTSS */
	const char *subtype; /* its words for that in a list of devices */
	const char *unit;    /* of a custom sensor; else NULL */
	bool urgent;         /* told before those that are not */
	/* Writes the value, or returns false: it is not known (now). */
	bool (*value)(
	    const struct domosensor *s, const struct domo_ups *u, struct domo_value *v);
	const char *variables[2]; /* NUT's; the first that is known counts */
	int decimals;
};

#define DOMOSENSORS 20
extern const struct domosensor domosensors[DOMOSENSORS];

/* The number of the first of two variables (the second may be NULL) that is one, with so many
 * decimals, as [domoticz] with numbers wants it (conf_sensors[]); false: none is known, or
 * the UPS is not heard. */
bool domosensor_number(const struct feed_ups *u, const char *const variables[2],
    int decimals, char *text, size_t size);

/* The charge in whole percent, which Domoticz shows beside any sensor; -1: not known. */
int domosensor_battery(const struct feed_ups *u);

#endif
