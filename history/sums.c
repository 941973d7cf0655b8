/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "history/read_in.h"
#include "history/rollup.h"
#include "history/watch.h"
#include "lib/xmem.h"

/*
 * Graphs, quality and energy: sums of pieces of time.
 */

/* How much of the piece lies in [from, to), in ms. */
static double
overlap(const struct read_piece *p, double from, double to)
{
	double begin = fmax(from, (double)p->from), end = fmin(to, (double)p->to);

	return end > begin ? end - begin : 0;
}

/* A series while it is summed up. */
struct graph {
	struct history_series *out;
	double *known[HISTORY_VARS_MAX]; /* ms of each step */
	double from, step;
};

static void
on_graph(void *arg, const struct read_piece *p)
{
	struct graph *g = arg;
	double *mean = g->out->vars[p->slot].mean, *low = g->out->vars[p->slot].low;
	double *high = g->out->vars[p->slot].high, *known = g->known[p->slot];
	size_t i = (size_t)(((double)p->from - g->from) / g->step);

	for (; i < g->out->points; i++) {
		double begin = g->from + (double)i * g->step;
		double ms = overlap(p, begin, begin + g->step) * p->known;

		if (begin >= (double)p->to)
			break;
		if (ms <= 0)
			continue;
		mean[i] = (known[i] > 0 ? mean[i] : 0) + p->mean * ms;
		known[i] += ms;
		low[i] = fmin(low[i], p->low); /* NAN gives way */
		high[i] = fmax(high[i], p->high);
	}
}

static double *
unknown(size_t count)
{
	double *list = xreallocarray(NULL, count, sizeof(*list));

	for (size_t i = 0; i < count; i++)
		list[i] = NAN;
	return list;
}

static void
graph_begin(struct graph *g, int64_t from, int64_t to, size_t points, size_t nvars)
{
	struct history_series *out = g->out;

	*out = (struct history_series){.points = points, .nvars = nvars};
	g->from = (double)from;
	g->step = (double)(to - from) / (double)points;
	out->time = xreallocarray(NULL, points, sizeof(*out->time));
	for (size_t i = 0; i < points; i++)
		out->time[i] = from + (int64_t)(((double)i + 0.5) * g->step);
	for (size_t k = 0; k < nvars; k++) {
		out->vars[k].mean = unknown(points);
		out->vars[k].low = unknown(points);
		out->vars[k].high = unknown(points);
		g->known[k] = xcalloc(points, sizeof(*g->known[k]));
	}
}

static void
graph_end(struct graph *g)
{
	for (size_t k = 0; k < g->out->nvars; k++) {
		for (size_t i = 0; i < g->out->points; i++)
			g->out->vars[k].mean[i] /= g->known[k][i];
		free(g->known[k]);
	}
}

int
history_series(struct history *h, const char *ups, const char *const *vars, size_t nvars,
    int64_t from, int64_t to, size_t points, struct history_series *out,
    char cause[HISTORY_CAUSE])
{
	struct graph g = {.out = out};
	enum read_level level;
	int result;

	*out = (struct history_series){0};
	if (from < 0 || from >= to || points == 0 || points > HISTORY_POINTS_MAX ||
	    nvars == 0 || nvars > HISTORY_VARS_MAX) {
		snprintf(cause, HISTORY_CAUSE,
		    "a series has 1 to %d variables, 1 to %d points, and ends after it "
		    "begins",
		    HISTORY_VARS_MAX, HISTORY_POINTS_MAX);
		return -1;
	}
	if (read_ready(h, cause) != 0)
		return -1;
	graph_begin(&g, from, to, points, nvars);
	level = g.step >= (double)ROLLUP_HOUR     ? READ_HOUR
		: g.step >= (double)ROLLUP_MINUTE ? READ_MINUTE
						  : READ_FULL;
	result = read_pieces(h, ups, vars, nvars, from, to, level, on_graph, &g, cause);
	graph_end(&g);
	if (result != 0)
		history_series_free(out);
	return result;
}

void
history_series_free(struct history_series *s)
{
	free(s->time);
	for (size_t k = 0; k < s->nvars; k++) {
		free(s->vars[k].mean);
		free(s->vars[k].low);
		free(s->vars[k].high);
	}
	*s = (struct history_series){0};
}

/* Values while they are told one by one. */
struct telling {
	const char *ups, *variable;
	history_value_fn *fn;
	void *arg;
	int64_t until; /* the last one held until then; 0: none was told */
};

static void
on_value(void *arg, const struct read_piece *p)
{
	struct telling *t = arg;

	if (t->until != 0 && p->from > t->until)
		t->fn(t->arg, t->ups, t->variable, t->until, NAN);
	if (p->kept)
		t->fn(t->arg, t->ups, t->variable, p->from, p->mean);
	t->until = p->to;
}

int
history_values(struct history *h, const char *ups, const char *variable, int64_t from,
    int64_t to, history_value_fn *fn, void *arg, char cause[HISTORY_CAUSE])
{
	struct telling t = {ups, variable, fn, arg, 0};

	if (read_ready(h, cause) != 0)
		return -1;
	return read_pieces(
	    h, ups, &variable, 1, from, to, READ_FULL, on_value, &t, cause);
}

/* Times on battery, in which the voltage of the input says nothing of the mains. */
struct voltage {
	struct {
		int64_t began, ended;
	} * outages;
	size_t count;
	struct history_quality *q;
	int64_t from, to;
};

static void
on_voltage(void *arg, const struct read_piece *p)
{
	struct voltage *v = arg;

	for (size_t i = 0; i < v->count; i++)
		if (p->to > v->outages[i].began - ROLLUP_MINUTE &&
		    p->from < v->outages[i].ended + ROLLUP_MINUTE)
			return;
	v->q->voltage_low = fmin(v->q->voltage_low, p->low);
	v->q->voltage_high = fmax(v->q->voltage_high, p->high);
}

static void
on_outage(void *arg, const struct history_outage *o)
{
	struct voltage *v = arg;
	int64_t ended = o->ended != 0 ? o->ended : o->began + o->ms;

	v->outages = xreallocarray(v->outages, v->count + 1, sizeof(*v->outages));
	v->outages[v->count].began = o->began;
	v->outages[v->count++].ended = o->ended != 0 ? o->ended : INT64_MAX / 2;
	if (ended <= v->from || o->began >= v->to)
		return;
	if (strcmp(o->kind, "outage") == 0) {
		v->q->outages++;
		v->q->outage_s += (double)o->ms / 1000;
	} else if (strcmp(o->kind, "test") == 0) {
		v->q->tests++;
	}
}

/* Events of these kinds in the range. */
struct counting {
	struct history_quality *q;
	int64_t from, to, since; /* since when AVR raises or lowers */
	double *length;          /* ... which of them; NULL: neither */
};

/* AVR does something else from now on. */
static void
avr(struct counting *c, int64_t at, double *length)
{
	int64_t since = c->since > c->from ? c->since : c->from;

	if (c->length != NULL && at > since)
		*c->length += (double)(at - since) / 1000;
	c->length = length;
	c->since = at;
}

static void
count_event(struct counting *c, const char *kind, int64_t at)
{
	const struct {
		const char *kind;
		unsigned *count;
	} counts[] = {
	    {"onbatt", &c->q->transfers},
	    {"sag", &c->q->sags},
	    {"swell", &c->q->swells},
	    {"boost", &c->q->boosts},
	    {"trim", &c->q->trims},
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		if (at >= c->from && strcmp(kind, counts[i].kind) == 0)
			++*counts[i].count;
	if (strcmp(kind, "boost") == 0)
		avr(c, at, &c->q->boost_s);
	else if (strcmp(kind, "trim") == 0)
		avr(c, at, &c->q->trim_s);
	else if (strcmp(kind, "straight") == 0)
		avr(c, at, NULL);
}

/* All events of the range, and the last one of AVR before it. */
static int
count_events(
    struct history *h, const char *ups, struct counting *c, char cause[HISTORY_CAUSE])
{
	int64_t id;
	sqlite3_stmt *q;
	int result = -1;

	if (read_ups(h, ups, &id, cause) != 0)
		return -1;
	q = read_ask(h,
	    "SELECT kind, at, id FROM event WHERE ups = ?1 AND at >= ?2 AND at < ?3"
	    " UNION SELECT * FROM (SELECT kind, at, id FROM event WHERE ups = ?1"
	    " AND at < ?2 AND kind IN ('boost', 'trim', 'straight')"
	    " ORDER BY at DESC, id DESC LIMIT 1) ORDER BY at, id",
	    cause);
	if (q != NULL) {
		sqlite3_bind_int64(q, 1, id);
		sqlite3_bind_int64(q, 2, c->from);
		sqlite3_bind_int64(q, 3, c->to);
	}
	while (q != NULL && (result = read_row(h, q, cause)) > 0)
		count_event(c, read_text(q, 0), sqlite3_column_int64(q, 1));
	return result;
}

static int
sum_up(struct history *h, const char *ups, int64_t from, int64_t to, bool voltages,
    struct history_quality *q, char cause[HISTORY_CAUSE])
{
	static const char *const input[] = {"input.voltage"};
	int64_t now = (int64_t)time(NULL) * 1000;
	struct counting c = {.q = q, .from = from, .to = to};
	struct voltage v = {.q = q, .from = from, .to = to};
	struct history_which which = {.ups = ups, .to = to, .limit = INT64_MAX};
	int result = -1;

	*q = (struct history_quality){.voltage_low = NAN, .voltage_high = NAN};
	if (read_ready(h, cause) == 0 &&
	    history_outages(h, &which, on_outage, &v, cause) == 0 &&
	    count_events(h, ups, &c, cause) == 0)
		result = !voltages ? 0
				   : read_pieces(h, ups, input, 1, from, to, READ_MINUTE,
					 on_voltage, &v, cause);
	avr(&c, to < now ? to : now, NULL);
	free(v.outages);
	return result;
}

int
history_quality(struct history *h, const char *ups, int64_t from, int64_t to,
    struct history_quality *q, char cause[HISTORY_CAUSE])
{
	return sum_up(h, ups, from, to, true, q, cause);
}

int
history_counts(struct history *h, const char *ups, int64_t from, int64_t to,
    struct history_quality *q, char cause[HISTORY_CAUSE])
{
	return sum_up(h, ups, from, to, false, q, cause);
}

/* Energy while it is summed up: watts times ms. */
struct meter {
	struct history_energy *e;
	double today, month, year, now; /* when they begin */
	double ends[31];                /* of the days */
};

#define PER_KWH (1000.0 * 3600000.0) /* W * ms */

static void
on_watts(void *arg, const struct read_piece *p)
{
	struct meter *m = arg;
	struct history_energy *e = m->e;
	double kwh_per_ms = p->mean * p->known / PER_KWH;

	if (e->since == 0)
		e->since = p->from;
	e->total += kwh_per_ms * (double)(p->to - p->from);
	e->today += kwh_per_ms * overlap(p, m->today, m->now);
	e->month += kwh_per_ms * overlap(p, m->month, m->now);
	e->year += kwh_per_ms * overlap(p, m->year, m->now);
	for (size_t i = 0; i < e->ndays; i++)
		e->days[i].kwh +=
		    kwh_per_ms * overlap(p, (double)e->days[i].at, m->ends[i]);
}

/* Midnight, by the clock on the wall, of a day of this year and month. */
static int64_t
midnight(const struct tm *today, int mon, int mday)
{
	struct tm tm = {
	    .tm_year = today->tm_year, .tm_mon = mon, .tm_mday = mday, .tm_isdst = -1};

	return (int64_t)mktime(&tm) * 1000;
}

static void
meter_begin(struct meter *m, struct history_energy *e, int64_t now)
{
	time_t seconds = (time_t)(now / 1000);
	struct tm tm;

	localtime_r(&seconds, &tm);
	*e = (struct history_energy){.ndays = 31};
	m->e = e;
	m->now = (double)now;
	m->today = (double)midnight(&tm, tm.tm_mon, tm.tm_mday);
	m->month = (double)midnight(&tm, tm.tm_mon, 1);
	m->year = (double)midnight(&tm, 0, 1);
	for (int i = 0; i < 31; i++) {
		e->days[i].at = midnight(&tm, tm.tm_mon, tm.tm_mday - 30 + i);
		m->ends[i] = (double)midnight(&tm, tm.tm_mon, tm.tm_mday - 29 + i);
	}
}

/* Days before the first value are none of ours. */
static void
meter_end(struct meter *m)
{
	struct history_energy *e = m->e;
	size_t first = 0;

	while (first < e->ndays && (e->since == 0 || m->ends[first] <= (double)e->since))
		first++;
	e->ndays -= first;
	memmove(e->days, e->days + first, e->ndays * sizeof(e->days[0]));
}

int
history_energy(struct history *h, const char *ups, int64_t now, struct history_energy *e,
    char cause[HISTORY_CAUSE])
{
	static const char *const watts[] = {"ups.realpower"};
	struct meter m;
	sqlite3_stmt *q;
	int result = -1;

	meter_begin(&m, e, now);
	if (read_ready(h, cause) != 0 ||
	    read_pieces(h, ups, watts, 1, 0, now, READ_HOUR, on_watts, &m, cause) != 0)
		return -1;
	meter_end(&m);
	q = read_ask(h, "SELECT flags FROM ups WHERE name = ?", cause);
	if (q != NULL)
		sqlite3_bind_text(q, 1, ups, -1, SQLITE_STATIC);
	while (q != NULL && (result = read_row(h, q, cause)) > 0)
		e->estimated = (sqlite3_column_int(q, 0) & WATCH_ESTIMATED) != 0;
	if (e->since == 0)
		e->today = e->month = e->year = e->total = NAN;
	return result;
}
