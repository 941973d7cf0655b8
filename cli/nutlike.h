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

/* Seconds of an option's text; -1 when that is no number. */
int nutlike_seconds(const char *text);

/*
 * Asks the server to track what comes next; 0, or -1 after a message.
 * nutlike_finish() sends the line that the client holds ("INSTCMD …") and says how it
 * went: "OK" at once, or, where `wait` is not 0, what the driver answers within so many
 * seconds. Returns an exit status.
 */
int nutlike_track(struct client *c);
int nutlike_finish(struct client *c, int wait);

#endif
