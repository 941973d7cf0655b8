/* SPDX-License-Identifier: ISC */
#ifndef OUT_EVENT_H
#define OUT_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/kinds.h"

/*
 * Something that has happened, as the outbox keeps it and the publishers get it: one line of
 * words in NUT's quoting (docs/publishing.md, 2). Pure.
 *
 *     EVENT 1795456800123 1795456800123 onbatt qnapups - "On battery" battery.charge=100 …
 */

#define EVENT_TEXT_MAX 400 /* bytes; longer ones are cut between two letters */
#define EVENT_FACT_MAX 127 /* bytes of "name=value" */
#define EVENT_FACTS_MAX 24
#define EVENT_LINE_MAX 3800 /* bytes of its line: facts beyond are left out */

/* What was so when it happened: variables of NUT, and what an outage was like (its names
 * are in docs/publishing.md, 2). */
struct event_fact {
	char text[EVENT_FACT_MAX + 1]; /* "battery.charge=97" */
};

struct event {
	uint64_t id;   /* unique and growing in this house, over restarts too */
	int64_t at_ms; /* Unix ms: when the UPS said so */
	enum kind kind;
	char ups[64];                  /* "": of the house */
	char who[192];                 /* account@address; "": nobody */
	char text[EVENT_TEXT_MAX + 1]; /* one English sentence for people */
	struct event_fact facts[EVENT_FACTS_MAX];
	size_t nfacts;
};

/* Appends it as a line with LF / reads the words behind EVENT, or such a line without LF;
 * -1 when it is none (an unknown kind, too). */
void event_format(struct buf *out, const struct event *e);
int event_parse(struct event *e, char *const *words, int nwords);
int event_read(struct event *e, const char *line, size_t len);

/* The value of a fact, or NULL. */
const char *event_fact(const struct event *e, const char *name);

/* Adds one; what is too long or too much is left out. */
void event_fact_add(struct event *e, const char *name, const char *value);

/* Copies what fits, and no part of a letter (UTF-8): for its texts. */
void event_cut(char *out, size_t size, const char *text);

/* Appends " word", quoted where it must be; control characters become blanks. */
void event_word(struct buf *out, const char *word);

#endif
