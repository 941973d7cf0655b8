/* SPDX-License-Identifier: ISC */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/kept.h"
#include "cli/report.h"
#include "cli/term.h"
#include "lib/xmem.h"

#define FILE_COLUMNS 80
#define BEFORE_MS 120000 /* what happened before an outage may have to do with it */
#define AFTER_MS 900000

static void
on_outage(void *arg, const struct history_outage *o)
{
	struct report *r = arg;

	r->outage = *o;
	r->outage.ups = r->ups = xstrdup(o->ups);
	r->outage.kind = r->kind = xstrdup(o->kind);
}

/* Events come newest first: they are put in front. */
static void
on_event(void *arg, const struct history_event *e)
{
	struct report *r = arg;

	/* What happened to another UPS is another story. */
	if (e->ups != NULL && strcmp(e->ups, r->outage.ups) != 0)
		return;
	r->events = xreallocarray(r->events, r->nevents + 1, sizeof(*r->events));
	memmove(&r->events[1], &r->events[0], r->nevents++ * sizeof(*r->events));
	r->events[0] = (struct report_event){
	    .at = e->at,
	    .kind = xstrdup(e->kind),
	    .who = e->who != NULL ? xstrdup(e->who) : NULL,
	    .text = xstrdup(e->text),
	};
}

static void
report_clear(struct report *r)
{
	for (size_t i = 0; i < r->nevents; i++) {
		free(r->events[i].kind);
		free(r->events[i].who);
		free(r->events[i].text);
	}
	free(r->events);
	free(r->ups);
	free(r->kind);
	history_series_free(&r->series);
}

/* The rows of the table: whole steps, from the one in which it began. */
static int
read_series(struct history *h, struct report *r, char cause[HISTORY_CAUSE])
{
	int64_t end = r->outage.ended != 0 ? r->outage.ended : r->now, from;

	r->step = report_step(end - r->outage.began);
	from = r->outage.began - r->outage.began % r->step;
	return history_series(h, r->outage.ups, report_series, REPORT_SERIES, from,
	    from + ((end - from) / r->step + 1) * r->step,
	    (size_t)((end - from) / r->step + 1), &r->series, cause);
}

/* The outage of this number, 0: the last one. An outage of id 0 is none. */
static int
read_report(struct history *h, int64_t id, struct report *r, char cause[HISTORY_CAUSE])
{
	struct history_which which = {.limit = 1, .before = id + 1, .after = id - 1};
	struct history_which around;

	if (id == 0)
		which.before = which.after = 0;
	r->now = kept_now();
	if (history_outages(h, &which, on_outage, r, cause) != 0)
		return -1;
	if (r->outage.id == 0)
		return 0;
	around = (struct history_which){
	    .from = r->outage.began - BEFORE_MS,
	    .to = (r->outage.ended != 0 ? r->outage.ended : r->now) + AFTER_MS,
	    .limit = INT64_MAX,
	};
	if (history_events(h, &around, on_event, r, cause) != 0)
		return -1;
	return read_series(h, r, cause);
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
to_json(const struct report *r)
{
	const struct history_outage *o = &r->outage;
	json_t *events = json_array(), *minutes = json_array();

	for (size_t i = 0; i < r->nevents; i++)
		json_array_append_new(
		    events, json_pack("{s:o, s:s, s:s?, s:s}", "at",
				seconds(r->events[i].at), "kind", r->events[i].kind,
				"who", r->events[i].who, "text", r->events[i].text));
	for (size_t i = 0; i < r->series.points; i++)
		json_array_append_new(minutes,
		    json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "at",
			seconds(r->series.time[i] - r->step / 2), "charge",
			number(r->series.vars[REPORT_CHARGE].mean[i]), "runtime",
			number(r->series.vars[REPORT_RUNTIME].mean[i]), "load",
			number(r->series.vars[REPORT_LOAD].mean[i]), "battery_voltage",
			number(r->series.vars[REPORT_BATTERY_VOLTAGE].mean[i]),
			"input_voltage",
			number(r->series.vars[REPORT_INPUT_VOLTAGE].mean[i])));
	return json_pack(
	    "{s:I, s:s, s:s, s:o, s:o, s:f, s:o, s:o, s:o, s:o, s:o, s:b, s:f,"
	    " s:o, s:o}",
	    "id", (json_int_t)o->id, "ups", o->ups, "kind", o->kind, "began",
	    seconds(o->began), "ended", seconds(o->ended), "seconds",
	    (double)o->ms / 1000, "charge_began", number(o->charge_began), "charge_low",
	    number(o->charge_low), "voltage_low", number(o->voltage_low), "load",
	    number(o->load), "energy_wh", number(o->wh), "complete", (int)o->complete,
	    "step", (double)r->step / 1000, "events", events, "minutes", minutes);
}

static void
show(const struct report *r, bool json)
{
	struct view_style style = term_style(STDOUT_FILENO);
	struct buf out = {0};
	json_t *whole;

	if (json) {
		whole = to_json(r);
		json_dumpf(whole, stdout,
		    JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(13));
		putchar('\n');
		json_decref(whole);
		return;
	}
	if (!isatty(STDOUT_FILENO))
		style.columns = FILE_COLUMNS;
	report_print(&out, r, &style);
	fputs(buf_str(&out), stdout);
	buf_free(&out);
}

static int
report(int64_t id, bool json)
{
	char cause[HISTORY_CAUSE];
	struct report r = {0};
	struct history *h = kept_open();
	int result = 0;

	if (h == NULL)
		return 1;
	if (read_report(h, id, &r, cause) != 0)
		result = cli_complain("%s", cause);
	else if (r.outage.id != 0)
		show(&r, json);
	else if (id == 0)
		result = cli_complain("there was no outage yet");
	else
		result =
		    cli_complain("there is no outage %lld; 'holdup history' lists them",
			(long long)id);
	report_clear(&r);
	history_close(h);
	return result;
}

int
cmd_report(int argc, char **argv)
{
	bool json = false, named = false;
	int64_t id = 0;

	for (int i = 1; i < argc; i++) {
		char *end = argv[i];

		if (strcmp(argv[i], "--json") == 0) {
			json = true;
			continue;
		}
		if (named)
			return cli_usage("report");
		named = true;
		if (strcmp(argv[i], "last") == 0)
			continue;
		id = strtol(argv[i], &end, 10);
		if (id <= 0 || *end != '\0')
			return cli_usage("report");
	}
	return report(id, json);
}
