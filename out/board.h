/* SPDX-License-Identifier: ISC */
#ifndef OUT_BOARD_H
#define OUT_BOARD_H

#include <stdbool.h>

#include "out/publishers.h"

/*
 * One publisher's values as they are, and as its process was told them last. There is no
 * queue: a value that changed ten times while the process was busy is told once. Pure.
 */

struct board_row {
	char now[PUBLISHER_TEXT_MAX + 1]; /* empty: not known */
	char told[PUBLISHER_TEXT_MAX + 1];
};

struct board {
	struct board_row *rows;
	size_t count;
	size_t next; /* who is looked at first, so that each has its turn */
};

void board_init(struct board *b, size_t count);
void board_free(struct board *b);

/* Reads all values from the model. */
void board_look(struct board *b, const struct publisher *p, const struct holdup_conf *c,
    const struct feed *f);

/* Finds a value that is to be told; false when there is none. board_told(): it was. */
bool board_next(const struct board *b, size_t *i);
void board_told(struct board *b, size_t i);

/* A new process knows nothing. */
void board_forget(struct board *b);

#endif
