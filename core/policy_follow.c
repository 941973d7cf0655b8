/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "core/policy_in.h"

#define SPARE_MS 30000  /* beyond its time: later nobody waits for it */
#define STAYS_MS 60000  /* ... so long after the return: it stays on */
#define RETURN_MS 10000 /* so long, or `calm`, the mains must be back before it counts */
#define MISSES 3        /* in a row: it is off */

static unsigned
seconds(uint64_t ms)
{
	return (unsigned)((ms + 500) / 1000);
}

bool
policy_is_going(const struct policy_planned *pl)
{
	return pl->stand == STAND_TOLD || pl->stand == STAND_LEAVING;
}

/* How long it takes to stop, as far as anybody says. */
static uint64_t
time_of(const struct policy_plan *plan)
{
	return plan->takes_ms > 0 ? plan->takes_ms : POLICY_TAKES_MS;
}

void
policy_plan_stand(struct policy *p, size_t plan, enum policy_stand stand, const char *why)
{
	struct policy_planned *pl = &p->planned[plan];
	struct policy_action *a = policy_act(p, POLICY_STAND, 0);

	pl->stand = pl->shown = stand;
	if (why != pl->why)
		snprintf(pl->why, sizeof(pl->why), "%s", why);
	p->dirty = true;
	a->plan = (int)plan;
	a->stand = stand;
	memcpy(a->text, pl->why, sizeof(a->text));
}

/* Memory outlives the power; so this waits for the disk. */
static void
take(struct policy *p, size_t plan, bool taken)
{
	p->keep |= p->planned[plan].taken != taken;
	p->planned[plan].taken = taken;
}

void
policy_follow_tell(struct policy *p, size_t plan, const char *why, bool drill)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	struct policy_planned *pl = &p->planned[plan];

	pl->tells = pl->outage == p->outage ? pl->tells + 1 : 0;
	pl->outage = p->outage;
	pl->drill = drill;
	pl->reached = !drill;
	pl->told_ms = p->now_ms;
	pl->leaving_ms = pl->off_ms = pl->fed_ms = pl->broken_ms = pl->retry_ms = 0;
	pl->probe_ms = pl->probe_key = pl->misses = pl->fails = 0;
	pl->late = pl->hooked = false;
	pl->alive |= policy_there(p, plan) == THERE_YES;
	take(p, plan, true);
	policy_plan_stand(p, plan, STAND_TOLD, why);
	if (c->takes_ms > 0)
		policy_say(p, true, "%s: told to go down: %s; takes %u s", c->name,
		    pl->why, seconds(c->takes_ms));
	else
		policy_say(p, true, "%s: told to go down: %s", c->name, pl->why);
	if (c->hook)
		policy_task(p, plan, TASK_TELL, 0);
}

bool
policy_is_unseen(const struct policy_plan *plan)
{
	return plan->account == NULL && plan->address == NULL;
}

/* One that cannot be seen at all is there; one that is probed, until it is known better. */
bool
policy_follow_is_there(struct policy *p, size_t plan)
{
	const struct policy_plan *c = &p->conf->plans[plan];

	return policy_there(p, plan) != THERE_NOT || policy_is_unseen(c) ||
	       (c->off == POLICY_OFF_PROBE && p->planned[plan].misses < MISSES);
}

/* It is off, as far as can be seen, and looked for from time to time. */
static void
be_off(struct policy *p, size_t plan, const char *why)
{
	struct policy_planned *pl = &p->planned[plan];

	pl->off_ms = p->now_ms;
	pl->alive = false;
	policy_task_off(p, plan);
	policy_plan_stand(p, plan, STAND_OFF, why);
}

/* It is told by nobody, but sees FSD from here on; we did not take it down. */
static void
miss(struct policy *p, size_t plan, const char *why)
{
	struct policy_planned *pl = &p->planned[plan];

	pl->reached = true;
	take(p, plan, false);
	be_off(p, plan, "it was not there");
	policy_say(p, false, "%s: its moment has come, but it is not there: %s",
	    p->conf->plans[plan].name, why);
}

void
policy_follow_moment(struct policy *p, size_t plan, const char *why)
{
	struct policy_planned *pl = &p->planned[plan];

	if (pl->stand == STAND_ON && policy_follow_is_there(p, plan))
		policy_follow_tell(p, plan, why, false);
	else if (pl->stand == STAND_ON)
		miss(p, plan, why);
	else if (!policy_is_going(pl) && !pl->reached &&
		 policy_is_unseen(&p->conf->plans[plan]))
		policy_follow_tell(p, plan, why, false);
	else if (!pl->reached || pl->drill) {
		pl->reached = p->dirty = true;
		pl->drill = false;
	}
}

static void
off(struct policy *p, size_t plan, const char *why)
{
	const struct policy_planned *pl = &p->planned[plan];

	be_off(p, plan, why);
	policy_say(p, false, "%s: off, %u s after it was told: %s",
	    p->conf->plans[plan].name, seconds(p->now_ms - pl->told_ms), why);
}

/* It said that it leaves, or fell silent: off when its time is over. */
static void
leave(struct policy *p, size_t plan, const char *why)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	struct policy_planned *pl = &p->planned[plan];

	if (c->takes_ms == 0) {
		off(p, plan, why);
		return;
	}
	pl->leaving_ms = p->now_ms;
	policy_plan_stand(p, plan, STAND_LEAVING, why);
	policy_say(p, false, "%s: leaving: %s; off in %u s (takes)", c->name, why,
	    seconds(c->takes_ms));
	policy_due(p, p->now_ms + c->takes_ms);
}

/* A login or reader that was told: a connection that broke counts until HOSTSYNC. */
static void
follow_talk(struct policy *p, size_t plan)
{
	const bool login = p->conf->plans[plan].off == POLICY_OFF_LOGOUT;
	struct policy_planned *pl = &p->planned[plan];

	switch (policy_there(p, plan)) {
	case THERE_YES:
		pl->broken_ms = 0;
		break;
	case THERE_BROKEN:
		if (pl->broken_ms == 0)
			pl->broken_ms = p->now_ms;
		if (policy_due(p, pl->broken_ms + p->conf->hostsync_ms))
			leave(p, plan, "its connection broke, HOSTSYNC ago");
		break;
	case THERE_NOT:
		leave(p, plan, login ? "logged out" : "no longer reads");
		break;
	}
}

/* In doubt a machine was there when it was told: its hook does not fail. */
static bool
was_there(const struct policy_plan *plan, const struct policy_planned *pl)
{
	return pl->alive || (plan->hook && pl->fails == 0);
}

/* Off by what `off` says. */
static void
follow_off(struct policy *p, size_t plan)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	struct policy_planned *pl = &p->planned[plan];

	switch (c->off) {
	case POLICY_OFF_TIME:
		if (policy_due(p, pl->told_ms + time_of(c)))
			off(p, plan, "its time is over (takes)");
		break;
	case POLICY_OFF_LOGOUT:
	case POLICY_OFF_SILENT:
		follow_talk(p, plan);
		break;
	case POLICY_OFF_PROBE:
		if (pl->misses >= MISSES && was_there(c, pl))
			off(p, plan, "it does not answer");
		else if (pl->misses >= MISSES)
			miss(p, plan, "nobody answered");
		break;
	}
}

static uint64_t
bound_of(const struct policy *p, size_t plan)
{
	uint64_t spare =
	    p->conf->hostsync_ms > SPARE_MS ? p->conf->hostsync_ms : SPARE_MS;

	return p->planned[plan].told_ms + time_of(&p->conf->plans[plan]) + spare;
}

/* Who was told and is still on: its time, and the mains that is back for it. */
static void
follow_told(struct policy *p, size_t plan)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	struct policy_planned *pl = &p->planned[plan];
	uint64_t since = pl->fed_ms > pl->told_ms ? pl->fed_ms : pl->told_ms;

	follow_off(p, plan);
	if (pl->stand != STAND_TOLD)
		return;
	if (!pl->late && policy_due(p, bound_of(p, plan))) {
		pl->late = p->dirty = true;
		policy_say(p, true,
		    "%s: still on, %u s after it was told: waited for no longer", c->name,
		    seconds(p->now_ms - pl->told_ms));
	}
	if (pl->fed_ms != 0 && policy_due(p, since + time_of(c) + STAYS_MS)) {
		pl->reached = false;
		policy_plan_stand(p, plan, STAND_ON, "it stayed on");
		policy_say(p, true,
		    "%s: was told to go down and stayed, the mains is back: on again",
		    c->name);
	}
}

static void
follow_leaving(struct policy *p, size_t plan)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	struct policy_planned *pl = &p->planned[plan];

	if (policy_there(p, plan) == THERE_YES) {
		pl->leaving_ms = 0;
		policy_plan_stand(p, plan, STAND_TOLD, "it is there again");
	} else if (policy_due(p, pl->leaving_ms + c->takes_ms))
		off(p, plan, pl->why);
}

/* Who is off boots: it is told again while its feeds do not suffice, else it is on. Of one
 * that nobody sees it is not known: it may have come with the mains. */
static void
follow_away(struct policy *p, size_t plan, const char *unfed)
{
	struct policy_planned *pl = &p->planned[plan];
	const bool unseen = policy_is_unseen(&p->conf->plans[plan]);
	const bool comes = unfed != NULL && unseen && !pl->reached;

	if (comes || (pl->alive && (unfed != NULL || pl->reached))) {
		policy_follow_tell(
		    p, plan, unfed != NULL ? unfed : "the mains is just back", false);
		return;
	}
	if (pl->alive) {
		policy_plan_stand(p, plan, STAND_ON, "it is back");
		policy_say(p, false, "%s: on again", p->conf->plans[plan].name);
	} else if (unfed == NULL && pl->stand == STAND_WAKING && unseen &&
		   policy_due(p, pl->wake_ms)) {
		policy_plan_stand(p, plan, STAND_ON, "nobody can see it: taken for on");
	} else if (unfed != NULL && !pl->reached)
		pl->reached = p->dirty = true;
	if (unfed != NULL && pl->stand == STAND_WAKING)
		policy_plan_stand(p, plan, STAND_OFF, unfed);
}

/* Whether the feeds suffice again, and for how long: what a drill does needs no mains. */
static void
look_feeds(struct policy *p, size_t plan, const char *unfed)
{
	const uint64_t back_ms =
	    p->conf->calm_ms < RETURN_MS ? p->conf->calm_ms : RETURN_MS;
	struct policy_planned *pl = &p->planned[plan];

	if (unfed != NULL && pl->drill) {
		pl->drill = false;
		pl->reached = p->dirty = true;
	}
	if ((unfed == NULL) != (pl->fed_ms != 0)) {
		pl->fed_ms = unfed == NULL ? p->now_ms : 0;
		p->dirty = true;
	}
	if (pl->reached && unfed == NULL && policy_due(p, pl->fed_ms + back_ms)) {
		pl->reached = false;
		p->dirty = true;
	}
}

void
policy_follow(struct policy *p, size_t plan, bool decide, const char *unfed)
{
	struct policy_planned *pl = &p->planned[plan];

	policy_task_look(p, plan);
	if (decide)
		look_feeds(p, plan, unfed);
	if (pl->stand == STAND_TOLD)
		follow_told(p, plan);
	else if (pl->stand == STAND_LEAVING)
		follow_leaving(p, plan);
	else if (decide && pl->stand != STAND_ON)
		follow_away(p, plan, unfed);
	else if (decide && unfed != NULL)
		policy_follow_moment(p, plan, unfed);
	policy_task_probe(p, plan);
}

uint64_t
policy_follow_need(struct policy *p, size_t plan)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	const struct policy_planned *pl = &p->planned[plan];
	uint64_t end = pl->told_ms + time_of(c);
	bool talks = c->off == POLICY_OFF_LOGOUT || c->off == POLICY_OFF_SILENT;

	if (pl->stand == STAND_ON)
		return policy_follow_is_there(p, plan)
			   ? time_of(c) + (talks ? p->conf->hostsync_ms : 0)
			   : 0;
	if (pl->stand == STAND_LEAVING)
		end = pl->leaving_ms + c->takes_ms;
	else if (talks)
		end += p->conf->hostsync_ms;
	return end > p->now_ms ? end - p->now_ms : 0;
}

static bool
is_waited_for(const struct policy *p, size_t plan, long row)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	const struct policy_planned *pl = &p->planned[plan];
	bool on = false;

	for (size_t i = 0; i < c->nfeeds; i++)
		on |= row < 0 ? policy_plan_cuts(p, c->feeds[i])
			      : c->feeds[i] == (size_t)row;
	return on && c->planned && !c->self &&
	       ((pl->stand == STAND_TOLD && !pl->late) || pl->stand == STAND_LEAVING);
}

size_t
policy_plan_still_on(struct policy *p, long row, char *names, size_t size)
{
	size_t count = 0, len;

	*names = '\0';
	for (size_t i = 0; i < p->conf->nplans; i++) {
		if (!is_waited_for(p, i, row))
			continue;
		len = strlen(names);
		snprintf(names + len, size - len, "%s%s", len > 0 ? ", " : "",
		    p->conf->plans[i].name);
		count++;
	}
	return count;
}

uint64_t
policy_plan_wait_ms(const struct policy *p)
{
	uint64_t latest = 0, end;

	for (size_t i = 0; i < p->conf->nplans; i++) {
		const struct policy_planned *pl = &p->planned[i];

		if (!is_waited_for(p, i, -1))
			continue;
		end = pl->stand == STAND_LEAVING ? pl->leaving_ms : bound_of(p, i);
		end += p->conf->plans[i].takes_ms;
		if (end > latest)
			latest = end;
	}
	return latest;
}
