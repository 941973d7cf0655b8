/* SPDX-License-Identifier: ISC */
#ifndef OUT_OPTIONS_H
#define OUT_OPTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "out/publishers.h"

/* The command lines of `out` and of `publish`, the process of one publisher. */
struct options {
	int conf_fd;
	int queue_fd;                      /* -q; -1 where there is no such option */
	const struct publisher *publisher; /* -P; NULL likewise */
	bool debug;
};

/* Reads those options that `letters` (of getopt) names; all but -D, -V and -h must be
 * there. Ends the process with `usage` for what cannot be. */
void options_read(struct options *o, const char *letters, int argc, char **argv,
    void (*usage)(FILE *to));

/* Reads holdup.conf from its descriptor; the caller releases it. */
void options_conf(struct holdup_conf *conf, const struct options *o);

#endif
