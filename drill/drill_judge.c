/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "drill/drill_house.h"
#include "lib/xmem.h"

/* What came of it: when each output goes off, and whether everybody was off by then. */

double
drill_lasts(const struct drill_ups *u)
{
	if (!isnan(u->runtime))
		return u->runtime;
	return DRILL_RUNTIME * (isnan(u->charge) ? 1 : u->charge / 100);
}

static double
since(const struct drill_house *h, uint64_t ms)
{
	return ((double)ms - (double)h->begin_ms) / 1000;
}

/* The section of this machine, or -1. */
static int
self_plan(const struct policy_conf *conf)
{
	for (size_t i = 0; i < conf->nplans; i++)
		if (conf->plans[i].self)
			return (int)i;
	return -1;
}

/* As far as it is known by now. */
static struct drill_output
output_of(const struct drill_house *h, size_t row)
{
	const struct drill_ups *u = &h->setting->upses[row];
	const struct policy_conf *conf = h->setting->conf;
	struct drill_output o = {.end = drill_lasts(u)};
	double off = INFINITY;
	int self = self_plan(conf);

	/* The late hook's. One that does not say how long it takes may take no time. */
	if (h->down_ms != 0 && u->cuts && !u->theirs)
		off = since(h, h->down_ms) + DRILL_CUT_S +
		      (self < 0 ? 0 : (double)conf->plans[self].takes_ms / 1000);
	o.armed = h->armed[row].ms != 0;
	if (o.armed)
		off = fmin(off, since(h, h->armed[row].ms) + h->armed[row].seconds);
	o.cut = off <= o.end;
	o.end = fmin(o.end, off);
	return o;
}

bool
drill_is_over(const struct drill_house *h)
{
	for (size_t row = 0; row < h->setting->conf->nupses; row++)
		if (since(h, h->now_ms) < output_of(h, row).end)
			return false;
	return true;
}

static struct drill_result *
add_result(struct drill_story *s, int plan)
{
	struct drill_result *r;

	s->results = xreallocarray(s->results, s->nresults + 1, sizeof(*s->results));
	r = &s->results[s->nresults++];
	*r = (struct drill_result){
	    .plan = plan, .told = NAN, .off = NAN, .charge = NAN, .left = NAN};
	return r;
}

/* A machine with a section: told by its hook, or by one of its connections. */
static void
result_of_plan(struct drill_house *h, int plan)
{
	const struct policy_plan *p = &h->setting->conf->plans[plan];
	struct drill_result *r = add_result(h->story, plan);
	uint64_t takes = drill_takes(h->setting->conf, plan, &r->assumed), left = 0;

	snprintf(r->name, sizeof(r->name), "%s", p->name);
	snprintf(r->why, sizeof(r->why), "%s", h->whys[plan]);
	r->there = p->hook;
	r->row = p->nfeeds > 0 ? p->feeds[0] : 0;
	for (size_t i = 0; i < h->setting->nclients; i++) {
		const struct drill_person *who = &h->people[i];

		if (drill_plan_of(h->setting->conf, who->client) != plan)
			continue;
		r->there = true;
		if (who->told_ms == 0)
			continue;
		r->told = since(h, who->told_ms);
		left = who->left_ms;
	}
	if (h->hooked_ms[plan] != 0) {
		r->told = since(h, h->hooked_ms[plan]);
		left = h->hooked_ms[plan];
	}
	if (left != 0)
		r->off = since(h, left + takes);
}

/* Somebody without a section. */
static void
result_of_client(struct drill_house *h, const struct drill_person *who)
{
	struct drill_result *r = add_result(h->story, -1);
	uint64_t takes = drill_takes(h->setting->conf, -1, &r->assumed);
	const char *ups = h->setting->conf->names[who->client->row];

	r->there = true;
	r->row = who->client->row;
	if (who->client->kind == MACHINE_LOGIN)
		snprintf(r->name, sizeof(r->name), "%s (%s)", who->client->address,
		    who->client->account);
	else
		snprintf(r->name, sizeof(r->name), "%s", who->client->address);
	if (who->told_ms == 0)
		return;
	snprintf(r->why, sizeof(r->why),
	    h->views[r->row].view == FEED_VIEW_FSD ? "forced shutdown of %s"
						   : "low battery of %s",
	    ups);
	r->told = since(h, who->told_ms);
	r->off = since(h, who->left_ms + takes);
}

/* True when a UPS feeds this machine, the first of them in *row. */
static bool
is_fed(const struct policy_conf *conf, size_t *row)
{
	for (size_t i = 0; i < conf->nmonitors; i++)
		if (conf->monitors[i].power > 0 && conf->monitors[i].row >= 0) {
			*row = (size_t)conf->monitors[i].row;
			return true;
		}
	return self_plan(conf) >= 0;
}

static void
result_of_self(struct drill_house *h)
{
	const struct policy_conf *conf = h->setting->conf;
	const int plan = self_plan(conf);
	struct drill_result *r;
	bool alone = h->story->nresults == 0;

	if (conf->nmonitors == 0)
		return;
	r = add_result(h->story, plan);
	r->self = r->there = true;
	snprintf(r->name, sizeof(r->name), "this machine");
	r->stays = h->story->serves = !is_fed(conf, &r->row);
	if (plan >= 0 && conf->plans[plan].nfeeds > 0)
		r->row = conf->plans[plan].feeds[0];
	snprintf(r->why, sizeof(r->why), r->stays ? "no UPS feeds it" : "");
	if (r->stays || h->down_ms == 0)
		return;
	if (alone)
		snprintf(r->why, sizeof(r->why), "%s", h->critical);
	else
		snprintf(r->why, sizeof(r->why), "last of all");
	r->told = since(h, h->down_ms);
	r->off = r->told + (double)drill_takes(conf, plan, &r->assumed) / 1000;
	/* Its own late hook orders the cut: it is off by then. */
	if (r->assumed && h->story->cut && !h->story->armed)
		r->off = fmin(r->off, h->story->end);
}

static int
later_first(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x < *y) - (*x > *y);
}

/* When the machine has fewer supplies than it needs; NAN: never, as far as is known. */
static double
power_end(const struct drill_house *h, const struct drill_result *r)
{
	const struct policy_conf *conf = h->setting->conf;
	size_t most = conf->nupses + conf->nmonitors + 1, n = 0, needs = 1;
	double *ends = xcalloc(most, sizeof(*ends)), end = NAN;

	if (r->plan >= 0) {
		for (; n < conf->plans[r->plan].nfeeds && n < most; n++)
			ends[n] = h->story->outputs[conf->plans[r->plan].feeds[n]].end;
		needs = conf->plans[r->plan].needs;
	} else if (r->self) {
		for (size_t i = 0; i < conf->nmonitors; i++)
			if (conf->monitors[i].power > 0 && conf->monitors[i].row >= 0)
				ends[n++] = h->story->outputs[conf->monitors[i].row].end;
		needs = conf->minsupplies > 0 ? (size_t)conf->minsupplies : 1;
	} else
		ends[n++] = h->story->outputs[r->row].end;
	qsort(ends, n, sizeof(*ends), later_first);
	if (n > 0)
		end = ends[needs > n ? n - 1 : needs - (needs > 0)];
	free(ends);
	return end;
}

/* What is left in the battery when the machine is off; is it off before the output is? */
static void
judge(struct drill_house *h, struct drill_result *r)
{
	const struct drill_ups *u;
	double end = NAN;

	if (h->setting->conf->nupses > 0 && !r->stays)
		end = power_end(h, r);
	r->end = end;
	r->alive = r->there && !isnan(end) && (isnan(r->off) || r->off > end);
	/* Nobody says how long it takes: what is sure is that it has been told in time. */
	r->doubtful = r->alive && r->assumed && !isnan(r->told) &&
		      r->told + DRILL_LEAVE_MS / 1000.0 < end;
	r->alive = r->alive && !r->doubtful;
	if (isnan(end) || isnan(r->off))
		return;
	u = &h->setting->upses[r->row];
	r->left = fmax(drill_lasts(u) - r->off, 0);
	if (!isnan(u->charge))
		r->charge = u->charge * r->left / drill_lasts(u);
}

static int
compare(const void *a, const void *b)
{
	const struct drill_result *x = a, *y = b;
	double t = isnan(x->told) ? INFINITY : x->told;
	double v = isnan(y->told) ? INFINITY : y->told;

	if (x->self != y->self)
		return x->self ? 1 : -1;
	return (t > v) - (t < v);
}

static void
outputs_end(struct drill_house *h)
{
	struct drill_story *s = h->story;

	s->noutputs = h->setting->conf->nupses;
	s->outputs = xcalloc(s->noutputs, sizeof(*s->outputs));
	for (size_t row = 0; row < s->noutputs; row++) {
		struct drill_output o = output_of(h, row);

		if (o.end > DRILL_HOURS * 3600.0)
			o.end = NAN;
		s->outputs[row] = o;
		if (isnan(s->end) || o.end > s->end) {
			s->end = o.end;
			s->cut = o.cut;
			s->armed = o.armed;
		}
	}
}

void
drill_conclude(struct drill_house *h)
{
	struct drill_story *s = h->story;

	outputs_end(h);
	for (size_t i = 0; i < h->setting->conf->nplans; i++)
		if (!h->setting->conf->plans[i].self)
			result_of_plan(h, (int)i);
	for (size_t i = 0; i < h->setting->nclients; i++)
		if (drill_plan_of(h->setting->conf, h->people[i].client) < 0)
			result_of_client(h, &h->people[i]);
	result_of_self(h);
	for (size_t i = 0; i < s->nresults; i++) {
		judge(h, &s->results[i]);
		s->alive += s->results[i].alive;
	}
	if (s->nresults > 0)
		qsort(s->results, s->nresults, sizeof(*s->results), compare);
}
