/* SPDX-License-Identifier: ISC */
#ifndef OUT_HOUSE_H
#define OUT_HOUSE_H

#include <stdbool.h>

#include "lib/conf_holdup.h"

struct event_base;

/*
 * All of `out` (docs/publishing.md, 1 and 2): the feed comes in, events are made of it and
 * kept, and all of it goes to the publishers.
 */

struct house_options {
	int conf_fd, ca_fd, certificate_fd; /* -1: none */
	const char *folder;                 /* of the outbox */
	bool debug;
};

/* Does so until SIGTERM. */
void house_run(struct event_base *base, const struct holdup_conf *conf,
    const struct house_options *o);

#endif
