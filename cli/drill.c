/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/drill_house.h"
#include "lib/xmem.h"

#define DAY_MS 86400000 /* this machine has been up so long when the mains fails */
#define TICK_MS 1000
#define SETTLE_MS 10000 /* before that, everybody is there */

/* Seconds that the battery of a UPS lasts from the failure of the mains on. */
static double
lasts(const struct drill_ups *u)
{
	if (!isnan(u->runtime))
		return u->runtime;
	return DRILL_RUNTIME * (isnan(u->charge) ? 1 : u->charge / 100);
}

static void
tell_value(struct drill_house *h, size_t row, enum policy_value value, double number)
{
	if (!isnan(number))
		drill_house_step(h, (struct policy_event){.kind = POLICY_VALUE,
					.row = row,
					.value = value,
					.number = number});
}

static void
tell_status(struct drill_house *h, size_t row, const char *status)
{
	drill_house_step(h,
	    (struct policy_event){.kind = POLICY_STATUS, .row = row, .status = status});
}

/* True when a UPS says LB: by its charge, by its runtime, or, where it tells neither, when
 * nine tenths are over. */
static bool
is_low(const struct drill_ups *u, double spent)
{
	double left = lasts(u) - spent;
	double charge = isnan(u->charge) ? NAN : u->charge * fmax(left, 0) / lasts(u);

	if (isnan(u->charge) && isnan(u->runtime))
		return left < lasts(u) / 10;
	return charge <= (isnan(u->charge_low) ? 10 : u->charge_low) ||
	       (!isnan(u->runtime) &&
		   left <= (isnan(u->runtime_low) ? 0 : u->runtime_low));
}

/* What the UPS tells so many seconds into the outage. */
static void
tell_ups(struct drill_house *h, size_t row, double spent)
{
	const struct drill_ups *u = &h->setting->upses[row];
	double left = fmax(lasts(u) - spent, 0);

	if (!isnan(u->charge))
		tell_value(h, row, POLICY_CHARGE, floor(u->charge * left / lasts(u)));
	if (!isnan(u->runtime))
		tell_value(h, row, POLICY_RUNTIME, floor(left));
	tell_status(h, row, is_low(u, spent) ? "OB DISCHRG LB" : "OB DISCHRG");
}

static void
tell_client(struct drill_house *h, struct drill_person *p, enum policy_event_kind kind)
{
	drill_house_step(h, (struct policy_event){.kind = kind,
				.row = p->client->row,
				.session = p->session,
				.address = p->client->address,
				.account = p->client->account,
				.machine = p->client->kind});
}

/* All is well, for a while. */
static void
settle(struct drill_house *h)
{
	const struct drill_setting *s = h->setting;

	for (size_t row = 0; row < s->conf->nupses; row++) {
		const struct drill_ups *u = &s->upses[row];

		tell_status(h, row, "OL");
		drill_house_step(
		    h, (struct policy_event){
			   .kind = POLICY_SOURCE, .row = row, .source = FEED_OK});
		tell_value(h, row, POLICY_CHARGE_LOW, u->charge_low);
		tell_value(h, row, POLICY_RUNTIME_LOW, u->runtime_low);
		tell_value(h, row, POLICY_CHARGE, u->charge);
		tell_value(h, row, POLICY_RUNTIME, u->runtime);
		if (!isnan(u->delay_max))
			tell_value(h, row, POLICY_DELAY_SHUTDOWN, 0);
		drill_house_step(
		    h, (struct policy_event){.kind = POLICY_READ, .row = row});
	}
	for (size_t i = 0; i < s->nclients; i++)
		if (s->clients[i].kind == MACHINE_LOGIN)
			tell_client(h, &h->people[i], POLICY_LOGIN);
	for (; h->now_ms < h->begin_ms; h->now_ms += TICK_MS) {
		for (size_t i = 0; i < s->nclients; i++)
			if (s->clients[i].kind != MACHINE_LOGIN)
				tell_client(h, &h->people[i], POLICY_SEEN);
		drill_house_step(h, (struct policy_event){.kind = POLICY_TIME});
	}
}

static bool
reads_fsd(const struct drill_house *h, const struct drill_person *p)
{
	int plan = drill_plan_of(h->setting->conf, p->client);
	enum feed_view view = feed_view_of(&h->views[p->client->row],
	    plan < 0 ? NULL : h->setting->conf->plans[plan].name);

	return view == FEED_VIEW_FSD;
}

/* Who reads FSD leaves a moment later; who does not goes on reading. */
static void
people_live(struct drill_house *h)
{
	for (size_t i = 0; i < h->setting->nclients; i++) {
		struct drill_person *p = &h->people[i];

		if (p->told_ms == 0 && reads_fsd(h, p)) {
			p->told_ms = h->now_ms;
			p->left_ms = h->now_ms + DRILL_LEAVE_MS;
		}
		if (p->left_ms != 0 && h->now_ms >= p->left_ms) {
			if (!p->gone && p->client->kind == MACHINE_LOGIN)
				tell_client(h, p, POLICY_LOGOUT);
			p->gone = true;
		} else if (p->client->kind != MACHINE_LOGIN)
			tell_client(h, p, POLICY_SEEN);
	}
}

/* When the output of all UPSes is off, in s since the begin; NAN: not yet. */
static double
output_end(const struct drill_house *h, double spent, bool *cut)
{
	double empty = 0, off = NAN;
	bool cuts = false;
	int self = -1;

	for (size_t i = 0; i < h->setting->conf->nupses; i++) {
		empty = fmax(empty, lasts(&h->setting->upses[i]));
		cuts |= h->setting->upses[i].cuts;
	}
	for (size_t i = 0; i < h->setting->conf->nplans; i++)
		if (h->setting->conf->plans[i].self)
			self = (int)i;
	/* A machine that does not say how long it takes may take no time at all. */
	if (h->down_ms != 0 && cuts)
		off = (double)(h->down_ms - h->begin_ms) / 1000 + DRILL_CUT_S +
		      (self < 0 ? 0
				: (double)h->setting->conf->plans[self].takes_ms / 1000);
	if (h->armed_ms != 0)
		off = fmin(isnan(off) ? INFINITY : off,
		    (double)(h->armed_ms - h->begin_ms) / 1000 + h->armed_s);
	*cut = !isnan(off) && off <= empty;
	if (*cut)
		return spent >= off ? off : NAN;
	return spent >= empty ? empty : NAN;
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

static double
since(const struct drill_house *h, uint64_t ms)
{
	return ((double)ms - (double)h->begin_ms) / 1000;
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

	r->there = true;
	if (who->client->kind == MACHINE_LOGIN)
		snprintf(r->name, sizeof(r->name), "%s (%s)", who->client->address,
		    who->client->account);
	else
		snprintf(r->name, sizeof(r->name), "%s", who->client->address);
	if (who->told_ms == 0)
		return;
	snprintf(r->why, sizeof(r->why), "forced shutdown of %s",
	    h->setting->conf->names[who->client->row]);
	r->told = since(h, who->told_ms);
	r->off = since(h, who->left_ms + takes);
}

static void
result_of_self(struct drill_house *h)
{
	const struct policy_conf *conf = h->setting->conf;
	struct drill_result *r;
	int plan = -1;

	for (size_t i = 0; i < conf->nplans; i++)
		if (conf->plans[i].self)
			plan = (int)i;
	if (conf->nmonitors == 0)
		return;
	r = add_result(h->story, plan);
	r->self = r->there = true;
	snprintf(r->name, sizeof(r->name), "this machine");
	if (h->down_ms == 0)
		return;
	snprintf(r->why, sizeof(r->why), "last of all");
	r->told = since(h, h->down_ms);
	/* Its own late hook orders the cut: it is off by then. */
	r->off = h->story->cut && !h->story->armed
		     ? h->story->end
		     : r->told + (double)drill_takes(conf, plan, &r->assumed) / 1000;
}

/* What is left in the battery when the machine is off; is it off before the output is? */
static void
judge(struct drill_house *h, struct drill_result *r)
{
	size_t row = r->plan >= 0 && h->setting->conf->plans[r->plan].nfeeds > 0
			 ? h->setting->conf->plans[r->plan].feeds[0]
			 : 0;
	const struct drill_ups *u;

	r->alive = r->there && !isnan(h->story->end) &&
		   (isnan(r->off) || r->off > h->story->end);
	/* Nobody says how long it takes: what is sure is that it has been told in time. */
	r->doubtful = r->alive && r->assumed && !isnan(r->told) &&
		      r->told + DRILL_LEAVE_MS / 1000 < h->story->end;
	r->alive = r->alive && !r->doubtful;
	if (h->setting->conf->nupses == 0 || isnan(r->off))
		return;
	u = &h->setting->upses[row];
	r->left = fmax(lasts(u) - r->off, 0);
	if (!isnan(u->charge))
		r->charge = u->charge * r->left / lasts(u);
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
conclude(struct drill_house *h)
{
	struct drill_story *s = h->story;

	s->armed = h->armed_ms != 0;
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

static void
house_free(struct drill_house *h)
{
	for (size_t row = 0; row < h->setting->conf->nupses; row++) {
		for (size_t i = 0; i < h->views[row].nfaces; i++)
			free(h->views[row].faces[i].machine);
		free(h->views[row].faces);
	}
	policy_free(h->policy);
	free(h->views);
	free(h->people);
	free(h->hooked_ms);
	free(h->whys);
	free(h->answers);
}

void
drill_run(const struct drill_setting *s, struct drill_story *story)
{
	struct drill_house h = {.setting = s, .story = story};
	double spent;

	*story = (struct drill_story){.end = NAN};
	h.begin_ms = DAY_MS;
	h.now_ms = DAY_MS - SETTLE_MS;
	h.views = xcalloc(s->conf->nupses, sizeof(*h.views));
	h.people = xcalloc(s->nclients, sizeof(*h.people));
	h.hooked_ms = xcalloc(s->conf->nplans, sizeof(*h.hooked_ms));
	h.whys = xcalloc(s->conf->nplans, sizeof(*h.whys));
	for (size_t i = 0; i < s->nclients; i++) {
		h.people[i].client = &s->clients[i];
		h.people[i].session = i + 1;
	}
	h.policy = policy_new(s->conf, h.now_ms);
	settle(&h);
	for (; isnan(story->end) && h.now_ms < DAY_MS + DRILL_HOURS * 3600000ULL;
	     h.now_ms += TICK_MS) {
		spent = since(&h, h.now_ms);
		for (size_t row = 0; row < s->conf->nupses; row++)
			tell_ups(&h, row, spent);
		people_live(&h);
		drill_house_step(&h, (struct policy_event){.kind = POLICY_TIME});
		story->end = output_end(&h, spent, &story->cut);
	}
	conclude(&h);
	house_free(&h);
}

void
drill_free(struct drill_story *story)
{
	for (size_t i = 0; i < story->nlog; i++)
		free(story->log[i]);
	free(story->log);
	free(story->results);
	*story = (struct drill_story){0};
}
