/* SPDX-License-Identifier: ISC */
#ifndef DUMMY_SCRIPT_H
#define DUMMY_SCRIPT_H

#include <stddef.h>

#include "lib/conf.h"

/*
 * A .dev or .seq file (NUT: dummy-ups(8)): text → steps. Pure.
 *
 *	battery.charge: 87        as upsc prints it; `battery.charge = 87` means the same
 *	ups.alarm:                no value: the variable goes
 *	TIMER 60                  seconds until the next line
 *	ALARM Replace battery     ups.alarm, and ALARM in ups.status; without a text: over
 *
 * Words, quotes and comments are those of NUT's other files.
 */

#define SCRIPT_STEPS_MAX 10000
#define SCRIPT_SECONDS_MAX 86400

enum script_kind { SCRIPT_SET, SCRIPT_ALARM, SCRIPT_WAIT };

struct script_step {
	enum script_kind kind;
	char *name;       /* of a SCRIPT_SET */
	char *value;      /* of a SCRIPT_SET, a SCRIPT_ALARM; "": it goes */
	unsigned seconds; /* of a SCRIPT_WAIT */
};

struct script {
	struct script_step *steps;
	size_t count;
};

/* Reads text; never fails as a whole, what is wrong becomes a problem of `file`. */
void script_read(
    struct script *s, const char *file, const char *text, size_t len, struct problems *p);
void script_free(struct script *s);

#endif
