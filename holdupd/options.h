/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_OPTIONS_H
#define HOLDUPD_OPTIONS_H

#include <stdbool.h>

#include "holdupd/plan.h"

/* How holdupd was called. */
struct options {
	struct plan_call call;
	bool background;  /* else in the foreground */
	bool pidfile;     /* wanted */
	int debug;        /* -1: only what is wrong */
	const char *user; /* of all children; NULL: each its own */
};

/* Reads them; -V, and what cannot be meant, end the program. */
void options_read(struct options *o, int argc, char **argv);

#endif
