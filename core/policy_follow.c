/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "core/policy_in.h"

#define STAYS_MS \
	60000 /* ... so long after the return: it stays on, or goes for another reason */
#define RETURN_MS 10000 /* so long, or `calm`, the mains must be back before it counts */
#define MISSES 3        /* in a row: it is off */

static unsigned
seconds(uint64_t ms)
{
	return (unsigned)((ms + 500) / 1000);
}

static uint64_t
later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

void
policy_plan_stand(struct policy *p, size_t plan, enum policy_stand stand, const char *why)
{
	struct policy_planned *pl = &p->planned[plan];
	struct policy_action *a = policy_act(p, POLICY_STAND, 0);

	pl->stand = pl->shown = stand;
	if (stand == STAND_ON) {
		pl->starts_ms = pl->retry_ms = 0;
		pl->on_ms = p->now_ms;
	}
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

/* What is done for it from here on has other keys than what was done in this outage before. */
static void
count_telling(struct policy *p, size_t plan)
{
	struct policy_planned *pl = &p->planned[plan];

	pl->tells = pl->outage == p->outage ? pl->tells + 1 : 0;
	pl->outage = p->outage;
}

void
policy_follow_tell(struct policy *p, size_t plan, const char *why, bool drill)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	struct policy_planned *pl = &p->planned[plan];

	count_telling(p, plan);
	pl->drill = drill;
	pl->reached = !drill;
	pl->told_ms = p->now_ms;
	pl->leaving_ms = pl->off_ms = pl->fed_ms = pl->broken_ms = pl->retry_ms = 0;
	pl->probe_ms = pl->probe_key = pl->misses = pl->fails = 0;
	pl->late = pl->hooked = pl->doubted = pl->left = pl->present = false;
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

/* One that cannot be seen at all is there; one that is probed, until it is known better; one
 * that has just come up, and need not have logged in yet. */
bool
policy_follow_is_there(struct policy *p, size_t plan)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	const uint64_t on_ms = p->planned[plan].on_ms;

	if (on_ms != 0 && c->off != POLICY_OFF_PROBE && p->now_ms < on_ms + c->boots_ms)
		return true;
	return policy_there(p, plan) != THERE_NOT || policy_is_unseen(c) ||
	       (c->off == POLICY_OFF_PROBE && p->planned[plan].misses < MISSES);
}

/* It is off, as far as can be seen, and looked for from time to time. */
static void
be_off(struct policy *p, size_t plan, const char *why)
{
	struct policy_planned *pl = &p->planned[plan];

	pl->off_ms = p->now_ms;
	pl->starts_ms = 0;
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
	const bool on = pl->stand == STAND_ON;
	const bool maybe = policy_is_unseen(&p->conf->plans[plan]) &&
			   !policy_is_going(pl) &&
			   (!pl->reached || policy_is_starting(p, plan));

	if (on ? policy_follow_is_there(p, plan) : maybe)
		policy_follow_tell(p, plan, why, false);
	else if (on)
		miss(p, plan, why);
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
	if (pl->left)
		policy_say(p, false, "%s: off, though it was not told: %s",
		    p->conf->plans[plan].name, why);
	else
		policy_say(p, false, "%s: off, %u s after it was told: %s",
		    p->conf->plans[plan].name, seconds(p->now_ms - pl->told_ms), why);
}

/* It said that it leaves, or fell silent: off when its time is over. */
static void
leave(struct policy *p, size_t plan, const char *why)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	const uint64_t left_ms = p->leaver == (int)plan ? p->left_ms : p->now_ms;

	p->planned[plan].leaving_ms = left_ms;
	policy_plan_stand(p, plan, STAND_LEAVING, why);
	policy_say(p, false, "%s: leaving: %s; off in %u s (%s)", c->name, why,
	    seconds(policy_takes_ms(c)), c->takes_ms > 0 ? "takes" : "takes is not said");
	policy_due(p, left_ms + policy_takes_ms(c));
}

/* Since when its logins are broken. */
static uint64_t
broken_since(struct policy *p, size_t plan)
{
	struct policy_planned *pl = &p->planned[plan];

	if (pl->broken_ms == 0) {
		pl->broken_ms = p->now_ms;
		p->dirty = true;
	}
	return pl->broken_ms;
}

/* A login or reader that was told. Many an upsmon goes without LOGOUT, so one that breaks off
 * leaves; but not for a core that is new. */
static void
follow_talk(struct policy *p, size_t plan)
{
	const bool login = p->conf->plans[plan].off == POLICY_OFF_LOGOUT;
	struct policy_planned *pl = &p->planned[plan];

	switch (policy_there(p, plan)) {
	case THERE_YES:
		pl->broken_ms = 0;
		break;
	case THERE_CARRIED:
		if (policy_due(p, broken_since(p, plan) + p->conf->hostsync_ms))
			leave(p, plan, "it did not come back after core's restart");
		break;
	case THERE_BROKEN:
		broken_since(p, plan);
		leave(p, plan, "its connection broke");
		break;
	case THERE_NOT:
		pl->broken_ms = 0;
		leave(p, plan, login ? "logged out" : "no longer reads");
		break;
	}
}

/* In doubt a machine was there when it was told: its hook does not fail, or was killed and
 * may have told it, or the mains is back before it could fail again. */
static bool
was_there(const struct policy_plan *plan, const struct policy_planned *pl)
{
	return pl->alive ||
	       (plan->hook && (pl->fails == 0 || pl->doubted || pl->fed_ms != 0));
}

/* Off by what `off` says. */
static void
follow_off(struct policy *p, size_t plan)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	struct policy_planned *pl = &p->planned[plan];

	switch (c->off) {
	case POLICY_OFF_TIME:
		if (policy_due(p, policy_heard_ms(pl) + policy_takes_ms(c)))
			off(p, plan, "its time is over (takes)");
		break;
	case POLICY_OFF_LOGOUT:
	case POLICY_OFF_SILENT:
		follow_talk(p, plan);
		break;
	case POLICY_OFF_PROBE:
		if (pl->misses < MISSES || policy_there(p, plan) == THERE_YES)
			break; /* an open connection speaks against a network that fails */
		if (was_there(c, pl))
			off(p, plan, "it does not answer");
		else
			miss(p, plan, "nobody answered");
		break;
	}
}

/* True when a machine that had its time was heard of after that: it is not off, with nobody
 * who has closed its connection. */
static bool
is_heard(const struct policy *p, size_t plan)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	const struct policy_planned *pl = &p->planned[plan];

	if (c->off == POLICY_OFF_PROBE)
		return pl->alive && pl->misses == 0;
	return policy_heard(p, plan, pl->told_ms + policy_takes_ms(c));
}

/* Who was told and is still on: its time, and the mains that is back for it. */
static void
follow_told(struct policy *p, size_t plan)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	struct policy_planned *pl = &p->planned[plan];
	uint64_t since = later(pl->fed_ms, pl->told_ms);

	follow_off(p, plan);
	if (pl->stand != STAND_TOLD)
		return;
	if (!pl->late && policy_due(p, policy_wait_bound_ms(p, plan))) {
		pl->late = p->dirty = true;
		policy_say(p, true,
		    "%s: still on, %u s after it was told: waited for no longer", c->name,
		    seconds(p->now_ms - pl->told_ms));
	}
	if (pl->fed_ms != 0 && policy_due(p, since + policy_takes_ms(c) + STAYS_MS) &&
	    is_heard(p, plan)) {
		pl->reached = false;
		policy_plan_stand(p, plan, STAND_ON, "it stayed on");
		policy_say(p, true,
		    "%s: was told to go down and stayed, the mains is back: on again",
		    c->name);
	}
}

/* One that leaves, and is there again. With the mains back it has booted, or goes by itself;
 * else it has to hear once more what it was told. */
static void
follow_leaving(struct policy *p, size_t plan, const char *unfed)
{
	struct policy_planned *pl = &p->planned[plan];
	const bool stays = pl->left || (unfed == NULL && !pl->reached);

	if (policy_there(p, plan) != THERE_YES) {
		if (policy_due(p, policy_leaving_ms(p, plan)))
			off(p, plan, pl->why);
		return;
	}
	pl->leaving_ms = pl->broken_ms = 0;
	pl->present = stays;
	if (pl->left)
		take(p, plan, false);
	pl->left = false;
	policy_plan_stand(p, plan, stays ? STAND_ON : STAND_TOLD, "it is there again");
}

/* Too few of its feeds are on mains; else the mains is back for them since. */
static bool
is_out(const struct policy *p, size_t plan, uint64_t *back_ms)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	unsigned fed = 0;

	*back_ms = 0;
	for (size_t i = 0; i < c->nfeeds; i++) {
		if (policy_on_battery(p, c->feeds[i]) != 0)
			continue;
		fed++;
		*back_ms = later(*back_ms, p->upses[c->feeds[i]].power.mains_ms);
	}
	return fed < c->needs;
}

/* True when it is on by that by which it would be seen to go: one that was woken answers some
 * time before it logs in. */
static bool
is_seen(struct policy *p, size_t plan)
{
	return p->conf->plans[plan].off == POLICY_OFF_PROBE
		   ? p->planned[plan].alive
		   : policy_there(p, plan) == THERE_YES;
}

/* True for one that has gone without being told. A connection that breaks in the outage may
 * be the network's fault; when that is over it comes back. */
static bool
has_gone(struct policy *p, size_t plan, bool out, uint64_t back_ms)
{
	struct policy_planned *pl = &p->planned[plan];
	enum policy_there there = policy_there(p, plan);

	if (p->conf->plans[plan].off == POLICY_OFF_PROBE)
		return pl->misses >= MISSES && there == THERE_NOT;
	if (there == THERE_YES || there == THERE_NOT) {
		pl->broken_ms = 0;
		return there == THERE_NOT;
	}
	return policy_due(
		   p, later(broken_since(p, plan), back_ms) + p->conf->hostsync_ms) &&
	       !out;
}

/* Who was there in an outage and goes, told or not, goes because of it: a Synology by its own
 * timer, an upsmon by upssched, one that nobody told in time. So it is brought back. */
static void
follow_alone(struct policy *p, size_t plan)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	struct policy_planned *pl = &p->planned[plan];
	uint64_t back_ms;
	bool out = is_out(p, plan, &back_ms);

	if (out && !pl->present && is_seen(p, plan))
		pl->present = p->dirty = true;
	if (!pl->present || c->off == POLICY_OFF_TIME)
		return;
	if (has_gone(p, plan, out, back_ms)) {
		pl->present = false;
		pl->left = true;
		pl->came = CAME_UNSAID;
		pl->told_ms = 0;
		count_telling(p, plan);
		take(p, plan, true);
		if (c->off == POLICY_OFF_PROBE)
			off(p, plan, "it does not answer");
		else
			leave(p, plan, "it went by itself");
	} else if (!out && policy_due(p, later(back_ms, pl->on_ms) + policy_takes_ms(c) +
					     STAYS_MS)) {
		pl->present = false;
		p->dirty = true;
	}
}

/* True while one that did not answer may still have to stop: an answer says that it has not,
 * and not that it is back; unless its output was off meanwhile. */
static bool
is_going_off(const struct policy *p, size_t plan)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	const struct policy_planned *pl = &p->planned[plan];

	return c->off == POLICY_OFF_PROBE && pl->stand == STAND_OFF && pl->told_ms != 0 &&
	       !policy_is_starting(p, plan) &&
	       p->now_ms < pl->told_ms + policy_takes_ms(c);
}

/* Who is off boots: it is told again while its feeds do not suffice, else it is on. Of one
 * that nobody sees it is not known: it may have come with the mains. */
static void
follow_away(struct policy *p, size_t plan, const char *unfed)
{
	struct policy_planned *pl = &p->planned[plan];
	const bool unseen = policy_is_unseen(&p->conf->plans[plan]);
	const bool comes = unfed != NULL && unseen && !pl->reached;

	if (pl->alive && is_going_off(p, plan)) {
		pl->off_ms = 0;
		take(p, plan, true); /* it may have seemed not to be there */
		policy_plan_stand(p, plan, STAND_TOLD, "it answers again");
		return;
	}
	if (comes || (pl->alive && (unfed != NULL || pl->reached))) {
		policy_follow_tell(
		    p, plan, unfed != NULL ? unfed : "the mains is just back", false);
		return;
	}
	if (pl->alive) {
		if (pl->left && p->battery)
			take(p, plan, false);
		pl->left = false;
		pl->present = is_seen(p, plan);
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
	uint64_t mains_ms;

	if (unfed != NULL && pl->drill) {
		pl->drill = false;
		pl->reached = p->dirty = true;
	}
	if ((unfed == NULL) != (pl->fed_ms != 0)) {
		pl->fed_ms = unfed == NULL ? p->now_ms : 0;
		p->dirty = true;
	}
	if (pl->reached && unfed == NULL && !is_out(p, plan, &mains_ms) &&
	    policy_due(p, mains_ms + back_ms)) {
		pl->reached = false;
		p->dirty = true;
	}
}

void
policy_follow(struct policy *p, size_t plan, bool decide, const char *unfed)
{
	struct policy_planned *pl = &p->planned[plan];

	if (decide)
		look_feeds(p, plan, unfed);
	policy_task_look(p, plan);
	if (decide) {
		if (pl->stand == STAND_ON)
			follow_alone(p, plan);
		if (pl->stand == STAND_TOLD)
			follow_told(p, plan);
		else if (pl->stand == STAND_LEAVING)
			follow_leaving(p, plan, unfed);
		if (pl->stand == STAND_OFF || pl->stand == STAND_WAKING)
			follow_away(p, plan, unfed);
		else if (pl->stand == STAND_ON && unfed != NULL)
			policy_follow_moment(p, plan, unfed);
	}
	policy_task_probe(p, plan);
}

/* Its clocks begin anew: nobody could be heard meanwhile, and all may have slept. */
void
policy_plan_slept(struct policy *p)
{
	for (size_t i = 0; i < p->conf->nplans; i++) {
		struct policy_planned *pl = &p->planned[i];

		if (pl->stand == STAND_TOLD)
			pl->told_ms = p->now_ms;
		if (pl->stand == STAND_LEAVING)
			pl->leaving_ms = p->now_ms;
		if (pl->broken_ms != 0)
			pl->broken_ms = p->now_ms;
		if (pl->starts_ms != 0)
			pl->starts_ms = p->now_ms + p->conf->plans[i].boots_ms;
	}
}
