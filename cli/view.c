/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/line.h"
#include "cli/view.h"
#include "lib/phrase.h"

#define LABEL_COLUMNS 9 /* "Charge   " */
#define BAR_MAX 56

static const enum line_look look_of_tone[] = {
    [PHRASE_PLAIN] = LINE_PLAIN,
    [PHRASE_GOOD] = LINE_GOOD,
    [PHRASE_WARN] = LINE_WARN,
    [PHRASE_BAD] = LINE_BAD,
};

static struct line
begin(struct buf *out, const struct view_style *style)
{
	return (struct line){.out = out,
	    .left = style->columns,
	    .colour = style->colour,
	    .utf8 = style->utf8};
}

static void
end(struct line *l)
{
	buf_puts(l->out, "\n");
}

/* The first of some variables that exists, or NULL. */
static const char *
first_of(const struct state *s, const char *a, const char *b, const char *c)
{
	const char *text = state_get(s, a);

	if (text == NULL && b != NULL)
		text = state_get(s, b);
	if (text == NULL && c != NULL)
		text = state_get(s, c);
	return text;
}

/* "qnapups  Server                       American Power Conversion Back-UPS CS 500" */
static void
heading(struct buf *out, const struct model_ups *u, const struct view_style *style)
{
	const char *mfr = first_of(u->state, "ups.mfr", "device.mfr", NULL);
	const char *model = first_of(u->state, "ups.model", "device.model", NULL);
	struct line l = begin(out, style);
	char maker[256] = "";
	int width;

	line_text(&l, LINE_BOLD, u->name);
	if (u->desc != NULL && u->desc[0] != '\0')
		line_printf(&l, LINE_PLAIN, "  %s", u->desc);
	if (model != NULL) {
		snprintf(maker, sizeof(maker), "%s%s%s", mfr != NULL ? mfr : "",
		    mfr != NULL ? " " : "", model);
		if (line_width(maker, style->utf8) + 2 > l.left)
			snprintf(maker, sizeof(maker), "%s", model);
		width = line_width(maker, style->utf8);
		if (width + 2 <= l.left) {
			line_gap(&l, LINE_PLAIN, width);
			line_text(&l, LINE_DIM, maker);
		}
	}
	end(&l);
}

/* "  Charge   ███████████░░░░   87 %"; no line where the UPS tells no such value. */
static void
bar(struct buf *out, const char *label, const char *value, enum line_look look,
    const struct view_style *style)
{
	struct line l = begin(out, style);
	int width = style->columns - 2 - LABEL_COLUMNS - 8;

	if (value == NULL)
		return;
	line_printf(&l, LINE_PLAIN, "  %-*s", LABEL_COLUMNS, label);
	if (width >= 10)
		line_bar(
		    &l, look, width < BAR_MAX ? width : BAR_MAX, strtod(value, NULL));
	line_printf(&l, LINE_PLAIN, " %5.0f %%", strtod(value, NULL));
	end(&l);
}

static enum line_look
look_of_charge(const struct state *s, const char *charge)
{
	const char *low = state_get(s, "battery.charge.low");
	double value = charge != NULL ? strtod(charge, NULL) : 0;
	double limit = low != NULL ? strtod(low, NULL) : 20;

	return value <= limit ? LINE_BAD : value <= 50 ? LINE_WARN : LINE_GOOD;
}

static enum line_look
look_of_load(const char *load)
{
	double value = load != NULL ? strtod(load, NULL) : 0;

	return value > 100 ? LINE_BAD : value > 80 ? LINE_WARN : LINE_GOOD;
}

/* Appends "Input 230.0 V" where the value exists. */
static void
figure(struct line *l, const char *label, const char *value, const char *unit)
{
	if (value == NULL || value[0] == '\0')
		return;
	line_printf(l, LINE_PLAIN, "  %s ", label);
	line_text(l, LINE_BOLD, value);
	if (unit[0] != '\0')
		line_printf(l, LINE_PLAIN, " %s", unit);
	line_text(l, LINE_PLAIN, " ");
}

/* "  Runtime 1 h 04 min   Input 230.0 V   Battery 13.5 V   Temperature 29.2 °C" */
static void
figures(struct buf *out, const struct state *s, const struct view_style *style)
{
	const char *runtime = state_get(s, "battery.runtime"), *tail;
	struct line l = begin(out, style);
	char duration[32];
	size_t before = out->len;

	if (runtime != NULL) {
		phrase_duration(duration, sizeof(duration), strtol(runtime, NULL, 10));
		figure(&l, "Runtime ", duration, "");
	}
	if (!style->more) /* the flow tells it */
		figure(&l, "Input", state_get(s, "input.voltage"), "V");
	figure(&l, "Battery", state_get(s, "battery.voltage"), "V");
	figure(&l, "Temperature",
	    first_of(s, "battery.temperature", "ups.temperature", "ambient.temperature"),
	    style->utf8 ? "°C" : "C");
	if (out->len == before)
		return;
	/* No blank at the end of a line: output is compared and copied. */
	for (tail = buf_head(out); tail[out->len - 1] == ' ';)
		out->len--;
	end(&l);
}

/* An arrow, or a gap where nothing flows. */
static void
arrow(struct line *l, bool flows)
{
	const char *arrow = l->utf8 ? "━━━▶" : "===>", *gap = l->utf8 ? "━ ✕ ━" : "= x =";

	line_text(l, flows ? LINE_GOOD : LINE_BAD, flows ? arrow : gap);
}

/* "  Mains 230.0 V  50.0 Hz ━━━▶ UPS raises it ━━━▶ Load 138 W" */
static void
flow(struct buf *out, const struct state *s, const char *status,
    const struct view_style *style)
{
	const char *volts = state_get(s, "input.voltage");
	const char *hertz = state_get(s, "input.frequency");
	const char *watts = state_get(s, "ups.realpower"),
		   *load = state_get(s, "ups.load");
	const bool battery = state_status_has(status, "OB");
	struct line l = begin(out, style);

	line_text(&l, battery ? LINE_BAD : LINE_BOLD, "  Mains");
	if (volts != NULL)
		line_printf(&l, LINE_PLAIN, " %s V", volts);
	if (hertz != NULL && !battery)
		line_printf(&l, LINE_PLAIN, " %s Hz", hertz);
	line_text(&l, LINE_PLAIN, " ");
	arrow(&l, !battery);
	line_text(&l, LINE_BOLD, " UPS");
	if (state_status_has(status, "BOOST"))
		line_text(&l, LINE_WARN, " raises it");
	else if (state_status_has(status, "TRIM"))
		line_text(&l, LINE_WARN, " lowers it");
	else if (state_status_has(status, "BYPASS"))
		line_text(&l, LINE_WARN, " on bypass");
	line_text(&l, LINE_PLAIN, " ");
	arrow(&l, !state_status_has(status, "OFF"));
	line_text(&l, LINE_BOLD, " Load");
	if (watts != NULL)
		line_printf(&l, LINE_PLAIN, " %s W", watts);
	else if (load != NULL)
		line_printf(&l, LINE_PLAIN, " %s %%", load);
	end(&l);
}

/* "  Health   93 % (64 % sure)   learned runtime 58 min 10 s   replace 2028-05-01" */
static void
health(struct buf *out, const struct state *s, const struct view_style *style)
{
	const char *percent = state_get(s, "battery.health");
	const char *sure = state_get(s, "battery.health.confidence");
	const char *runtime = state_get(s, "battery.runtime.learned");
	const char *replace = state_get(s, "battery.date.replace");
	const char *between = "";
	struct line l = begin(out, style);
	char duration[32];

	if (percent == NULL && runtime == NULL && replace == NULL)
		return;
	line_printf(&l, LINE_PLAIN, "  %-*s", LABEL_COLUMNS, "Health");
	if (percent != NULL) {
		line_printf(&l, strtod(percent, NULL) < 60 ? LINE_BAD : LINE_BOLD,
		    "%s %%", percent);
		between = "   ";
	}
	if (sure != NULL)
		line_printf(&l, LINE_DIM, " (%s %% sure)", sure);
	if (runtime != NULL) {
		line_printf(&l, LINE_PLAIN, "%slearned runtime %s", between,
		    phrase_duration(
			duration, sizeof(duration), strtol(runtime, NULL, 10)));
		between = "   ";
	}
	if (replace != NULL)
		line_printf(&l, LINE_PLAIN, "%sreplace %s", between, replace);
	end(&l);
}

/* What is known of a UPS that has no data. */
static void
no_data(struct buf *out, const struct model_ups *u, const struct view_style *style)
{
	struct line l = begin(out, style);

	line_text(&l, LINE_BAD, "  ");
	if (u->link == MODEL_STALE)
		line_text(&l, LINE_BAD, "Data stale: the driver has lost the device");
	else if (u->link == MODEL_LOST)
		line_text(&l, LINE_BAD, "Driver not connected: the server has no data");
	else
		line_text(&l, u->error != NULL ? LINE_BAD : LINE_DIM,
		    u->error != NULL ? u->error : "waiting for data");
	end(&l);
}

void
view_ups(struct buf *out, const struct model_ups *u, const struct view_style *style)
{
	const char *status = state_get(u->state, "ups.status");
	const char *charge = state_get(u->state, "battery.charge");
	const char *load = state_get(u->state, "ups.load");
	const char *alarm = state_get(u->state, "ups.alarm");
	const char *state = state_get(u->state, "driver.state");
	char words[256];
	struct line l;

	heading(out, u, style);
	if (!u->told || u->link == MODEL_STALE || u->link == MODEL_LOST) {
		no_data(out, u, style);
		return;
	}
	l = begin(out, style);
	status = status != NULL ? status : "";
	line_text(&l, LINE_PLAIN, "  ");
	line_text(&l, look_of_tone[phrase_status_tone(status)],
	    phrase_status(words, sizeof(words), status));
	if (state != NULL && strcmp(state, "estimated") == 0)
		line_text(&l, LINE_WARN, " (estimated: the driver is silent)");
	end(&l);
	if (style->more)
		flow(out, u->state, status, style);
	bar(out, "Charge", charge, look_of_charge(u->state, charge), style);
	bar(out, "Load", load, look_of_load(load), style);
	figures(out, u->state, style);
	if (style->more)
		health(out, u->state, style);
	if (alarm != NULL && alarm[0] != '\0') {
		l = begin(out, style);
		line_printf(&l, LINE_BAD, "  %-*s%s", LABEL_COLUMNS, "Alarm", alarm);
		end(&l);
	}
}

void
view_event(struct buf *out, const struct model_event *e)
{
	char when[32];
	struct tm tm;

	localtime_r(&e->when, &tm);
	strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
	buf_printf(
	    out, "%s %s%s%s\n", when, e->ups, e->ups[0] != '\0' ? ": " : "", e->text);
}

/* The newest events, oldest of them first. */
void
view_events(
    struct buf *out, const struct model *m, int lines, const struct view_style *style)
{
	const struct model_event *e;
	struct line l;
	char when[16];
	struct tm tm;
	int count = 0;

	while (count < lines && model_event(m, (unsigned long)count) != NULL)
		count++;
	for (int back = count - 1; back >= 0; back--) {
		e = model_event(m, (unsigned long)back);
		localtime_r(&e->when, &tm);
		strftime(when, sizeof(when), "%H:%M:%S", &tm);
		l = begin(out, style);
		line_printf(&l, LINE_DIM, "  %s  ", when);
		if (m->nupses > 1 && e->ups[0] != '\0')
			line_printf(&l, LINE_PLAIN, "%s: ", e->ups);
		line_text(&l, look_of_tone[e->tone], e->text);
		end(&l);
	}
}

/* "Logged in   127.0.0.1 (qnapups)" */
void
view_clients(struct buf *out, const struct model *m, const struct view_style *style)
{
	struct line l = begin(out, style);
	const char *separator = "";

	line_text(&l, LINE_BOLD, "Logged in  ");
	for (size_t i = 0; i < m->nupses; i++) {
		for (size_t j = 0; j < m->upses[i]->nclients; j++) {
			line_printf(
			    &l, LINE_PLAIN, "%s%s", separator, m->upses[i]->clients[j]);
			separator = ", ";
		}
	}
	if (separator[0] == '\0')
		line_text(
		    &l, LINE_DIM, "nobody yet (an upsmon or a NAS would show here)");
	end(&l);
}

/* A line of its own across the screen, left and right text. */
void
view_ribbon(
    struct buf *out, const char *left, const char *right, const struct view_style *style)
{
	struct line l = begin(out, style);

	line_printf(&l, LINE_REVERSE, " %s", left);
	line_gap(
	    &l, LINE_REVERSE, right != NULL ? line_width(right, style->utf8) + 1 : 0);
	if (right != NULL)
		line_printf(&l, LINE_REVERSE, "%s ", right);
	end(&l);
}

static int
count_lines(const struct buf *b)
{
	int count = 0;

	for (size_t i = 0; i < b->len; i++)
		count += buf_head(b)[i] == '\n';
	return count;
}

/* Moves at most `rows` lines; returns how many. */
static int
place(struct buf *out, struct buf *from, int rows)
{
	const char *text = buf_str(from), *lf;
	int used = 0;

	for (; used < rows && (lf = strchr(text, '\n')) != NULL; text = lf + 1, used++)
		buf_add(out, text, (size_t)(lf + 1 - text));
	buf_clear(from);
	return used;
}

/* What stands under the events. */
static void
foot(struct buf *out, const struct model *m, const struct view_screen *screen,
    const struct view_style *style)
{
	struct line l;

	if (screen->clients)
		view_clients(out, m, style);
	for (size_t i = 0; screen->notes != NULL && screen->notes[i] != NULL; i++) {
		l = begin(out, style);
		line_text(&l, LINE_PLAIN, screen->notes[i]);
		end(&l);
	}
	if (screen->notice != NULL) {
		l = begin(out, style);
		line_text(&l, LINE_BAD, screen->notice);
		end(&l);
	}
}

void
view_screen(struct buf *out, const struct model *m, const struct view_screen *screen,
    const struct view_style *style)
{
	struct buf part = {0}, below = {0};
	int left = style->rows - 1; /* the footer has the last row */
	int events_rows;
	struct line l;

	view_ribbon(&part, screen->title, screen->side, style);
	buf_puts(&part, "\n");
	for (size_t i = 0; i < m->nupses; i++) {
		view_ups(&part, m->upses[i], style);
		buf_puts(&part, "\n");
	}
	foot(&below, m, screen, style);
	left -= count_lines(&below);
	left -= place(out, &part, left);
	events_rows = left - 2; /* their heading, and a blank line after them */
	if (events_rows > 0) {
		l = begin(&part, style);
		line_text(&l, LINE_BOLD, "Events");
		end(&l);
		view_events(&part, m, events_rows, style);
		left -= place(out, &part, left);
	}
	while (left-- > 0)
		buf_puts(out, "\n");
	place(out, &below, style->rows - 1);
	view_ribbon(out, screen->keys, NULL, style);
	buf_free(&part);
	buf_free(&below);
}
