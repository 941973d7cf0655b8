/* SPDX-License-Identifier: ISC */
#ifndef SETUP_SETUP_H
#define SETUP_SETUP_H

#include <stdbool.h>
#include <stddef.h>

#include "check/check.h"

/*
 * What `holdup setup` writes (docs/setup.md). Pure: answers and the texts that are there in,
 * texts out. A file of the configuration is a file write_*.c and a row of writers[] in
 * setup.c; a make of NAS is a row of boxes[] in box.c; a thing that is taken over from
 * (apcupsd) fills in answers.
 */

enum setup_mode {
	SETUP_UNSET,
	SETUP_STANDALONE, /* this machine alone */
	SETUP_SERVER,     /* others hang on it */
	SETUP_SECONDARY,  /* hangs on another one */
};

/* A UPS of this machine: a section of ups.conf. */
struct setup_ups {
	char *name;   /* "ups" */
	char *driver; /* NULL: usbhid-ups */
	char *port;   /* NULL: auto */
	char *desc;   /* NULL: none */
	char *vendorid, *productid, *serial; /* NULL where one UPS needs none of it */
};

/* A NAS of a make that has a name and a login of its own (docs/recipes). */
struct setup_nas {
	const struct setup_box *box;
	char *address;
};

struct setup_answers {
	enum setup_mode mode;
	struct setup_ups *ups;
	size_t nups;
	bool lan;
	struct setup_nas *nas;
	size_t nnas;
	char *domoticz, *domoticz_user, *domoticz_password; /* [domoticz]; NULL: none */
	char *mqtt, *mqtt_user, *mqtt_password;             /* [mqtt]; NULL: none */

	/* Secondary of: the UPS's name, its server, and the login there. */
	char *at_ups, *at_host, *at_user, *at_password;
	unsigned short at_port; /* 0: 3493 */

	/* When this machine goes down, where somebody has set that (apcupsd: BATTERYLEVEL,
	 * MINUTES, TIMEOUT); 0: when the battery is low. */
	unsigned charge_percent, runtime_s, on_battery_s;
};

void setup_answers_free(struct setup_answers *a);

#endif
