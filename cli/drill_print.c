/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/drill_ask.h"
#include "cli/line.h"
#include "cli/term.h"

#define FILE_COLUMNS 1000 /* where no terminal cuts the lines */
#define WHEN_MAX 16

/* "0:03:00", "never". */
static const char *
when(char *out, double s)
{
	unsigned long t = isnan(s) ? 0 : (unsigned long)fmax(s, 0);

	if (isnan(s))
		return "never";
	snprintf(out, WHEN_MAX, "%lu:%02lu:%02lu", t / 3600 % 1000, t / 60 % 60, t % 60);
	return out;
}

/* "84 %, 27 min", what is known of it. */
static const char *
left(char *out, size_t size, const struct drill_result *r)
{
	if (isnan(r->left))
		return "";
	if (isnan(r->charge))
		snprintf(out, size, "%.0f min", r->left / 60);
	else
		snprintf(out, size, "%.0f %%, %.0f min", r->charge, r->left / 60);
	return out;
}

static struct line
begin(struct buf *out, const struct view_style *style)
{
	return (struct line){out, style->columns, style->colour, style->utf8};
}

/* A paragraph of one look: lines that fit, each behind so many blanks, those after the first
 * behind two more. */
static void __attribute__((format(printf, 5, 6)))
say(struct buf *out, const struct view_style *style, enum line_look look, int indent,
    const char *format, ...)
{
	char text[1024], *rest = text;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	while (*rest != '\0') {
		struct line l = begin(out, style);
		const char *line = line_cut(&rest, style->columns - indent, style->utf8);

		line_printf(&l, LINE_PLAIN, "%*s", indent, "");
		line_text(&l, look, line);
		buf_puts(out, "\n");
		indent += line == text ? 2 : 0;
	}
}

static void
print_ups(struct buf *out, const struct view_style *style, const struct drill_ups *u)
{
	char charge[32] = "charge not told", runtime[48] = "runtime not told";

	if (!isnan(u->charge))
		snprintf(charge, sizeof(charge), "charge %.0f %%", u->charge);
	if (!isnan(u->runtime))
		snprintf(runtime, sizeof(runtime), "%.0f min left on battery",
		    u->runtime / 60);
	say(out, style, LINE_PLAIN, 2, "UPS %s: %s, %s", u->name, charge, runtime);
}

/* A line of times, and one of the reason. */
static void
print_result(struct buf *out, const struct view_style *style, int width,
    const struct drill_result *r)
{
	struct line l = begin(out, style);
	char told[WHEN_MAX], off[WHEN_MAX], battery[48];

	line_printf(&l, LINE_BOLD, "  %-*s", width, r->name);
	if (!r->there || r->stays)
		line_text(&l, LINE_DIM, r->there ? "  stays on" : "  is not there");
	else {
		line_printf(&l, LINE_PLAIN, "  %-8s  %-8s  %-14s", when(told, r->told),
		    when(off, r->off), left(battery, sizeof(battery), r));
		line_text(&l, r->alive ? LINE_BAD : LINE_WARN,
		    r->alive      ? "  CUT ALIVE"
		    : r->doubtful ? "  doubtful"
				  : "");
	}
	while (out->len > 0 && out->data[out->len - 1] == ' ')
		out->len--;
	buf_puts(out, "\n");
	if (*r->why != '\0')
		say(out, style, LINE_DIM, 4, "%s", r->why);
}

static const char *
cause_of_end(const struct drill_story *story, const struct drill_output *o,
    const struct drill_ups *u)
{
	if (o->cut && story->serves)
		return "by the cut that this machine orders when all are off";
	if (o->cut)
		return o->armed ? "by the cut that is ordered before this machine stops"
				: "by the cut that this machine orders last";
	return u->theirs ? "when the battery is empty, if nobody cuts it before"
			 : "when the battery is empty";
}

static void
print_outputs(struct buf *out, const struct view_style *style,
    const struct drill_known *k, const struct drill_story *story)
{
	char text[WHEN_MAX];

	if (story->noutputs > 0)
		buf_puts(out, "\n");
	for (size_t row = 0; row < story->noutputs; row++)
		say(out, style, LINE_PLAIN, 2, "The output%s%s goes off at %s, %s.",
		    story->noutputs > 1 ? " of " : "",
		    story->noutputs > 1 ? k->upses[row].name : "",
		    when(text, story->outputs[row].end),
		    cause_of_end(story, &story->outputs[row], &k->upses[row]));
}

static void
print_faults(struct buf *out, const struct view_style *style, const struct drill_known *k,
    const struct drill_faults *faults)
{
	if (faults->count > 0) {
		buf_puts(out, "\n");
		say(out, style, LINE_BOLD, 0, "What would go wrong, or is not known");
	}
	for (size_t i = 0; i < faults->count; i++) {
		const struct drill_fault *f = &faults->list[i];

		say(out, style, f->grave ? LINE_WARN : LINE_PLAIN, 2, "%s%s%s",
		    f->plan < 0 ? "" : k->holdup.machines[f->plan].name,
		    f->plan < 0 ? "" : ": ", f->text);
	}
}

static void
print_verdict(
    struct buf *out, const struct view_style *style, const struct drill_story *story)
{
	buf_puts(out, "\n");
	if (story->alive > 0)
		say(out, style, LINE_BAD, 0, "%u of them would be cut alive.",
		    story->alive);
	else
		say(out, style, LINE_GOOD, 0,
		    "Nobody would be cut alive, as far as is known.");
}

/* Whoever is there, in the order in which they go down. */
static void
print_results(
    struct buf *out, const struct view_style *style, const struct drill_story *story)
{
	int width = 7;

	for (size_t i = 0; i < story->nresults; i++)
		if (line_width(story->results[i].name, style->utf8) > width)
			width = line_width(story->results[i].name, style->utf8);
	buf_puts(out, "\n");
	if (story->nresults > 0)
		say(out, style, LINE_DIM, 2, "%-*s  %-8s  %-8s  %s", width, "machine",
		    "told", "off", "battery left");
	else
		say(out, style, LINE_PLAIN, 2, "Nobody hangs on it, as far as is known.");
	for (size_t i = 0; i < story->nresults; i++)
		print_result(out, style, width, &story->results[i]);
}

void
drill_print(const struct drill_known *k, const struct drill_story *story,
    const struct drill_faults *faults)
{
	struct view_style style = term_style(STDOUT_FILENO);
	struct buf out = {0};

	if (!isatty(STDOUT_FILENO))
		style.columns = FILE_COLUMNS;
	say(&out, &style, LINE_BOLD, 0, "If the mains failed now");
	for (size_t row = 0; row < k->ups.nupses; row++)
		print_ups(&out, &style, &k->upses[row]);
	if (k->ups.nupses == 0)
		say(&out, &style, LINE_PLAIN, 2, "No UPS is configured on this machine.");
	print_results(&out, &style, story);
	print_outputs(&out, &style, k, story);
	print_faults(&out, &style, k, faults);
	print_verdict(&out, &style, story);
	fwrite(buf_str(&out), 1, out.len, stdout);
	buf_free(&out);
}
