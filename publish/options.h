/* SPDX-License-Identifier: ISC */
#ifndef PUBLISH_OPTIONS_H
#define PUBLISH_OPTIONS_H

#include <stdbool.h>

#include "publish/publisher.h"

/* The command line of `publish`. */
struct options {
	const struct publisher *publisher; /* -P */
	const char *name;                  /* all of -P: "notify.phone" */
	const char *section;               /* "phone", or "" */
	int conf_fd, queue_fd;             /* -C, -q */
	bool test;                         /* -t: without -q */
};

/* Reads it, of `publishers` (NULL-terminated). What cannot be ends the process. */
void options_read(
    struct options *o, const struct publisher *const *publishers, int argc, char **argv);

#endif
