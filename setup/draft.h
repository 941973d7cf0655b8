/* SPDX-License-Identifier: ISC */
#ifndef SETUP_DRAFT_H
#define SETUP_DRAFT_H

#include <stdbool.h>

#include "lib/buf.h"

/*
 * A text of a configuration file that is being added to: what is there stays, byte by byte,
 * but for a line that is replaced. Zeroed it is a file that is not there. Pure.
 */
struct draft {
	struct buf text;
	bool there, changed;
};

/* Begins with the text that is there; NULL: with none. */
void draft_init(struct draft *d, const char *text, size_t len);

/* Appends whole lines, one empty line between them and what stands before. */
void draft_add(struct draft *d, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The number of the last line that begins with `word` (in any case) in `section` ("client
 * 192.168.0.20"; NULL: before the first head); 0: there is none. */
int draft_find(struct draft *d, const char *section, const char *word);

/* Puts `line` (without LF) in the place of line `number` and what continues it; the blanks
 * at its begin stay. */
void draft_replace(struct draft *d, int number, const char *line);

/* The text for the caller to free, NULL where nothing has changed. Empties the draft. */
char *draft_take(struct draft *d);

#endif
