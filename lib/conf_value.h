/* SPDX-License-Identifier: ISC */
#ifndef LIB_CONF_VALUE_H
#define LIB_CONF_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/conf.h"

/*
 * Values that several sections of holdup.conf have in common, for the readers in conf_*.c.
 * What cannot be one is a problem at its line, and leaves the field as it was. No problem
 * shows what may be a secret: of a URL its scheme and host at most.
 */

#define CONF_HOST_MAX 253 /* bytes of a name */

/* A URL taken apart. `rest` points into the text: "/path?query", or "". */
struct conf_url {
	const char *scheme; /* one of those that were asked for, "https" */
	char host[CONF_HOST_MAX +
		  1]; /* in lower case; a literal of IPv6 without brackets */
	char port[6]; /* decimal; "": not said */
	const char *rest;
};

/* The value that begins with word `at`, each "=" in it (to NUT a word of its own) back in
 * its place: addresses, passwords and tokens have them. NULL with a problem when there are
 * blanks in it. The caller frees. */
char *conf_joined(const struct conf_line *line, int at);

/* Takes a text of this line apart; false with a problem. schemes: those that are meant here,
 * NULL behind the last. example: one of them, for who wrote another thing. */
bool conf_url_read(struct conf_url *url, const struct conf_line *line, const char *text,
    const char *const *schemes, const char *example);

/* The whole path of a file. */
void conf_path_take(
    char **field, const struct conf_line *line, int at, const char *example);

/* A password or a token, joined: what was there before is wiped / the same with a text that
 * becomes the field's / wipes and releases one. */
void conf_secret_take(char **field, const struct conf_line *line, int at);
void conf_secret_set(char **field, char *text);
void conf_secret_free(char *secret);

/* Calls `take` for each of the words from `at` on, with or without commas between them. */
void conf_list_each(const struct conf_line *line, int at,
    void (*take)(void *arg, const struct conf_line *line, const char *word), void *arg);

/* Levels of MQTT's topics: no wildcard, none empty. */
void conf_topic_take(char **field, const struct conf_line *line, int at);

/* The name of a UPS. */
void conf_ups_take(char **field, const struct conf_line *line, int at);

/*
 * A template of a message (docs/notify.md, 4). False with a problem when a brace is left
 * open or names nothing; a variable of NUT that is not known is a problem too, but true: a
 * driver of another make may tell it.
 */
bool conf_template_ok(const struct conf_line *line, const char *text);

#endif
