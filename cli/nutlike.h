/* SPDX-License-Identifier: ISC */
#ifndef CLI_NUTLIKE_H
#define CLI_NUTLIKE_H

#include <stdbool.h>

#include "cli/client.h"
#include "cli/target.h"

/* What upsc, upscmd and upsrw have in common: they speak as NUT's programs do. */

/* "Error: sentence" on standard error. Returns 1. */
int nutlike_error(const char *sentence);

/* Takes the target apart, a UPS or only a server, and connects; NULL with the sentence for
 * nutlike_error() when that failed. */
struct client *nutlike_connect(
    struct target *t, const char *text, bool server, char *cause, size_t size);

/* The same for a UPS; NULL when that failed and has been said. */
struct client *nutlike_open(struct target *t, const char *text);

/* Takes the seconds of -W, within which a connection must be there. 0, or 1 after a
 * message. */
int nutlike_timeout(const char *text);

/* "Network UPS Tools PROGRAM …" on standard output. Returns 0. */
int nutlike_version(const char *program);

/* The same as the first words of a daemon, unless NUT_QUIET_INIT_BANNER is set. */
void nutlike_banner(const char *program);

/* A file of the configuration, which the caller frees; NULL after a message in NUT's words
 * ("Can't open /etc/nut/ups.conf: No such file or directory"). */
char *nutlike_conf(const char *name, size_t *len);

/* As root, becomes the user of that name for good; with NULL `nut`, where there is one and
 * the installation is no private one. 0, or 1 after a message. */
int nutlike_become(const char *user);

/* The options that upscmd and upsrw share. */
struct nutlike_options {
	const char *user, *password; /* NULL: asked for at the terminal */
	bool wait;                   /* for the driver's answer */
	int patience;                /* how many seconds */
};

#define NUTLIKE_LETTERS "DhVW:p:t:u:w" /* for getopt(3) */
#define NUTLIKE_PATIENCE 10            /* seconds, unless -t says more */

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
