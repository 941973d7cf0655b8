/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_SETUP_H
#define HOLDUPD_SETUP_H

#include <stdbool.h>

#include "holdupd/plan.h"
#include "lib/conf_nut.h"

/*
 * The configuration as read once at start: every fault is in the log, and what the
 * children may know of it is in memory, sealed, so that all of them see one text and none
 * needs the folder.
 */
struct setup {
	enum nut_mode mode;
	bool monitors;    /* upsmon.conf has a MONITOR line */
	struct plan plan; /* sockets only; plan_children() comes after opening them */
	char *upses;      /* names for the log: "qnapups, second" */
	int ups_conf_fd, upsd_conf_fd, users_fd;
};

/* Reads everything; where ups.conf names no UPS, asks `hid -L` what is there (this takes
 * up to 10 s). Never fails as a whole. */
void setup_read(struct setup *s);
void setup_free(struct setup *s);

#endif
