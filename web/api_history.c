/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/jout.h"
#include "web/api.h"
#include "web/past.h"
#include "web/state_json.h"

#define DAY_S 86400.0
#define TIME_MAX 1e11 /* Unix seconds: the year 5138 */
#define LIST_MAX 500
#define MINUTES_MAX 240 /* of one outage; a longer one in longer steps */

/* Answers that the history could not be read. */
static void
fail(struct web *w, struct call *c, const char *cause)
{
	past_failed(w->past, cause);
	call_error(c, 503, "DATA-STALE", "The history cannot be read now: %s", cause);
	c->reply.retry_s = 5;
}

/* Answers that a parameter is none. */
static void
refuse(struct call *c, const char *what)
{
	call_error(c, 400, "INVALID-ARGUMENT", "%s", what);
}

/* Begins an answer, and says whether there is a history that it comes from. */
static void
begin(struct jout *j, struct call *c, bool there)
{
	*j = (struct jout){.out = &c->reply.body};
	c->reply.status = 200;
	jout_open(j, NULL, '{');
	jout_bool(j, "history", there);
}

static double
seconds(int64_t ms)
{
	return (double)ms / 1000;
}

static void
write_numbers(struct jout *j, const char *key, const double *list, size_t n)
{
	jout_open(j, key, '[');
	for (size_t i = 0; i < n; i++)
		jout_number(j, NULL, list[i]);
	jout_close(j, ']');
}

static void
write_series(struct jout *j, const struct history_series *s, const char *const *names)
{
	jout_open(j, "time", '[');
	for (size_t i = 0; i < s->points; i++)
		jout_number(j, NULL, seconds(s->time[i]));
	jout_close(j, ']');
	jout_open(j, "series", '{');
	for (size_t v = 0; v < s->nvars; v++) {
		jout_open(j, names[v], '{');
		write_numbers(j, "mean", s->vars[v].mean, s->points);
		write_numbers(j, "low", s->vars[v].low, s->points);
		write_numbers(j, "high", s->vars[v].high, s->points);
		jout_close(j, '}');
	}
	jout_close(j, '}');
}

/* "a,b,c" into names; their number, or 0 when these are none or too many. */
static size_t
split_names(char *list, const char *names[HISTORY_VARS_MAX])
{
	size_t n = 0;

	for (char *name = list, *end; name != NULL; name = end) {
		if ((end = strchr(name, ',')) != NULL)
			*end++ = '\0';
		if (n == HISTORY_VARS_MAX || !state_name_ok(name))
			return 0;
		names[n++] = name;
	}
	return n;
}

/* What of the past is asked for. */
struct span {
	double from, to;
	int64_t points;
	char list[QUERY_VALUE_MAX]; /* of names, cut in parts */
	const char *names[HISTORY_VARS_MAX];
	size_t nnames;
};

/* Reads it. NULL, or what is wrong with it. */
static const char *
read_span(struct span *s, const struct query *q, double now)
{
	*s = (struct span){.to = now, .points = 600, .list = "battery.charge"};
	if (query_number(q, "to", 0, TIME_MAX, &s->to) < 0)
		return "\"to\" is a number of Unix seconds";
	s->from = s->to - DAY_S;
	if (query_number(q, "from", 0, TIME_MAX, &s->from) < 0 || s->from >= s->to)
		return "\"from\" is a number of Unix seconds before \"to\"";
	if (query_whole(q, "points", 1, HISTORY_POINTS_MAX, &s->points) < 0)
		return "\"points\" is a number from 1 to 2000";
	if (query_text(q, "vars", s->list) >= 0)
		s->nnames = split_names(s->list, s->names);
	return s->nnames > 0
		   ? NULL
		   : "\"vars\" are names of variables with commas between them, "
		     "8 at most";
}

void
api_series(struct web *w, struct call *c)
{
	const struct feed_ups *u = api_ups_named(w, c);
	struct history *h = past_history(w->past);
	char cause[HISTORY_CAUSE];
	struct history_series s = {0};
	struct span span;
	const char *wrong;
	struct jout j;

	if (u == NULL)
		return;
	if ((wrong = read_span(&span, &c->query, web_time())) != NULL) {
		refuse(c, wrong);
		return;
	}
	if (h != NULL && history_series(h, u->name, span.names, span.nnames,
			     (int64_t)(span.from * 1000), (int64_t)(span.to * 1000),
			     (size_t)span.points, &s, cause) < 0) {
		fail(w, c, cause);
		return;
	}
	begin(&j, c, h != NULL);
	jout_number(&j, "from", span.from);
	jout_number(&j, "to", span.to);
	jout_number(&j, "step", (span.to - span.from) / (double)span.points);
	write_series(&j, &s, span.names);
	jout_close(&j, '}');
	if (h != NULL)
		history_series_free(&s);
}

void
api_quality(struct web *w, struct call *c)
{
	const struct feed_ups *u = api_ups_named(w, c);
	struct history *h = past_history(w->past);
	struct history_quality q = {.voltage_low = NAN, .voltage_high = NAN};
	char cause[HISTORY_CAUSE];
	double days = 30, now = web_time();
	struct jout j;

	if (u == NULL)
		return;
	if (query_number(&c->query, "days", 0.01, 36500, &days) < 0) {
		refuse(c, "\"days\" is a number of days");
		return;
	}
	if (h != NULL &&
	    history_quality(h, u->name, (int64_t)((now - days * DAY_S) * 1000),
		(int64_t)(now * 1000), &q, cause) < 0) {
		fail(w, c, cause);
		return;
	}
	begin(&j, c, h != NULL);
	jout_number(&j, "days", days);
	jout_whole(&j, "outages", q.outages);
	jout_whole(&j, "transfers", q.transfers);
	jout_whole(&j, "tests", q.tests);
	jout_whole(&j, "sags", q.sags);
	jout_whole(&j, "swells", q.swells);
	jout_whole(&j, "boosts", q.boosts);
	jout_whole(&j, "trims", q.trims);
	jout_number(&j, "outage_s", q.outage_s);
	jout_number(&j, "boost_s", q.boost_s);
	jout_number(&j, "trim_s", q.trim_s);
	jout_number(&j, "voltage_low", q.voltage_low);
	jout_number(&j, "voltage_high", q.voltage_high);
	jout_close(&j, '}');
}

/* A date by the clock on the wall, null where there is none. */
static void
write_date(struct jout *j, const char *key, int64_t ms)
{
	time_t at = (time_t)(ms / 1000);
	char text[sizeof("-2147483648-12-31")];
	struct tm tm;

	if (ms == 0 || localtime_r(&at, &tm) == NULL ||
	    strftime(text, sizeof(text), "%Y-%m-%d", &tm) == 0)
		jout_null(j, key);
	else
		jout_text(j, key, text);
}

static void
write_time(struct jout *j, const char *key, int64_t ms)
{
	jout_number(j, key, ms == 0 ? NAN : seconds(ms));
}

void
api_energy(struct web *w, struct call *c)
{
	const struct feed_ups *u = api_ups_named(w, c);
	const struct conf_web *conf = &w->conf->holdup.web;
	struct history *h = past_history(w->past);
	struct history_energy e = {.today = NAN, .month = NAN, .year = NAN, .total = NAN};
	char cause[HISTORY_CAUSE];
	struct jout j;

	if (u == NULL)
		return;
	if (h != NULL &&
	    history_energy(h, u->name, (int64_t)(web_time() * 1000), &e, cause) < 0) {
		fail(w, c, cause);
		return;
	}
	begin(&j, c, h != NULL);
	jout_number(&j, "today_kwh", e.today);
	jout_number(&j, "month_kwh", e.month);
	jout_number(&j, "year_kwh", e.year);
	jout_number(&j, "total_kwh", e.total);
	write_time(&j, "since", e.since);
	jout_bool(&j, "estimated", e.estimated);
	jout_number(&j, "price_per_kwh", conf->price > 0 ? conf->price : NAN);
	jout_text(&j, "currency", conf->price > 0 ? conf->currency : NULL);
	jout_open(&j, "days", '[');
	for (size_t i = 0; i < e.ndays; i++) {
		jout_open(&j, NULL, '{');
		write_date(&j, "day", e.days[i].at);
		jout_number(&j, "kwh", e.days[i].kwh);
		jout_close(&j, '}');
	}
	jout_close(&j, ']');
	jout_close(&j, '}');
}

void
api_battery(struct web *w, struct call *c)
{
	const struct feed_ups *u = api_ups_named(w, c);
	struct history *h = past_history(w->past);
	struct history_learned l = {.health = NAN, .confidence = NAN};
	char cause[HISTORY_CAUSE];
	struct jout j;

	if (u == NULL)
		return;
	for (size_t i = 0; i < HISTORY_CURVE; i++)
		l.curve[i] = NAN;
	if (h != NULL && history_learned(h, u->name, &l, cause) < 0) {
		fail(w, c, cause);
		return;
	}
	begin(&j, c, h != NULL);
	jout_number(&j, "health", l.health);
	jout_number(&j, "confidence", l.confidence);
	write_date(&j, "replace", l.replace);
	jout_whole(&j, "discharges", l.discharges);
	jout_open(&j, "curve", '[');
	for (size_t i = 0; i < HISTORY_CURVE; i++) {
		if (!isfinite(l.curve[i]) || l.curve[i] <= 0)
			continue;
		jout_open(&j, NULL, '{');
		jout_whole(&j, "load", (int64_t)(10 * (i + 1)));
		jout_number(&j, "seconds", round(l.curve[i]));
		jout_close(&j, '}');
	}
	jout_close(&j, ']');
	write_time(&j, "last_test", l.last_test);
	write_time(&j, "next_test", l.next_test);
	jout_text(&j, "last_result", *l.last_result == '\0' ? NULL : l.last_result);
	jout_close(&j, '}');
}

static void
write_outage(struct jout *j, const struct history_outage *o)
{
	jout_whole(j, "id", o->id);
	jout_text(j, "ups", o->ups);
	jout_text(j, "kind", o->kind);
	jout_number(j, "began", seconds(o->began));
	write_time(j, "ended", o->ended);
	jout_number(j, "seconds", seconds(o->ms));
	jout_number(j, "charge_began", o->charge_began);
	jout_number(j, "charge_low", o->charge_low);
	jout_number(j, "voltage_low", o->voltage_low);
	jout_number(j, "load", o->load);
	jout_number(j, "energy_wh", o->wh);
	jout_bool(j, "complete", o->complete);
}

static void
list_outage(void *arg, const struct history_outage *o)
{
	jout_open(arg, NULL, '{');
	write_outage(arg, o);
	jout_close(arg, '}');
}

static void
list_event(void *arg, const struct history_event *e)
{
	const struct page_event event = {
	    seconds(e->at), e->ups, e->kind, e->who, e->text};

	state_json_event_in(arg, e->id, &event);
}

/* Which ones of a list are asked for. -1, and an error answered: the question is none. */
static int
read_which(struct call *c, struct history_which *which, char ups[QUERY_VALUE_MAX])
{
	int64_t limit = 50;
	int named = query_text(&c->query, "ups", ups);

	*which = (struct history_which){.ups = named == 1 && *ups != '\0' ? ups : NULL};
	if (named < 0 ||
	    query_whole(&c->query, "before", 0, INT64_MAX, &which->before) < 0 ||
	    query_whole(&c->query, "after", 0, INT64_MAX, &which->after) < 0 ||
	    query_whole(&c->query, "limit", 1, LIST_MAX, &limit) < 0) {
		refuse(c, "\"before\" and \"after\" are ids, \"limit\" is a number from "
			  "1 to 500");
		return -1;
	}
	which->limit = (size_t)limit;
	return 0;
}

/* Answers with the outages, or the events, that are asked for. */
static void
list(struct web *w, struct call *c, bool events)
{
	struct history *h = past_history(w->past);
	struct history_which which;
	char ups[QUERY_VALUE_MAX], cause[HISTORY_CAUSE];
	int result = 0;
	struct jout j;

	if (read_which(c, &which, ups) < 0)
		return;
	begin(&j, c, h != NULL);
	jout_open(&j, events ? "events" : "outages", '[');
	if (h != NULL && events)
		result = history_events(h, &which, list_event, &j, cause);
	else if (h != NULL)
		result = history_outages(h, &which, list_outage, &j, cause);
	if (result < 0) {
		fail(w, c, cause);
		return;
	}
	jout_close(&j, ']');
	jout_close(&j, '}');
}

void
api_outages(struct web *w, struct call *c)
{
	list(w, c, false);
}

void
api_events(struct web *w, struct call *c)
{
	list(w, c, true);
}

/* One outage, whose strings must outlive the call that told it. */
struct found {
	struct history_outage outage;
	char ups[STATE_VALUE_MAX + 1], kind[32];
	bool there;
};

static void
keep_outage(void *arg, const struct history_outage *o)
{
	struct found *f = arg;

	f->outage = *o;
	snprintf(f->ups, sizeof(f->ups), "%s", o->ups);
	snprintf(f->kind, sizeof(f->kind), "%s", o->kind);
	f->outage.ups = f->ups;
	f->outage.kind = f->kind;
	f->there = true;
}

static void
write_minutes(struct jout *j, const struct history_series *s)
{
	static const char *const keys[] = {"charge", "runtime", "load", "voltage"};

	jout_open(j, "minutes", '[');
	for (size_t i = 0; i < s->points; i++) {
		jout_open(j, NULL, '{');
		jout_number(j, "at", seconds(s->time[i]));
		for (size_t v = 0; v < s->nvars; v++)
			jout_number(j, keys[v], s->vars[v].mean[i]);
		jout_close(j, '}');
	}
	jout_close(j, ']');
}

/* What happened meanwhile, and minute by minute what the battery did. */
static int
write_course(struct jout *j, struct history *h, const struct history_outage *o,
    char cause[HISTORY_CAUSE])
{
	static const char *const names[] = {
	    "battery.charge", "battery.runtime", "ups.load", "battery.voltage"};
	int64_t end = o->ended != 0 ? o->ended : (int64_t)(web_time() * 1000);
	int64_t minutes = (end - o->began) / 60000 + 1;
	const struct history_which which = {
	    .from = o->began, .to = end + 60000, .limit = LIST_MAX};
	struct history_series s;

	jout_open(j, "events", '[');
	if (history_events(h, &which, list_event, j, cause) < 0)
		return -1;
	jout_close(j, ']');
	if (minutes > MINUTES_MAX)
		minutes = MINUTES_MAX;
	if (history_series(h, o->ups, names, 4, o->began,
		end > o->began ? end : o->began + 1, (size_t)minutes, &s, cause) < 0)
		return -1;
	write_minutes(j, &s);
	history_series_free(&s);
	return 0;
}

void
api_outage(struct web *w, struct call *c)
{
	struct history *h = past_history(w->past);
	struct history_which which = {.limit = 1};
	struct found found = {0};
	char cause[HISTORY_CAUSE], *end;
	long long id = strtoll(c->name, &end, 10);
	struct jout j;

	if (*end == '\0' && id > 0 && id < INT64_MAX && h != NULL) {
		which.after = id - 1;
		which.before = id + 1;
		if (history_outages(h, &which, keep_outage, &found, cause) < 0) {
			fail(w, c, cause);
			return;
		}
	}
	if (!found.there) {
		call_error(c, 404, "UNKNOWN", "There is no outage of this number");
		return;
	}
	begin(&j, c, true);
	write_outage(&j, &found.outage);
	if (write_course(&j, h, &found.outage, cause) < 0) {
		fail(w, c, cause);
		return;
	}
	jout_close(&j, '}');
}
