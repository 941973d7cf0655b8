/* SPDX-License-Identifier: ISC */
#ifndef CLI_NUTLIKE_H
#define CLI_NUTLIKE_H

#include <stdbool.h>

#include "cli/client.h"
#include "cli/target.h"

/* What upsc, upscmd and upsrw have in common: they speak as NUT's programs do. */

/* "Error: sentence" on standard error. Returns 1. */
int nutlike_error(const char *sentence);

/* Takes the target apart and connects; NULL when that failed and has been said. */
struct client *nutlike_open(struct target *t, const char *text, bool server);

/* "Network UPS Tools PROGRAM …" on standard output. Returns 0. */
int nutlike_version(const char *program);

/* The options that upscmd and upsrw share. */
struct nutlike_options {
	const char *user, *password; /* NULL: asked for at the terminal */
	bool wait;                   /* for the driver's answer */
	int patience;                /* how many seconds */
};

#define NUTLIKE_LETTERS "hu:p:t:wV" /* for getopt(3) */
#define NUTLIKE_PATIENCE 10         /* seconds, unless -t says more */

/* Takes one option that getopt(3) has found for `program`. Returns -1 to go on, or the
 * exit status where the option ends the program (-V, one that is wrong). */
int nutlike_option(struct nutlike_options *o, int option, const char *program);

/*
 * Logs in and, where its outcome is waited for, asks the server to track what comes next;
 * 0, or -1 after a message. nutlike_finish() sends the line that the client holds
 * ("INSTCMD …") and says how it went: "OK" at once, or what the driver answers within
 * o->patience seconds. Returns an exit status.
 */
int nutlike_begin(struct client *c, const struct nutlike_options *o);
int nutlike_finish(struct client *c, const struct nutlike_options *o);

#endif
