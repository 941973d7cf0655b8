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
	/* By which it is known among several, NULL where one UPS needs none of it. */
	char *vendorid, *productid, *serial, *bus, *busport;
	/* What else its driver is told (apcupsd): "community"; or NULL. */
	const char *key;
	char *value;
};

/* A NAS of a make that is known (setup/box.h). */
struct setup_nas {
	const struct setup_box *box;
	char *address; /* a literal one */
	/* For its account, where it has none yet and the make has no login of its own. */
	char *password;
};

/* Strings are the struct's own (xstrdup), or NULL. */
struct setup_answers {
	enum setup_mode mode;
	struct setup_ups *ups;
	size_t nups; /* 0: those that ups.conf has, or one that is not there yet */
	bool lan;    /* others of this network may use it */
	bool lan_said;
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

	/* What the shell adds: passwords for accounts that are not there yet, this machine's
	 * own address in its network (NULL: none), and whether what contradicts the answers is
	 * to be replaced. */
	char *local_password, *far_password, *address;
	bool replace;
};

void setup_answers_free(struct setup_answers *a);

/* One more, zeroed, at the end; valid until the next. */
struct setup_ups *setup_add_ups(struct setup_answers *a);
struct setup_nas *setup_add_nas(struct setup_answers *a);

/* Something that stands there and contradicts an answer: it stays, unless `replace`. */
struct setup_clash {
	enum check_name file;
	int line;   /* 0: the file as a whole */
	char *text; /* "MODE=standalone stands there, netserver was asked for" */
	bool firm;  /* it stays in any case: not ours to change */
};

struct setup_result {
	char *texts[CHECK_FILES]; /* NULL: nothing is to be written there */
	struct setup_clash *clashes;
	size_t nclashes;
	char **upses; /* sections of ups.conf that were meant, the first one first */
	size_t nupses;
	/* What the others log in with; NULL where they may not. */
	char *user, *password;
	char **nas_passwords; /* of answers.nas[], NULL for a make with its own login */
	size_t nnas;
	char *port; /* that the server listens on */
};

/* Makes the texts. `there` is the configuration as it is, after check_read(). */
void setup_compose(const struct setup_answers *a, const struct check_conf *there,
    struct setup_result *out);
void setup_result_free(struct setup_result *r);

/* What the configuration that is there says already: what Enter takes, so that a second run,
 * or one on a machine where NUT works, changes nothing by itself. */
struct setup_usual {
	enum setup_mode mode; /* SETUP_UNSET: nothing is said yet */
	bool lan;             /* others reach the server, and there is a login for them */
	bool named;           /* ups.conf has a UPS */
	const struct conf_monitor *far; /* where this machine is a secondary; or NULL */
};
void setup_usual(struct setup_usual *u, const struct check_conf *there);

/* True for the name of a UPS that NUT's protocol and its files can bear. */
bool setup_name_ok(const char *name);

#endif
