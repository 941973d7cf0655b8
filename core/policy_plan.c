/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "core/policy_in.h"

static bool
is_fed_by(const struct policy_plan *plan, size_t row)
{
	for (size_t i = 0; i < plan->nfeeds; i++)
		if (plan->feeds[i] == row)
			return true;
	return false;
}

/* As net does: the first section that fits counts, whatever its feeds are. */
int
policy_plan_of(
    const struct policy *p, size_t row, const char *address, const char *account)
{
	for (size_t i = 0; i < p->conf->nplans; i++) {
		const struct policy_plan *plan = &p->conf->plans[i];

		if ((plan->account == NULL && plan->address == NULL) ||
		    (plan->account != NULL && strcmp(plan->account, account) != 0) ||
		    (plan->address != NULL && strcmp(plan->address, address) != 0))
			continue;
		return !plan->self && is_fed_by(plan, row) ? (int)i : -1;
	}
	return -1;
}

/* Why this UPS does not feed the machine, or will not for long; NULL: it does. */
static const char *
fault_of(struct policy *p, size_t plan, size_t row)
{
	const struct policy_monitor monitor = {.row = (long)row, .primary = true};
	const char *why = policy_reached(p, row, &p->conf->plans[plan].moment);

	return why != NULL ? why : policy_critical(p, &monitor);
}

/* True when the mains is back, for all that is known: who is lost on mains is no reason to go
 * down. Whom a UPS failed once comes back only then. */
static bool
is_back(const struct policy *p, size_t row)
{
	const struct policy_ups *u = &p->upses[row];

	return !u->unread && u->power.mains_ms != 0 && policy_on_battery(p, row) == 0;
}

/* True when the UPS is known to be on mains now. */
static bool
is_sound(const struct policy *p, size_t row)
{
	const struct policy_ups *u = &p->upses[row];

	return u->fresh && !u->unread && policy_on_battery(p, row) == 0;
}

const char *
policy_plan_unfed(struct policy *p, size_t plan)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	unsigned good = 0;
	size_t len = 0;

	p->text[0] = '\0';
	for (size_t i = 0; i < c->nfeeds; i++) {
		size_t row = c->feeds[i];
		const char *why = fault_of(p, plan, row);

		if (why == NULL && p->planned[plan].reached && !is_back(p, row))
			why = "not back yet";
		if (why == NULL)
			good++;
		else
			snprintf(p->text + len, sizeof(p->text) - len, "%s%s on %s",
			    len > 0 ? ", " : "", why, p->conf->names[row]);
		len = strlen(p->text);
	}
	return good < c->needs ? p->text : NULL;
}

bool
policy_plan_cuts(const struct policy *p, size_t row)
{
	bool cuts = false;

	for (size_t i = 0; i < p->conf->nmonitors; i++) {
		const struct policy_monitor *m = &p->conf->monitors[i];

		if (m->row == (long)row && m->far && !m->primary)
			return false;
		cuts |= m->primary;
	}
	return cuts;
}

/* What a feed is to read for a machine. One that its hook tells is left in peace, until
 * that has failed; one that has left need not hear it again, and stays when it boots with the
 * mains back; one that is not planned sees what all see, but for a drill. */
static enum feed_view
wanted_view(const struct policy *p, size_t plan, size_t feed)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	const struct policy_planned *pl = &p->planned[plan];
	const bool stays =
	    pl->stand == STAND_LEAVING && pl->fed_ms != 0 && !pl->reached && !pl->drill;
	const bool told = policy_is_going(pl) && !stays;

	if (c->self)
		return FEED_VIEW_NONE;
	if (told && c->hook && pl->fails < POLICY_HOOK_TRIES)
		return FEED_VIEW_HOLD;
	if (told || (pl->reached && pl->stand != STAND_ON))
		return FEED_VIEW_FSD;
	if (c->planned)
		return FEED_VIEW_HOLD;
	return pl->shown_views[feed] == FEED_VIEW_NONE ? FEED_VIEW_NONE
						       : p->upses[c->feeds[feed]].view;
}

/* Brings the feed to what is to be shown: after a restart it knows nothing, and takes all
 * machines for on. */
static void
show(struct policy *p)
{
	for (size_t i = 0; i < p->conf->nplans; i++) {
		struct policy_planned *pl = &p->planned[i];

		if (pl->shown != pl->stand)
			policy_plan_stand(p, i, pl->stand, pl->why);
		for (size_t k = 0; k < p->conf->plans[i].nfeeds; k++) {
			enum feed_view view = wanted_view(p, i, k);

			if (pl->shown_views[k] != view)
				policy_act_view(
				    p, p->conf->plans[i].feeds[k], (int)i, view);
			pl->shown_views[k] = view;
		}
	}
}

/* A machine is to be told for real, outage or not. */
static void
drill(struct policy *p, size_t plan)
{
	const char *name = p->conf->plans[plan].name;

	if (p->conf->plans[plan].self)
		policy_say(p, true, "drill: %s is this machine, and stays", name);
	else if (p->planned[plan].stand != STAND_ON)
		policy_say(p, true, "drill: %s is %s, and is not told", name,
		    policy_stands[p->planned[plan].stand]);
	else if (!policy_follow_is_there(p, plan))
		policy_say(p, true, "drill: %s is not there, and is not told", name);
	else {
		if (!p->battery)
			p->outage++;
		policy_follow_tell(p, plan, "drill", true);
	}
}

void
policy_plan_event(struct policy *p, const struct policy_event *event)
{
	int plan;

	switch (event->kind) {
	case POLICY_DRILL:
		if (event->plan < p->conf->nplans)
			drill(p, event->plan);
		break;
	case POLICY_DONE:
		policy_task_done(p, event->key, event->done);
		break;
	case POLICY_LOGIN:
	case POLICY_SEEN:
		plan = policy_plan_of(p, event->row, event->address,
		    event->kind == POLICY_LOGIN ? event->account : "");
		if (plan >= 0 && !p->planned[plan].alive)
			p->planned[plan].alive = p->dirty = true;
		break;
	default:
		break;
	}
}

void
policy_plan_step(struct policy *p)
{
	const bool decide = policy_due(p, p->hold_ms);

	for (size_t i = 0; i < p->conf->nplans; i++) {
		const struct policy_plan *c = &p->conf->plans[i];

		if (c->self)
			continue;
		if (!p->resumed)
			policy_task_resume(p, i);
		if (c->planned || p->planned[i].stand != STAND_ON)
			policy_follow(p, i, decide, policy_plan_unfed(p, i));
	}
	p->resumed = true;
	show(p);
}

/* True when too few feeds are left for it once this machine has cut what it cuts. */
static bool
is_doomed(struct policy *p, size_t plan)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	unsigned good = 0;

	for (size_t i = 0; i < c->nfeeds; i++)
		good += !policy_plan_cuts(p, c->feeds[i]) &&
			fault_of(p, plan, c->feeds[i]) == NULL;
	return good < c->needs;
}

void
policy_plan_tell_all(struct policy *p)
{
	for (size_t i = 0; i < p->conf->nplans; i++) {
		const struct policy_plan *c = &p->conf->plans[i];

		if (!c->self && c->planned && is_doomed(p, i))
			policy_follow_moment(p, i, "this machine goes down");
	}
	show(p);
}

/* True when the machine would stand without this UPS. */
static bool
can_spare(const struct policy *p, const struct policy_plan *plan, size_t row)
{
	unsigned good = 0;

	for (size_t i = 0; i < plan->nfeeds; i++)
		good += plan->feeds[i] != row && is_sound(p, plan->feeds[i]) &&
			p->upses[plan->feeds[i]].view != FEED_VIEW_FSD;
	return good >= plan->needs;
}

/* How long this UPS is needed for a planned machine; 0: it is not. */
static uint64_t
need_of(struct policy *p, size_t plan, size_t row)
{
	const struct policy_plan *c = &p->conf->plans[plan];

	if (c->self || !c->planned || !is_fed_by(c, row) || can_spare(p, c, row))
		return 0;
	return policy_wait_need_ms(p, plan);
}

bool
policy_plan_any(struct policy *p, size_t row)
{
	for (size_t i = 0; i < p->conf->nplans; i++)
		if (need_of(p, i, row) > 0)
			return true;
	return false;
}

uint64_t
policy_own_takes(const struct policy *p, uint64_t unsaid_ms)
{
	for (size_t i = 0; i < p->conf->nplans; i++)
		if (p->conf->plans[i].self && p->conf->plans[i].takes_ms > 0)
			return p->conf->plans[i].takes_ms;
	return unsaid_ms;
}

/* What this machine itself needs of a UPS; 0: the UPS does not feed it. */
static uint64_t
own_need(const struct policy *p, size_t row)
{
	bool fed = false;

	for (size_t i = 0; i < p->conf->nmonitors; i++)
		fed |= p->conf->monitors[i].row == (long)row &&
		       p->conf->monitors[i].power > 0;
	return fed ? p->conf->finaldelay_ms + policy_own_takes(p, POLICY_TAKES_MS) : 0;
}

uint64_t
policy_needed_ms(struct policy *p, size_t row)
{
	uint64_t longest = 0, need;

	for (size_t i = 0; i < p->conf->nplans; i++)
		if ((need = need_of(p, i, row)) > longest)
			longest = need;
	if ((need = policy_machines_need(p, row)) > longest)
		longest = need;
	return longest + own_need(p, row);
}
