/* SPDX-License-Identifier: ISC */
#include "cli/report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/line.h"
#include "cli/when.h"
#include "lib/phrase.h"
#include "lib/xmem.h"

#define ROWS_MAX 40
#define BAR_WIDTH 20

const char *const report_series[REPORT_SERIES] = {
    [REPORT_CHARGE] = "battery.charge",
    [REPORT_RUNTIME] = "battery.runtime",
    [REPORT_LOAD] = "ups.load",
    [REPORT_BATTERY_VOLTAGE] = "battery.voltage",
    [REPORT_INPUT_VOLTAGE] = "input.voltage",
};

int64_t
report_step(int64_t length_ms)
{
	static const int64_t steps[] = {1, 10, 60, 300, 900, 3600, 21600};
	size_t i = 0;

	while (i + 1 < sizeof(steps) / sizeof(steps[0]) &&
	       length_ms > steps[i] * 1000 * ROWS_MAX)
		i++;
	return steps[i] * 1000;
}

bool
report_of_machine(const struct report_event *e)
{
	return strcmp(e->kind, "machine") == 0 || strcmp(e->kind, "login") == 0 ||
	       strcmp(e->kind, "logout") == 0;
}

static struct line
begin(struct buf *out, const struct view_style *style)
{
	return (struct line){out, style->columns, style->colour, style->utf8};
}

static void
heading(struct buf *out, const struct view_style *style, const char *text)
{
	struct line l = begin(out, style);

	buf_puts(out, "\n");
	line_text(&l, LINE_BOLD, text);
	buf_puts(out, "\n");
}

/* "100 %" or "-". */
static const char *
figure(char *out, size_t size, double value, int decimals, const char *unit)
{
	if (isnan(value))
		snprintf(out, size, "-");
	else
		snprintf(out, size, "%.*f%s", decimals, value, unit);
	return out;
}

static const char *
kind_of(const struct history_outage *o)
{
	return strcmp(o->kind, "test") == 0          ? "Battery test"
	       : strcmp(o->kind, "calibration") == 0 ? "Calibration"
						     : "Outage";
}

/* When it was, and how long. */
static void
print_head(struct buf *out, const struct report *r, const struct view_style *style)
{
	const struct history_outage *o = &r->outage;
	int64_t end = o->ended != 0 ? o->ended : r->now;
	struct line l = begin(out, style);
	char began[32], ended[32], length[32];

	line_printf(&l, LINE_BOLD, "%s %lld of %s", kind_of(o), (long long)o->id, o->ups);
	buf_puts(out, "\n");
	l = begin(out, style);
	when_text(began, sizeof(began), o->began);
	if (end / 86400000 == o->began / 86400000)
		when_clock(ended, sizeof(ended), end);
	else
		when_text(ended, sizeof(ended), end);
	phrase_duration(length, sizeof(length), (long)(o->ms / 1000));
	if (o->ended == 0)
		line_printf(
		    &l, LINE_WARN, "%s, and it lasts, for %s so far", began, length);
	else
		line_printf(&l, LINE_PLAIN, "%s to %s, %s", began, ended, length);
	if (o->ended != 0 && !o->complete)
		line_text(&l, LINE_WARN, " at least: its end was not seen");
	buf_puts(out, "\n");
}

/* What the battery did, in a line each. */
static void
print_battery(struct buf *out, const struct report *r, const struct view_style *style)
{
	const struct history_outage *o = &r->outage;
	char from[32], to[32];
	struct line l = begin(out, style);

	heading(out, style, "The battery");
	line_printf(&l, LINE_PLAIN, "  charge    %s down to %s",
	    figure(from, sizeof(from), o->charge_began, 0, " %"),
	    figure(to, sizeof(to), o->charge_low, 0, " %"));
	buf_puts(out, "\n");
	if (!isnan(o->voltage_low)) {
		l = begin(out, style);
		line_printf(
		    &l, LINE_PLAIN, "  voltage   %.1f V at its lowest", o->voltage_low);
		buf_puts(out, "\n");
	}
	l = begin(out, style);
	line_printf(&l, LINE_PLAIN, "  load      %s on average",
	    figure(from, sizeof(from), o->load, 0, " %"));
	if (!isnan(o->wh))
		line_printf(
		    &l, LINE_PLAIN, ", %.*f Wh in all", o->wh < 10 ? 1 : 0, o->wh);
	buf_puts(out, "\n");
}

/* "+1:02:03" from the beginning on, "-0:05" before it. */
static void
offset(char *out, size_t size, int64_t ms)
{
	long long s = llabs(ms) / 1000;
	char sign = ms < 0 ? '-' : '+';

	if (s >= 3600)
		snprintf(out, size, "%c%lld:%02lld:%02lld", sign, s / 3600, s / 60 % 60,
		    s % 60);
	else
		snprintf(out, size, "%c%lld:%02lld", sign, s / 60, s % 60);
}

/* The text in as many lines as it needs, below each other. */
static void
wrap(struct buf *out, const struct view_style *style, enum line_look look, int indent,
    const char *text)
{
	int room = style->columns - indent;
	struct line l = begin(out, style);

	l.left = room;
	while ((int)strlen(text) > room && room > 20) {
		int cut = room;

		while (cut > 0 && text[cut] != ' ')
			cut--;
		if (cut == 0)
			cut = room;
		line_printf(&l, look, "%.*s", cut, text);
		buf_printf(out, "\n%*s", indent, "");
		text += cut + (text[cut] == ' ');
		l.left = room;
	}
	line_text(&l, look, text);
	buf_puts(out, "\n");
}

/* How much an event is worth a look. */
static enum line_look
look_of(const char *kind)
{
	static const struct {
		const char *kind;
		enum line_look look;
	} looks[] = {
	    {"onbatt", LINE_WARN},
	    {"lowbatt", LINE_BAD},
	    {"fsd", LINE_BAD},
	    {"overload", LINE_BAD},
	    {"off", LINE_BAD},
	    {"alarm", LINE_WARN},
	    {"online", LINE_GOOD},
	};

	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++)
		if (strcmp(kind, looks[i].kind) == 0)
			return looks[i].look;
	return LINE_PLAIN;
}

char *
report_told(const char *kind, const char *who, const char *text)
{
	if (who == NULL || strcmp(kind, "deed") != 0)
		return xstrdup(text);
	return xasprintf("%s (%s)", text, who);
}

/* The events of one sort; false: there are none. */
static bool
print_events(struct buf *out, const struct report *r, const struct view_style *style,
    bool machines, const char *title)
{
	bool any = false;

	for (size_t i = 0; i < r->nevents; i++) {
		const struct report_event *e = &r->events[i];
		char clock[16], since[32], *told;

		if (report_of_machine(e) != machines)
			continue;
		if (!any)
			heading(out, style, title);
		any = true;
		offset(since, sizeof(since), e->at - r->outage.began);
		buf_printf(
		    out, "  %s %9s  ", when_clock(clock, sizeof(clock), e->at), since);
		told = report_told(e->kind, e->who, e->text);
		wrap(out, style, look_of(e->kind), 22, told);
		free(told);
	}
	return any;
}

/* One row of the table: a figure each, and the charge as a bar. */
static void
print_row(
    struct buf *out, const struct report *r, const struct view_style *style, size_t i)
{
	const struct history_series *s = &r->series;
	double charge = s->vars[REPORT_CHARGE].mean[i];
	double seconds = s->vars[REPORT_RUNTIME].mean[i];
	char clock[16], texts[REPORT_SERIES][32];
	struct line l = begin(out, style);

	figure(texts[0], sizeof(texts[0]), charge, 0, " %");
	snprintf(texts[1], sizeof(texts[1]), "-");
	if (!isnan(seconds))
		phrase_duration(texts[1], sizeof(texts[1]), (long)seconds);
	figure(texts[2], sizeof(texts[2]), s->vars[REPORT_LOAD].mean[i], 0, " %");
	figure(
	    texts[3], sizeof(texts[3]), s->vars[REPORT_BATTERY_VOLTAGE].mean[i], 1, " V");
	figure(
	    texts[4], sizeof(texts[4]), s->vars[REPORT_INPUT_VOLTAGE].mean[i], 0, " V");
	line_printf(&l, LINE_PLAIN, "  %s  %5s  ",
	    when_clock(clock, sizeof(clock), s->time[i] - r->step / 2), texts[0]);
	line_bar(&l, LINE_PLAIN, BAR_WIDTH, isnan(charge) ? 0 : charge);
	line_printf(&l, LINE_PLAIN, "  %11s  %5s  %7s  %6s", texts[1], texts[2], texts[3],
	    texts[4]);
	buf_puts(out, "\n");
}

static void
print_table(struct buf *out, const struct report *r, const struct view_style *style)
{
	struct line l = begin(out, style);

	heading(out, style, r->step == 60000 ? "Minute by minute" : "Step by step");
	line_printf(&l, LINE_DIM, "  %-8s  %-*s  %11s  %5s  %7s  %6s", "from",
	    BAR_WIDTH + 7, "charge", "runtime", "load", "battery", "mains");
	buf_puts(out, "\n");
	for (size_t i = 0; i < r->series.points; i++)
		print_row(out, r, style, i);
}

void
report_print(struct buf *out, const struct report *r, const struct view_style *style)
{
	print_head(out, r, style);
	print_events(out, r, style, false, "What happened");
	if (!print_events(out, r, style, true, "Who went down, and who came back"))
		buf_puts(out, "\nNobody had to go down.\n");
	print_battery(out, r, style);
	if (r->series.points > 0)
		print_table(out, r, style);
}
