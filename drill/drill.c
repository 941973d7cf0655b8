/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drill/drill_house.h"
#include "lib/xmem.h"

#define DAY_MS 86400000 /* this machine has been up so long when the mains fails */
#define TICK_MS 1000
#define QUIET_MS 5000 /* policy is asked so often, whatever happens */
#define NEAR_S 15
#define SEEN_MS 2000    /* who reads without a login does it so often */
#define SETTLE_MS 10000 /* before that, everybody is there */

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
	double left = drill_lasts(u) - spent;
	double charge =
	    isnan(u->charge) ? NAN : u->charge * fmax(left, 0) / drill_lasts(u);

	if (isnan(u->charge) && isnan(u->runtime))
		return left < drill_lasts(u) / 10;
	return charge <= (isnan(u->charge_low) ? 10 : u->charge_low) ||
	       (!isnan(u->runtime) &&
		   left <= (isnan(u->runtime_low) ? 0 : u->runtime_low));
}

/* True where a second decides: some machine's moment is near. */
static bool
is_near(const struct drill_house *h, const struct drill_ups *u, double left)
{
	const struct policy_conf *conf = h->setting->conf;

	if (fabs(left - u->runtime_low) < NEAR_S)
		return true;
	for (size_t i = 0; i < conf->nplans; i++)
		if (fabs(left - conf->plans[i].moment.runtime) < NEAR_S)
			return true;
	return false;
}

/* A runtime as a UPS tells it: in steps that are the finer the less is left. */
static double
told_runtime(const struct drill_house *h, const struct drill_ups *u, double left)
{
	const double step = left > 7200 ? 60 : left > 600 ? 10 : left > 120 ? 5 : 1;

	return is_near(h, u, left) ? floor(left) : ceil(floor(left) / step) * step;
}

/* Tells a value that is another one than before. */
static void
tell_new(
    struct drill_house *h, size_t row, enum policy_value value, double *was, double is)
{
	if (*was == is || isnan(is))
		return;
	*was = is;
	tell_value(h, row, value, is);
}

/* What the UPS tells anew so many seconds into the outage: with big houses most of the time
 * would go into what policy knows already. */
static void
tell_ups(struct drill_house *h, size_t row, double spent)
{
	const struct drill_ups *u = &h->setting->upses[row];
	struct drill_told *t = &h->told[row];
	double left = fmax(drill_lasts(u) - spent, 0);

	tell_new(
	    h, row, POLICY_CHARGE, &t->charge, floor(u->charge * left / drill_lasts(u)));
	if (!isnan(u->runtime))
		tell_new(h, row, POLICY_RUNTIME, &t->runtime, told_runtime(h, u, left));
	if (h->low_ms[row] == 0 && is_low(u, spent))
		h->low_ms[row] = h->now_ms;
	if (!t->battery || t->low != (h->low_ms[row] != 0)) {
		t->battery = true;
		t->low = h->low_ms[row] != 0;
		tell_status(h, row, t->low ? "OB DISCHRG LB" : "OB DISCHRG");
	}
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
		tell_value(h, row, POLICY_DELAY_SHUTDOWN, u->delay);
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

/* True when it reads FSD, or a low battery that lasts too long for its kind. */
static bool
is_told(const struct drill_house *h, const struct drill_person *p)
{
	const struct drill_client *c = p->client;
	int plan = drill_plan_of(h->setting->conf, c);
	enum feed_view view = feed_view_of(
	    &h->views[c->row], plan < 0 ? NULL : h->setting->conf->plans[plan].name);
	uint64_t patience = c->kind == MACHINE_LOGIN ? DRILL_HOSTSYNC_MS : 0;

	if (view == FEED_VIEW_FSD)
		return true;
	return view == FEED_VIEW_NONE && c->kind != MACHINE_OTHER &&
	       h->low_ms[c->row] != 0 && h->now_ms >= h->low_ms[c->row] + patience;
}

/* Who reads its end leaves a moment later; who does not goes on reading. */
static void
people_live(struct drill_house *h)
{
	for (size_t i = 0; i < h->setting->nclients; i++) {
		struct drill_person *p = &h->people[i];

		if (p->told_ms == 0 && is_told(h, p)) {
			p->told_ms = h->now_ms;
			p->left_ms = h->now_ms + DRILL_LEAVE_MS;
		}
		if (p->left_ms != 0 && h->now_ms >= p->left_ms) {
			if (!p->gone && p->client->kind == MACHINE_LOGIN)
				tell_client(h, p, POLICY_LOGOUT);
			p->gone = true;
		} else if (p->client->kind != MACHINE_LOGIN &&
			   h->now_ms >= p->seen_ms + SEEN_MS) {
			p->seen_ms = h->now_ms;
			tell_client(h, p, POLICY_SEEN);
		}
	}
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
	free(h->armed);
	free(h->low_ms);
	free(h->told);
	free(h->people);
	free(h->hooked_ms);
	free(h->whys);
	free(h->answers);
}

void
drill_run(const struct drill_setting *s, struct drill_story *story)
{
	struct drill_house h = {.setting = s, .story = story};

	*story = (struct drill_story){.end = NAN};
	h.begin_ms = DAY_MS;
	h.now_ms = DAY_MS - SETTLE_MS;
	h.views = xcalloc(s->conf->nupses, sizeof(*h.views));
	h.armed = xcalloc(s->conf->nupses, sizeof(*h.armed));
	h.low_ms = xcalloc(s->conf->nupses, sizeof(*h.low_ms));
	h.told = xcalloc(s->conf->nupses, sizeof(*h.told));
	for (size_t row = 0; row < s->conf->nupses; row++)
		h.told[row].charge = h.told[row].runtime = NAN;
	h.people = xcalloc(s->nclients, sizeof(*h.people));
	h.hooked_ms = xcalloc(s->conf->nplans, sizeof(*h.hooked_ms));
	h.whys = xcalloc(s->conf->nplans, sizeof(*h.whys));
	for (size_t i = 0; i < s->nclients; i++) {
		h.people[i].client = &s->clients[i];
		h.people[i].session = i + 1;
	}
	h.policy = policy_new(s->conf, h.now_ms);
	settle(&h);
	do {
		for (size_t row = 0; row < s->conf->nupses; row++)
			tell_ups(&h, row, (double)(h.now_ms - h.begin_ms) / 1000);
		people_live(&h);
		/* Policy says when it wants to be asked; a sleep it must not seem. */
		if (h.now_ms >= h.next_ms || h.now_ms >= h.asked_ms + QUIET_MS)
			drill_house_step(&h, (struct policy_event){.kind = POLICY_TIME});
		h.now_ms += TICK_MS;
	} while (!drill_is_over(&h) && h.now_ms < DAY_MS + DRILL_HOURS * 3600000ULL);
	drill_conclude(&h);
	house_free(&h);
}

void
drill_free(struct drill_story *story)
{
	for (size_t i = 0; i < story->nlog; i++)
		free(story->log[i]);
	free(story->log);
	free(story->outputs);
	free(story->results);
	*story = (struct drill_story){0};
}
