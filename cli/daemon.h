/* SPDX-License-Identifier: ISC */
#ifndef CLI_DAEMON_H
#define CLI_DAEMON_H

#include <stdbool.h>

#include "lib/role.h"

/*
 * What upsd and upsmon have in common when holdup is called by their names: their options,
 * the signals of -c, and how they become a holdupd with a role (docs/serving.md, 11).
 */
struct daemon_call {
	enum role role;
	const char *command, *process; /* of -c and -P, or NULL */
	const char *user;              /* of -u, or NULL */
	int foreground;                /* how often -F was given */
	int debug;
	bool background, quiet;
	char family; /* '4', '6' or 0 */
};

/* For getopt(3); upsmon and upsd have a few more. */
#define DAEMON_LETTERS "46c:P:DFBhu:V"

/* Takes one option that getopt(3) has found; false when it is none of these. */
bool daemon_option(struct daemon_call *d, int option);

/* Sends what -c says to the process of -P, else of the role's pid file, else of the one of
 * a holdupd that does everything. Returns an exit status, after a message where it is
 * none of success. */
int daemon_signal(const struct daemon_call *d);

/* True when a process of that role runs already, after a message. */
bool daemon_is_running(const struct daemon_call *d);

/* Becomes holdupd; returns only when that failed: an exit status, after a message. */
int daemon_become(const struct daemon_call *d);

#endif
