/* SPDX-License-Identifier: ISC */
#ifndef CLI_UI_H
#define CLI_UI_H

#include <stdbool.h>

#include "cli/model.h"
#include "cli/view.h"

struct event_base;

/*
 * A model before somebody's eyes: as a full screen that follows it, or, away from a
 * terminal, as one line per event. q, ^C and SIGTERM end the event loop; only what has
 * changed is written, ^L draws everything.
 */
struct ui;

struct ui_ops {
	/* Fills in what stands around the UPSes; or, when not NULL, draws the whole screen:
	 * style->rows lines, each with LF. */
	void (*fill)(void *arg, struct view_screen *screen);
	void (*draw)(void *arg, struct buf *out, const struct view_style *style);
	/* A key other than q was pressed; NULL: none has a meaning. */
	void (*key)(void *arg, char key);
};

struct ui *ui_new(struct event_base *base, const struct model *model, bool screen,
    const struct ui_ops *ops, void *arg);
void ui_free(struct ui *ui);

/* Something changed: draw soon (several changes become one picture). */
void ui_changed(struct ui *ui);

#endif
