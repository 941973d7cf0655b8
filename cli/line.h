/* SPDX-License-Identifier: ISC */
#ifndef CLI_LINE_H
#define CLI_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/buf.h"

/*
 * One line of a text picture, never wider than its columns: what does not fit is cut,
 * control characters become '?', and so does what is not ASCII where that is all the
 * terminal has. Pure.
 */

enum line_look {
	LINE_PLAIN,
	LINE_BOLD,
	LINE_DIM,
	LINE_GOOD,
	LINE_WARN,
	LINE_BAD,
	LINE_REVERSE,
};

struct line {
	struct buf *out;
	int left; /* columns not used yet */
	bool colour, utf8;
};

/* Appends text in a look. */
void line_text(struct line *l, enum line_look look, const char *text);
void line_printf(struct line *l, enum line_look look, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Blanks until `columns` are left; at least one where there is room. */
void line_gap(struct line *l, enum line_look look, int columns);

/* A bar of `width` columns, filled by `percent` (0 to 100). */
void line_bar(struct line *l, enum line_look look, int width, double percent);

/* Takes the words that fit, one at least, off the text, which moves on to the next. */
char *line_cut(char **rest, int columns, bool utf8);

/* Columns that a text takes. */
int line_width(const char *text, bool utf8);

#endif
