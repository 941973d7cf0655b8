/* SPDX-License-Identifier: ISC */
#ifndef CLI_TREND_H
#define CLI_TREND_H

#include <stddef.h>

#include "cli/view.h"
#include "lib/state.h"

/* The last minutes of a UPS, as a row of little columns. Pure. */
#define TREND_POINTS 60
#define TREND_STEP_S 15 /* of one point: a quarter of an hour in all */

enum trend_line { TREND_CHARGE, TREND_LOAD, TREND_INPUT, TREND_LINES };

/* Values, the newest last; NAN: not known. */
struct trend {
	double at[TREND_LINES][TREND_POINTS];
};

/* The variable of a line. */
extern const char *const trend_names[TREND_LINES];

void trend_init(struct trend *t);

/* What holds now becomes the newest point / another point begins. */
void trend_take(struct trend *t, const struct state *s);
void trend_step(struct trend *t);

/* Fills in what was before: `n` values up to now; points that are known stay. */
void trend_fill(struct trend *t, enum trend_line line, const double *values, size_t n);

/* "  Load     ▁▁▂▃▂▁▁  12 to 34 %", one line with LF; nothing where it did not
 * move. */
void trend_view(struct buf *out, const struct trend *t, enum trend_line line,
    const struct view_style *style);

#endif
