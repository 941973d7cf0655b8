/* SPDX-License-Identifier: ISC */
#ifndef SETUP_TELL_H
#define SETUP_TELL_H

#include "setup/setup.h"

/*
 * What is to be typed, or clicked, on each machine that hangs on this one. Pure.
 */
struct tell_row {
	char *who;  /* "a machine with holdup", "Synology at 192.168.0.30" */
	char *what; /* lines, each with LF */
};

struct tell {
	struct tell_row *rows;
	size_t count;
};

/* Nothing where nobody else may use the UPS. */
void tell_make(
    struct tell *t, const struct setup_answers *a, const struct setup_result *r);
void tell_free(struct tell *t);

#endif
