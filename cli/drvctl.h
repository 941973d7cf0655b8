/* SPDX-License-Identifier: ISC */
#ifndef CLI_DRVCTL_H
#define CLI_DRVCTL_H

#include <stdbool.h>
#include <sys/types.h>

#include "lib/conf_ups.h"

/*
 * What upsdrvctl does with drivers, ours and NUT's: cmd_upsdrvctl.c takes the command line
 * apart, the others here are in drvctl_*.c of their name, or of what they are about.
 */
struct drvctl {
	struct ups_conf conf;
	int found_fd; /* of the text of what is on USB; -1: `conf` is the file's */
	bool testing; /* -t: says what it would do */
	bool background, pass_debug;
	int foreground, debug; /* how often -F and -D were given */
	const char *user;      /* of -u, or NULL */
	const char *signal;    /* of -c, or NULL */
};

/* Each does it for the UPS of that name, or for all (NULL), and returns an exit status. */
int drvctl_start(const struct drvctl *d, const char *name);
int drvctl_stop(const struct drvctl *d, const char *name);
int drvctl_signal(const struct drvctl *d, const char *name);
int drvctl_status(const struct drvctl *d, const char *name);

/* drvctl_cut.c: the late cut, of one UPS or of all in the order of their sdorder; a far
 * one is left alone. drvctl_late() is what the hook of systemd-shutdown runs: where the
 * mains is back it waits for the cut, and says DRVCTL_RESTART when that does not come, for
 * nobody would start this machine again (docs/outage.md, 6.2). */
#define DRVCTL_RESTART 3
int drvctl_shutdown(const struct drvctl *d, const char *name);
int drvctl_late(const struct drvctl *d, const char *name);

/* The one of our drivers whose UPS has an output of its own to cut. */
#define DRVCTL_OURS "hid"

/* Runs a program to its end, or to the end of our patience; `out`, unless -1, becomes its
 * standard output. Its exit status, or -1 where it has none. */
int drvctl_run(char *const argv[], int out);

/* The program for a section, which the caller frees; *own: its name where it is one of
 * holdup's, else NULL. NULL after a message. */
char *drvctl_program(const struct drvctl *d, const struct conf_ups *u, const char **own);

/* A global setting of ups.conf; NULL where there is none. */
const char *drvctl_global(const struct drvctl *d, const char *key);

/* The path of a driver's pid file, as NUT's drivers write it, or of its socket. The caller
 * frees. */
char *drvctl_pidfile(const struct conf_ups *u);
char *drvctl_socket(const struct conf_ups *u);

/* True when a driver takes connections on its socket. */
bool drvctl_answers(const struct conf_ups *u);

/* What its pid file says: the process; -1 where that is none of this driver's, or gone;
 * DRVCTL_NO_FILE without a file. */
#define DRVCTL_NO_FILE (-3)
pid_t drvctl_pid(const struct conf_ups *u);

#endif
