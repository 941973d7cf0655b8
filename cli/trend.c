/* SPDX-License-Identifier: ISC */
#include "cli/trend.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/line.h"

#define STEPS 8
#define RANGE_COLUMNS 17 /* "  226.5 to 233.1 V" */
#define LABEL_COLUMNS 9

const char *const trend_names[TREND_LINES] = {
    [TREND_CHARGE] = "battery.charge",
    [TREND_LOAD] = "ups.load",
    [TREND_INPUT] = "input.voltage",
};

/* `least`: a line that moves less is drawn as flat as it is. */
static const struct {
	const char *label, *unit;
	double least;
} lines[TREND_LINES] = {
    [TREND_CHARGE] = {"Charge", "%", 10},
    [TREND_LOAD] = {"Load", "%", 10},
    [TREND_INPUT] = {"Mains", "V", 10},
};

void
trend_init(struct trend *t)
{
	for (size_t line = 0; line < TREND_LINES; line++)
		for (size_t i = 0; i < TREND_POINTS; i++)
			t->at[line][i] = NAN;
}

void
trend_take(struct trend *t, const struct state *s)
{
	for (size_t line = 0; line < TREND_LINES; line++) {
		const char *text = state_get(s, trend_names[line]);

		t->at[line][TREND_POINTS - 1] = text == NULL ? NAN : strtod(text, NULL);
	}
}

void
trend_step(struct trend *t)
{
	for (size_t line = 0; line < TREND_LINES; line++)
		memmove(t->at[line], &t->at[line][1],
		    (TREND_POINTS - 1) * sizeof(t->at[line][0]));
}

void
trend_fill(struct trend *t, enum trend_line line, const double *values, size_t n)
{
	for (size_t i = 0; i < n && i < TREND_POINTS; i++) {
		double *point = &t->at[line][TREND_POINTS - 1 - i];

		if (isnan(*point))
			*point = values[n - 1 - i];
	}
}

/* The least and the most of the newest n points; how many of them are known. */
static size_t
bounds(const double *at, size_t n, double *low, double *high)
{
	size_t known = 0;

	*low = INFINITY;
	*high = -INFINITY;
	for (size_t i = TREND_POINTS - n; i < TREND_POINTS; i++)
		if (isfinite(at[i])) {
			*low = fmin(*low, at[i]);
			*high = fmax(*high, at[i]);
			known++;
		}
	return known;
}

void
trend_view(struct buf *out, const struct trend *t, enum trend_line line,
    const struct view_style *style)
{
	static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	static const char *const ascii[] = {"_", "_", ".", "-", "-", "=", "+", "#"};
	const int room = style->columns - 2 - LABEL_COLUMNS - RANGE_COLUMNS;
	const size_t n = room > TREND_POINTS ? TREND_POINTS : room > 0 ? (size_t)room : 0;
	struct line l = {out, style->columns, style->colour, style->utf8};
	struct buf bar = {0};
	double low, high, from, span;

	if (bounds(t->at[line], n, &low, &high) < 2 || low == high)
		return;
	span = fmax(high - low, lines[line].least);
	from = fmax(low - (span - (high - low)) / 2, 0);
	for (size_t i = TREND_POINTS - n; i < TREND_POINTS; i++) {
		const double at = t->at[line][i];
		int step = isfinite(at) ? (int)((at - from) / span * STEPS) : 0;

		step = step < 0 ? 0 : step >= STEPS ? STEPS - 1 : step;
		buf_puts(&bar, !isfinite(at) ? " "
			       : style->utf8 ? blocks[step]
					     : ascii[step]);
	}
	line_printf(&l, LINE_PLAIN, "  %-*s", LABEL_COLUMNS, lines[line].label);
	line_text(&l, LINE_DIM, buf_str(&bar));
	line_printf(&l, LINE_PLAIN, "  %.0f to %.0f %s", low, high, lines[line].unit);
	buf_puts(out, "\n");
	buf_free(&bar);
}
