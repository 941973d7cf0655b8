/* SPDX-License-Identifier: ISC */
#ifndef CLI_CLIENT_H
#define CLI_CLIENT_H

#include <stddef.h>

#include "lib/words.h"

/*
 * A blocking client of the NUT protocol (RFC 9271) for commands that ask, print and end.
 * Functions that fail return -1 or NULL with a sentence in `cause`; for an ERR answer it
 * is NUT's own ("Driver not connected"), because scripts look for it.
 */
#define CLIENT_CAUSE_MAX 256

/* The environment's seconds within which a connection must be there (NUT: 2.8.3). */
#define CLIENT_TIMEOUT "NUT_DEFAULT_CONNECT_TIMEOUT"

struct client;

/* Connects. "Connection failure: Connection refused", "No such host". */
struct client *client_open(const char *host, const char *port, char *cause, size_t size);

/* Says LOGOUT and closes. NULL is fine. */
void client_close(struct client *c);

/* Appends an argument, in quotes where it needs them, to the next line. */
void client_arg(struct client *c, const char *text);

/* Sends the line so far and reads a one-line answer into `answer`. -1 also for ERR. */
int client_ask(struct client *c, struct words *answer, char *cause, size_t size);

/* Sends the line so far, "LIST …", and calls `each` for every line between BEGIN and
 * END. */
int client_list(struct client *c, void (*each)(void *arg, const struct words *line),
    void *arg, char *cause, size_t size);

/* USERNAME and PASSWORD; what is NULL is asked for on the terminal, the password without
 * echo. */
int client_login(
    struct client *c, const char *user, const char *password, char *cause, size_t size);

/* The word after ERR in the last answer, "" when that was none. */
const char *client_error(const struct client *c);

/* NUT's sentence for a word of ERR; "Unknown error" for an unknown one. Pure. */
const char *client_sentence(const char *word);

#endif
