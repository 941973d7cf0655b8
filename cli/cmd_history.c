/* SPDX-License-Identifier: ISC */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/export.h"
#include "cli/kept.h"
#include "cli/line.h"
#include "cli/report.h"
#include "cli/term.h"
#include "cli/when.h"
#include "lib/phrase.h"
#include "lib/xmem.h"

#define FILE_COLUMNS 100
#define EVENTS_SHOWN 50
#define ROWS_MAX 10000

/* Lines of text, or objects of JSON, newest first as they are told; printed the other way
 * round. */
struct list {
	struct view_style style;
	char **lines;
	size_t count;
	json_t *json; /* NULL: text */
};

static void
add_line(struct list *l, struct buf *line)
{
	l->lines = xreallocarray(l->lines, l->count + 1, sizeof(*l->lines));
	l->lines[l->count++] = xstrdup(buf_str(line));
	buf_free(line);
}

static struct line
begin(const struct list *l, struct buf *out)
{
	return (struct line){out, l->style.columns, l->style.colour, l->style.utf8};
}

static json_t *
number(double value)
{
	return isnan(value) ? json_null() : json_real(value);
}

static json_t *
seconds(int64_t ms)
{
	return ms == 0 ? json_null() : json_real((double)ms / 1000);
}

static json_t *
outage_json(const struct history_outage *o)
{
	return json_pack("{s:I, s:s, s:s, s:o, s:o, s:f, s:o, s:o, s:o, s:o, s:o, s:b}",
	    "id", (json_int_t)o->id, "ups", o->ups, "kind", o->kind, "began",
	    seconds(o->began), "ended", seconds(o->ended), "seconds",
	    (double)o->ms / 1000, "charge_began", number(o->charge_began), "charge_low",
	    number(o->charge_low), "voltage_low", number(o->voltage_low), "load",
	    number(o->load), "energy_wh", number(o->wh), "complete", (int)o->complete);
}

static const char *
percent(char *out, size_t size, double value)
{
	if (isnan(value))
		snprintf(out, size, "-");
	else
		snprintf(out, size, "%.0f %%", value);
	return out;
}

static void
on_outage(void *arg, const struct history_outage *o)
{
	struct list *l = arg;
	char began[32], length[32], from[16], to[16], load[16];
	struct buf text = {0};
	struct line line = begin(l, &text);

	if (l->json != NULL) {
		json_array_insert_new(l->json, 0, outage_json(o));
		return;
	}
	line_printf(&line, LINE_PLAIN, "%5lld  %s  ", (long long)o->id,
	    when_text(began, sizeof(began), o->began));
	line_printf(&line, o->ended == 0 ? LINE_WARN : LINE_PLAIN, "%-13s",
	    phrase_duration(length, sizeof(length), (long)(o->ms / 1000)));
	line_printf(&line, LINE_PLAIN, "  %5s to %5s  %5s  %-12s  %s%s",
	    percent(from, sizeof(from), o->charge_began),
	    percent(to, sizeof(to), o->charge_low), percent(load, sizeof(load), o->load),
	    o->ups, o->kind,
	    o->ended == 0 ? ", it lasts"
	    : o->complete ? ""
			  : ", its end was not seen");
	add_line(l, &text);
}

static void
on_event(void *arg, const struct history_event *e)
{
	struct list *l = arg;
	char at[32], *told;
	struct buf text = {0};
	struct line line = begin(l, &text);

	if (l->json != NULL) {
		json_array_insert_new(l->json, 0,
		    json_pack("{s:I, s:o, s:s?, s:s, s:s?, s:s}", "id", (json_int_t)e->id,
			"at", seconds(e->at), "ups", e->ups, "kind", e->kind, "who",
			e->who, "text", e->text));
		return;
	}
	line_printf(&line, LINE_PLAIN, "%s  ", when_text(at, sizeof(at), e->at));
	if (e->ups != NULL)
		line_printf(&line, LINE_PLAIN, "%s: ", e->ups);
	told = report_told(e->kind, e->who, e->text);
	line_text(&line, LINE_PLAIN, told);
	free(told);
	add_line(l, &text);
}

/* Prints the list, oldest first, and releases it. */
static void
list_end(struct list *l, const char *name, const char *heading, const char *none)
{
	if (l->json != NULL) {
		json_t *whole = json_pack("{s:o}", name, l->json);

		json_dumpf(whole, stdout,
		    JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(13));
		putchar('\n');
		json_decref(whole);
		return;
	}
	if (l->count == 0)
		puts(none);
	else if (heading != NULL)
		puts(heading);
	while (l->count > 0) {
		puts(l->lines[--l->count]);
		free(l->lines[l->count]);
	}
	free(l->lines);
}

static int
show(bool events, const struct history_which *which, bool json)
{
	char cause[HISTORY_CAUSE];
	struct list l = {.style = term_style(STDOUT_FILENO)};
	struct history *h = kept_open();
	int result;

	if (h == NULL)
		return 1;
	if (!isatty(STDOUT_FILENO))
		l.style.columns = events ? 1000 : FILE_COLUMNS;
	l.json = json ? json_array() : NULL;
	result = events ? history_events(h, which, on_event, &l, cause)
			: history_outages(h, which, on_outage, &l, cause);
	history_close(h);
	if (events)
		list_end(&l, "events", NULL, "nothing has happened");
	else
		list_end(&l, "outages",
		    "   id  began                lasted         charge             load  "
		    "ups"
		    "           what",
		    "there was no outage");
	return result == 0 ? 0 : cli_complain("%s", cause);
}

int
cmd_history(int argc, char **argv)
{
	struct history_which which = {.limit = ROWS_MAX};
	bool json = false, events = argc > 1 && strcmp(argv[1], "events") == 0;

	if (argc > 1 && strcmp(argv[1], "export") == 0)
		return export_command(argc - 1, argv + 1);
	if (events)
		which.limit = EVENTS_SHOWN;
	for (int i = 1 + events; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0) {
			json = true;
		} else if (strcmp(argv[i], "--since") == 0 && i + 1 < argc) {
			if (kept_when("--since", argv[++i], &which.from) != 0)
				return 1;
			which.limit = ROWS_MAX;
		} else if (argv[i][0] == '-' || which.ups != NULL) {
			return cli_usage("history");
		} else {
			which.ups = argv[i];
		}
	}
	return show(events, &which, json);
}
