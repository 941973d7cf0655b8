/* SPDX-License-Identifier: ISC */
#ifndef LIB_CONF_HOLDUP_H
#define LIB_CONF_HOLDUP_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/conf.h"

/*
 * holdup.conf: what NUT has no words for. Sections of `word = value` in NUT's quoting, as
 * in ups.conf; each section switches one thing on. holdupd reads it to know whether `out`
 * is to be started, `out` reads it for what it says.
 */

/* A value that Domoticz can be told: one row of conf_sensors[] is one sensor. */
struct conf_sensor {
	const char *word;         /* in [domoticz], `word = idx` */
	const char *variables[2]; /* NUT's; the first that is known counts */
	int decimals;             /* of the number as Domoticz wants it */
};

#define CONF_SENSORS 3
extern const struct conf_sensor conf_sensors[CONF_SENSORS];

struct conf_domoticz {
	bool wanted;           /* it says enough to work with: a url and a sensor */
	int line;              /* of the section's head; 0: none */
	char *url;             /* "http://192.168.0.9:8080", without a slash at its end */
	char *user, *password; /* NULL: sent without */
	char *ups;             /* NULL: the first one */
	int idx[CONF_SENSORS]; /* the virtual sensor's number; 0: not sent */
};

struct holdup_conf {
	struct conf_domoticz domoticz;
};

/* Reads text; never fails as a whole. Unknown sections and words are problems with the
 * nearest known one; so are a url that is none and a section that says too little. */
void holdup_conf_read(struct holdup_conf *c, const char *file, const char *text,
    size_t len, struct problems *p);
void holdup_conf_free(struct holdup_conf *c);

#endif
