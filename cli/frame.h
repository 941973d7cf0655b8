/* SPDX-License-Identifier: ISC */
#ifndef CLI_FRAME_H
#define CLI_FRAME_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/buf.h"

/*
 * What a terminal shows, so that only what has changed is written: over a slow line a figure
 * that changes costs a few bytes, not a screen. Pure. Zero-initialised nothing is known.
 */
struct frame {
	struct buf shown; /* the lines that are on the screen, parted by LF */
	int columns, rows;
	bool known;
};

void frame_free(struct frame *f);

/* The terminal may show anything: the next picture is written whole. */
void frame_forget(struct frame *f);

/*
 * Appends what makes the screen show `lines`: at most `rows` of them, parted by LF, none wider
 * than `columns`; looks are set by ESC [ … m and end by ESC [ 0 m (cli/line.h). Nothing is
 * appended when it shows that already.
 */
void frame_draw(struct frame *f, struct buf *out, const char *lines, int columns,
    int rows, bool utf8);

#endif
