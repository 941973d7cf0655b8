/* SPDX-License-Identifier: ISC */
#ifndef CORE_LEARNED_H
#define CORE_LEARNED_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/state.h"

/*
 * What `history` has learned of a battery (docs/history.md, 3), laid over what the driver
 * says: four variables of a closed list, each only where the driver has none of that name.
 * They stay when the driver goes and comes back. Pure.
 */

#define LEARNED_VARS 4

struct learned {
	char *texts[LEARNED_VARS]; /* NULL: nothing is said */
	bool laid[LEARNED_VARS];   /* the state shows it */
};

/* Releases what it holds. */
void learned_clear(struct learned *l);

/* Takes a value, "": there is none any more. Returns the variable's name, constant, when
 * the state shows another value now (or none), else NULL: it is as it was, the driver's
 * own, of another name, or no number or date within bounds. */
const char *learned_say(
    struct learned *l, struct state *s, const char *name, const char *value);

/* Completes a dump of the driver, before it is compared with what was known. */
void learned_lay(struct learned *l, struct state *dump);

/* The driver has changed its state by this line. Returns the name of a variable that shows
 * again what was learned, for the driver has taken its own away; else NULL. */
const char *learned_own(struct learned *l, struct state *s, const char *line, size_t len);

#endif
