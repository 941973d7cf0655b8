/* SPDX-License-Identifier: ISC */
#ifndef CLI_VIEW_H
#define CLI_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/model.h"
#include "lib/buf.h"

/* Pictures of UPSes as lines of text. Pure. */

struct view_style {
	bool colour; /* may use ANSI colours */
	bool utf8;   /* may use more than ASCII */
	int columns; /* no line is wider */
	int rows;    /* of the whole screen, for view_screen() */
	bool more; /* view_ups() draws the flow and tells of the battery's health, too */
};

/* The block of one UPS: name, state, bars, figures, alarm; 2 to 8 lines with LF. */
void view_ups(struct buf *out, const struct model_ups *u, const struct view_style *style);

/* One event as a line of a log: date, time, UPS, text. */
void view_event(struct buf *out, const struct model_event *e);

/* The newest events, at most so many lines, the newest last; who is logged in, a line; a
 * line across the screen, with text at both ends (`right` may be NULL). */
void view_events(
    struct buf *out, const struct model *m, int lines, const struct view_style *style);
void view_clients(struct buf *out, const struct model *m, const struct view_style *style);
void view_ribbon(
    struct buf *out, const char *left, const char *right, const struct view_style *style);

/* Parts of a live screen besides the UPSes and their events. */
struct view_screen {
	const char *title, *side; /* top line, left and right */
	const char *notice;       /* NULL, or a line in the colour of danger */
	const char *const *notes; /* lines above the footer, NULL-terminated */
	const char *keys;         /* the footer */
	bool clients;             /* say who is logged in */
};

/* A whole screen of style->rows lines, each with LF. The events get the rows that nothing else
 * needs, newest last. */
void view_screen(struct buf *out, const struct model *m, const struct view_screen *screen,
    const struct view_style *style);

#endif
