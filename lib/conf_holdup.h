/* SPDX-License-Identifier: ISC */
#ifndef LIB_CONF_HOLDUP_H
#define LIB_CONF_HOLDUP_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/conf.h"

/*
 * holdup.conf: what NUT has no words for. Sections of `word = value` in NUT's quoting, as
 * in ups.conf: [kind] switches one thing on, [kind name] says something of one machine.
 * holdupd reads it to know what is to be started, the others for what concerns them. A new
 * kind of section is a file of its own and a row of kinds[] in conf_holdup.c.
 */

/* A value that Domoticz can be told: one row of conf_sensors[] is one sensor. */
struct conf_sensor {
	const char *word;         /* in [domoticz], `word = idx` */
	const char *variables[2]; /* NUT's; the first that is known counts */
	int decimals;             /* of the number as Domoticz wants it */
};

#define CONF_SENSORS 3
extern const struct conf_sensor conf_sensors[CONF_SENSORS];

/* [domoticz] */
struct conf_domoticz {
	bool wanted;           /* it says enough to work with: a url and a sensor */
	int line;              /* of the section's head; 0: none */
	char *url;             /* "http://192.168.0.9:8080", without a slash at its end */
	char *user, *password; /* NULL: sent without */
	char *ups;             /* NULL: the first one */
	int idx[CONF_SENSORS]; /* the virtual sensor's number; 0: not sent */
};

/* [machine pi2]: one that hangs on a UPS, known by its login, its address, or both. */
struct conf_machine {
	char *name;
	int line;
	char *login;   /* account of upsd.users; NULL: any */
	char *address; /* a literal one; NULL: any */
	int takes;     /* seconds from its LOGOUT (or last reading) until it is off */
};

struct holdup_conf {
	struct conf_domoticz domoticz;
	struct conf_machine *machines;
	size_t nmachines;
};

/* Reads text; never fails as a whole. Unknown sections and words are problems with the
 * nearest known one; so is a section that says too little. */
void holdup_conf_read(struct holdup_conf *c, const char *file, const char *text,
    size_t len, struct problems *p);
void holdup_conf_free(struct holdup_conf *c);

/*
 * A kind of section. begin: where the lines of this section go, by `settings` (CONF_TEXT,
 * CONF_NUMBER, CONF_TAKE; args_max: words of its value); NULL, with a problem, when they
 * are to be ignored. check: what the sections say as a whole.
 */
struct conf_kind {
	const char *word;
	bool named; /* [word name] */
	void *(*begin)(struct holdup_conf *c, const struct conf_line *head);
	const struct conf_row *settings;
	void (*check)(struct holdup_conf *c, const char *file, struct problems *p);
	void (*free)(struct holdup_conf *c);
};

extern const struct conf_kind conf_kind_domoticz, conf_kind_machine;

#endif
