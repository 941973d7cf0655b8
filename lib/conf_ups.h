/* SPDX-License-Identifier: ISC */
#ifndef LIB_CONF_UPS_H
#define LIB_CONF_UPS_H

#include <stddef.h>

#include "lib/conf.h"

/*
 * ups.conf (NUT: ups.conf(5)): global settings, then one section per UPS of
 * `key = value` and bare flags. Unknown keys are kept: drivers have their own.
 */

struct conf_pair {
	char *key, *value; /* a bare flag has value "" */
	int line;
};

struct conf_ups {
	char *name; /* of the section */
	int line;
	struct conf_pair *pairs;
	size_t npairs;
};

struct ups_conf {
	struct conf_pair *globals;
	size_t nglobals;
	struct conf_ups *upses; /* in file order */
	size_t nupses;
};

/* Reads text; never fails as a whole. A section without `driver` or `port`, a section
 * name with a blank, a second section of one name, a key that belongs into another file
 * (LISTEN, MONITOR, password …) is a problem. */
void ups_conf_read(struct ups_conf *c, const char *file, const char *text, size_t len,
    struct problems *p);
void ups_conf_free(struct ups_conf *c);

/* Section by name (exact), or NULL. */
const struct conf_ups *ups_conf_find(const struct ups_conf *c, const char *name);

/* Value of a key (case-blind, last one wins), or NULL. */
const char *conf_ups_get(const struct conf_ups *u, const char *key);

#endif
