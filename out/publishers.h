/* SPDX-License-Identifier: ISC */
#ifndef OUT_PUBLISHERS_H
#define OUT_PUBLISHERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/conf_holdup.h"

/*
 * Who is told what the UPSes say: a process each (docs/publishing.md, 1). Pure.
 */

#define PUBLISHERS_MAX (CONF_NOTIFIES_MAX + 4)
#define PUBLISHER_NAME_MAX 127

struct publisher {
	char name[PUBLISHER_NAME_MAX + 1]; /* as -P has it: "mqtt", "notify.phone" */
	const char *program;               /* "publish", "mqtt" */
	uint64_t kinds;                    /* of events that it takes: CONF_EVENTS_BIT */
	size_t window; /* so many that it has not taken are handed to it at most */
	bool orders;   /* it may ask for what [mqtt] allows */
	bool tls;      /* it gets the authorities and the certificate of [mqtt] */
};

/* Writes down those whom holdup.conf asks for. Returns how many. */
size_t publishers_wanted(
    const struct holdup_conf *c, struct publisher wanted[PUBLISHERS_MAX]);

#endif
