/* SPDX-License-Identifier: ISC */
#include "cli/overview.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/line.h"
#include "lib/phrase.h"

#define SECTIONS 4
#define SECTIONS_FIRST 3   /* have room before the UPSes have all of theirs */
#define SECTION_LEAST 2    /* its heading and a line */
#define ROWS_OF_CLIENTS 14 /* a smaller screen has no room for them */

/* How much of each UPS is drawn; the first that leaves room for the sections is taken. */
enum detail { DETAIL_ALL, DETAIL_NO_TRENDS, DETAIL_PLAIN, DETAIL_LINE };

static const char keys[] = "u UPS  m machines  o outages  e events  p power  q quit";

int
overview_page_of(char key)
{
	static const char pages[] = {[OVERVIEW_ALL] = 'u',
	    [OVERVIEW_MACHINES] = 'm',
	    [OVERVIEW_OUTAGES] = 'o',
	    [OVERVIEW_EVENTS] = 'e',
	    [OVERVIEW_POWER] = 'p'};

	for (size_t i = 0; i < sizeof(pages); i++)
		if (pages[i] == key)
			return (int)i;
	return key == ' ' ? OVERVIEW_ALL : -1;
}

static struct line
begin(struct buf *out, const struct view_style *style)
{
	return (struct line){out, style->columns, style->colour, style->utf8};
}

/* "qnapups  On mains  100 %  load 17 %  1 h 04 min" */
static void
ups_line(struct buf *out, const struct model_ups *u, const struct view_style *style)
{
	const char *status = state_get(u->state, "ups.status");
	const char *charge = state_get(u->state, "battery.charge");
	const char *load = state_get(u->state, "ups.load");
	const char *runtime = state_get(u->state, "battery.runtime");
	struct line l = begin(out, style);
	char text[256];

	line_printf(&l, LINE_BOLD, "%-12s ", u->name);
	if (status == NULL || u->link == MODEL_STALE || u->link == MODEL_LOST) {
		line_text(&l, LINE_BAD, "no data");
	} else {
		line_text(&l,
		    phrase_status_tone(status) == PHRASE_GOOD ? LINE_GOOD : LINE_WARN,
		    phrase_status(text, sizeof(text), status));
		if (charge != NULL)
			line_printf(&l, LINE_PLAIN, "  %s %%", charge);
		if (load != NULL)
			line_printf(&l, LINE_PLAIN, "  load %s %%", load);
		if (runtime != NULL)
			line_printf(&l, LINE_PLAIN, "  %s",
			    phrase_duration(
				text, sizeof(text), strtol(runtime, NULL, 10)));
	}
	buf_puts(out, "\n");
}

static void
draw_upses(struct buf *out, const struct overview *o, enum detail detail,
    const struct view_style *style)
{
	struct view_style how = *style;

	how.more = detail < DETAIL_PLAIN;
	for (size_t i = 0; i < o->model->nupses; i++) {
		if (detail == DETAIL_LINE) {
			ups_line(out, o->model->upses[i], style);
			continue;
		}
		view_ups(out, o->model->upses[i], &how);
		if (detail == DETAIL_ALL && o->trends != NULL)
			for (int line = 0; line < TREND_LINES; line++)
				trend_view(
				    out, &o->trends[i], (enum trend_line)line, style);
		buf_puts(out, "\n");
	}
}

static int
count_lines(const struct buf *b)
{
	int count = 0;

	for (size_t i = 0; i < b->len; i++)
		count += buf_head(b)[i] == '\n';
	return count;
}

/* "0:03:00" */
static const char *
moment(char *out, size_t size, double s)
{
	const unsigned long t = s > 0 ? (unsigned long)s : 0;

	snprintf(out, size, "%lu:%02lu:%02lu", t / 3600 % 1000, t / 60 % 60, t % 60);
	return out;
}

static enum line_look
look_of_stand(const char *stands)
{
	return strcmp(stands, "off") == 0  ? LINE_BAD
	       : strcmp(stands, "on") == 0 ? LINE_GOOD
					   : LINE_WARN;
}

/* "  nas         on       told 0:03:00  off 0:04:30  180 s on battery" */
static void
machine_line(struct line *l, const struct overview_machine *m)
{
	char told[32], off[32];

	line_printf(l, LINE_BOLD, "  %-16s ", m->name);
	if (m->rehearsed && !m->there) {
		line_text(l, LINE_WARN, "is not there  ");
	} else {
		line_printf(l, look_of_stand(m->stands), "%-8s ", m->stands);
		if (m->rehearsed && isnan(m->told))
			line_text(l, LINE_PLAIN, "stays on  ");
		else if (m->rehearsed)
			line_printf(l, LINE_PLAIN, "told %s  off %s  ",
			    moment(told, sizeof(told), m->told),
			    isnan(m->off) ? "never" : moment(off, sizeof(off), m->off));
	}
	line_text(l, LINE_DIM, m->why);
}

static void
draw_machines(
    struct buf *out, const struct overview *o, int lines, const struct view_style *style)
{
	for (size_t i = 0; i < o->nmachines && lines-- > 0; i++) {
		struct line l = begin(out, style);

		machine_line(&l, &o->machines[i]);
		buf_puts(out, "\n");
	}
}

/* "  2026-11-22 03:14  12 min 05 s  charge down to 61 %" */
static void
outage_line(struct line *l, const struct overview_outage *x, const struct overview *o)
{
	const double seconds =
	    x->lasts && o->now > x->began ? (double)(o->now - x->began) : x->seconds;
	const time_t began = (time_t)x->began;
	char when[32] = "", length[32];
	struct tm tm;

	if (localtime_r(&began, &tm) != NULL)
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M", &tm);
	line_printf(l, LINE_DIM, "  %s  ", when);
	if (o->model->nupses > 1)
		line_printf(l, LINE_PLAIN, "%s: ", x->ups);
	if (strcmp(x->kind, "outage") != 0)
		line_printf(l, LINE_PLAIN, "%s, ", x->kind);
	if (x->lasts)
		line_text(l, LINE_BAD, "lasts, so far ");
	line_text(
	    l, LINE_BOLD, phrase_duration(length, sizeof(length), (long)(seconds + 0.5)));
	if (!isnan(x->charge_low))
		line_printf(l, LINE_PLAIN, "  charge down to %.0f %%", x->charge_low);
}

static void
draw_outages(
    struct buf *out, const struct overview *o, int lines, const struct view_style *style)
{
	for (size_t i = 0; i < o->noutages && lines-- > 0; i++) {
		struct line l = begin(out, style);

		outage_line(&l, &o->outages[i], o);
		buf_puts(out, "\n");
	}
}

static void
draw_events(
    struct buf *out, const struct overview *o, int lines, const struct view_style *style)
{
	view_events(out, o->model, lines, style);
}

/* "  3 outages (12 min 05 s)  1 sag  0 swells  AVR 2 times   0.42 kWh today, 9.8 this month" */
static void
power_line(struct line *l, const struct overview_power *p, bool named)
{
	const double avr = p->boosts + p->trims;
	char length[32];

	line_text(l, LINE_PLAIN, "  ");
	if (named)
		line_printf(l, LINE_BOLD, "%s: ", p->ups);
	line_printf(
	    l, LINE_PLAIN, "%.0f outage%s", p->outages, p->outages == 1 ? "" : "s");
	if (p->seconds >= 1)
		line_printf(l, LINE_PLAIN, " (%s)",
		    phrase_duration(length, sizeof(length), (long)(p->seconds + 0.5)));
	line_printf(l, LINE_PLAIN, "  %.0f sag%s  %.0f swell%s  AVR %.0f time%s", p->sags,
	    p->sags == 1 ? "" : "s", p->swells, p->swells == 1 ? "" : "s", avr,
	    avr == 1 ? "" : "s");
	if (!isnan(p->month))
		line_printf(l, LINE_PLAIN, "   %.2f kWh today, %.2f this month",
		    isnan(p->today) ? 0 : p->today, p->month);
}

static void
draw_powers(
    struct buf *out, const struct overview *o, int lines, const struct view_style *style)
{
	for (size_t i = 0; i < o->npowers && lines-- > 0; i++) {
		struct line l = begin(out, style);

		power_line(&l, &o->powers[i], o->model->nupses > 1);
		buf_puts(out, "\n");
	}
}

static size_t
events_of(const struct overview *o)
{
	return o->model->nevents < MODEL_EVENTS_MAX ? o->model->nevents
						    : MODEL_EVENTS_MAX;
}

/* What stands below the UPSes, and may fill a page of its own. */
static const struct section {
	enum overview_page page;
	const char *heading, *nothing;
	void (*draw)(struct buf *out, const struct overview *o, int lines,
	    const struct view_style *style);
} sections[SECTIONS] = {
    {OVERVIEW_MACHINES, "Machines, in the order in which they would go down",
	"  none that is known", draw_machines},
    {OVERVIEW_EVENTS, "Events", "  nothing has happened yet", draw_events},
    {OVERVIEW_OUTAGES, "Last outages", "  none is kept (or the history is not here)",
	draw_outages},
    {OVERVIEW_POWER, "Power, 30 days", "  nothing is kept (or the history is not here)",
	draw_powers},
};

static size_t
lines_of(const struct overview *o, enum overview_page page)
{
	return page == OVERVIEW_MACHINES  ? o->nmachines
	       : page == OVERVIEW_OUTAGES ? o->noutages
	       : page == OVERVIEW_POWER   ? o->npowers
					  : events_of(o);
}

static void
draw_section(struct buf *out, const struct overview *o, const struct section *s, int rows,
    const struct view_style *style)
{
	struct line l = begin(out, style);

	line_text(&l, LINE_BOLD, s->heading);
	buf_puts(out, "\n");
	if (lines_of(o, s->page) > 0) {
		s->draw(out, o, rows - 1, style);
		return;
	}
	l = begin(out, style);
	line_text(&l, LINE_DIM, s->nothing);
	buf_puts(out, "\n");
}

/* Shares the rows: a heading and a line each, then one line after the other. */
static void
share(const struct overview *o, int rows, int got[SECTIONS])
{
	bool more = true;

	for (int i = 0; i < SECTIONS; i++) {
		got[i] = lines_of(o, sections[i].page) > 0 && rows >= SECTION_LEAST
			     ? SECTION_LEAST
			     : 0;
		rows -= got[i];
	}
	while (rows > 0 && more) {
		more = false;
		for (int i = 0; i < SECTIONS && rows > 0; i++)
			if (got[i] > 0 &&
			    (size_t)got[i] < lines_of(o, sections[i].page) + 1) {
				got[i]++;
				rows--;
				more = true;
			}
	}
}

static void
draw_all(
    struct buf *out, const struct overview *o, int rows, const struct view_style *style)
{
	int got[SECTIONS], wanted = 0, detail = DETAIL_ALL;

	for (int i = 0; i < SECTIONS_FIRST; i++)
		wanted += lines_of(o, sections[i].page) > 0 ? SECTION_LEAST : 0;
	for (;; detail++) {
		buf_clear(out);
		draw_upses(out, o, (enum detail)detail, style);
		if (detail == DETAIL_LINE || count_lines(out) + wanted <= rows)
			break;
	}
	share(o, rows - count_lines(out), got);
	for (int i = 0; i < SECTIONS; i++)
		if (got[i] > 0)
			draw_section(out, o, &sections[i], got[i], style);
}

/* Moves at most `rows` lines behind what is there, and fills up. */
static void
place(struct buf *out, struct buf *from, int rows)
{
	const char *text = buf_str(from), *lf;

	for (; rows > 0 && (lf = strchr(text, '\n')) != NULL; text = lf + 1, rows--)
		buf_add(out, text, (size_t)(lf + 1 - text));
	while (rows-- > 0)
		buf_puts(out, "\n");
	buf_free(from);
}

void
overview_draw(struct buf *out, const struct overview *o, const struct view_style *style)
{
	const bool clients = style->rows >= ROWS_OF_CLIENTS;
	const int rows = style->rows - 2 - clients - (o->notice != NULL);
	struct buf middle = {0};
	struct line l = begin(out, style);

	view_ribbon(out, o->title, o->side, style);
	if (o->page == OVERVIEW_ALL)
		draw_all(&middle, o, rows, style);
	for (int i = 0; i < SECTIONS; i++)
		if (sections[i].page == o->page)
			draw_section(&middle, o, &sections[i], rows, style);
	place(out, &middle, rows);
	if (o->notice != NULL) {
		line_text(&l, LINE_BAD, o->notice);
		buf_puts(out, "\n");
	}
	if (clients)
		view_clients(out, o->model, style);
	view_ribbon(out, keys, NULL, style);
}
