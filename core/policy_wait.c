/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "core/policy_in.h"

/*
 * How long a machine that goes down is waited for, and needs power: what it declared, counted
 * from when it heard, or left.
 */

#define SPARE_MS 30000 /* beyond its time: later nobody waits for it */

static uint64_t
later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

uint64_t
policy_takes_ms(const struct policy_plan *plan)
{
	return plan->takes_ms > 0 ? plan->takes_ms : POLICY_TAKES_MS;
}

bool
policy_is_going(const struct policy_planned *pl)
{
	return (pl->stand == STAND_TOLD || pl->stand == STAND_LEAVING) && !pl->left;
}

/* One that was told while it started may have heard nothing before it was up. */
uint64_t
policy_heard_ms(const struct policy_planned *pl)
{
	return later(pl->told_ms, pl->starts_ms);
}

uint64_t
policy_wait_bound_ms(const struct policy *p, size_t plan)
{
	return policy_heard_ms(&p->planned[plan]) +
	       policy_takes_ms(&p->conf->plans[plan]) +
	       later(p->conf->hostsync_ms, SPARE_MS);
}

/* A connection that broke may come back within HOSTSYNC. */
uint64_t
policy_leaving_ms(const struct policy *p, size_t plan)
{
	const struct policy_planned *pl = &p->planned[plan];
	uint64_t end = pl->leaving_ms + policy_takes_ms(&p->conf->plans[plan]);

	return pl->broken_ms == 0 ? end
				  : later(end, pl->broken_ms + p->conf->hostsync_ms);
}

uint64_t
policy_wait_need_ms(struct policy *p, size_t plan)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	const struct policy_planned *pl = &p->planned[plan];
	bool talks = c->off == POLICY_OFF_LOGOUT || c->off == POLICY_OFF_SILENT;
	uint64_t hears = talks ? p->conf->hostsync_ms : 0, end = 0;

	switch (pl->stand) {
	case STAND_ON:
		return policy_follow_is_there(p, plan) ? policy_takes_ms(c) + hears : 0;
	case STAND_TOLD:
		end = policy_heard_ms(pl) + policy_takes_ms(c) + hears;
		break;
	case STAND_LEAVING:
		end = policy_leaving_ms(p, plan);
		break;
	case STAND_OFF:
	case STAND_WAKING:
		if (policy_is_starting(p, plan))
			end = pl->starts_ms + policy_takes_ms(c) + hears;
		break;
	case POLICY_STANDS:
		break;
	}
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
	       ((pl->stand == STAND_TOLD && !pl->late) || pl->stand == STAND_LEAVING ||
		   policy_is_starting(p, plan));
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
		snprintf(names + len, size - len, "%s%s%s", len > 0 ? ", " : "",
		    p->conf->plans[i].name,
		    policy_is_starting(p, i) ? " (may be starting)" : "");
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
		if (pl->stand == STAND_LEAVING)
			end = policy_leaving_ms(p, i);
		else
			end = policy_wait_bound_ms(p, i) +
			      policy_takes_ms(&p->conf->plans[i]);
		if (end > latest)
			latest = end;
	}
	return latest;
}
