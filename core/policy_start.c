/* SPDX-License-Identifier: ISC */
#include "core/policy_in.h"

/*
 * Whom we took down is off until it is seen. But who boots is seen late: a machine that was
 * woken, or whose output came back, or that starts together with this one, may be on for the
 * `boots` of its section. Mains that returns for half a minute must not make us cut it.
 */

void
policy_start(struct policy *p, size_t plan)
{
	p->planned[plan].starts_ms = p->now_ms + p->conf->plans[plan].boots_ms;
	p->dirty = true;
}

bool
policy_is_starting(const struct policy *p, size_t plan)
{
	const struct policy_planned *pl = &p->planned[plan];

	return pl->taken && (pl->stand == STAND_OFF || pl->stand == STAND_WAKING) &&
	       p->now_ms < pl->starts_ms;
}

/* Switched off, or run down, as far as is known. What we cut is known to policy_cut.c. */
static bool
gives_nothing(const struct policy_ups *u)
{
	return (u->words & WORD_OFF) != 0 || (!u->fresh && u->power.low == LOW_ESTIMATE);
}

/* True when it gives again: on mains, and that is believed. */
static bool
gives_again(const struct policy *p, size_t row)
{
	const struct policy_ups *u = &p->upses[row];

	return u->fresh && !u->unread && !(u->words & WORD_OFF) &&
	       u->line == LINE_MAINS && policy_on_battery(p, row) == 0;
}

/* Who hangs on an output that is back starts, if it starts with the power. */
static void
returned(struct policy *p, size_t row)
{
	for (size_t i = 0; i < p->conf->nplans; i++) {
		const struct policy_plan *c = &p->conf->plans[i];

		for (size_t k = 0; k < c->nfeeds; k++)
			if (c->feeds[k] == row && p->planned[i].taken)
				policy_start(p, i);
	}
}

void
policy_start_step(struct policy *p)
{
	for (size_t row = 0; row < p->conf->nupses; row++) {
		struct policy_ups *u = &p->upses[row];
		const bool before = u->dead;

		u->dead |= gives_nothing(u);
		if (u->dead && gives_again(p, row)) {
			u->dead = false;
			returned(p, row);
		}
		p->dirty |= u->dead != before;
	}
	for (size_t i = 0; i < p->conf->nplans; i++) {
		struct policy_planned *pl = &p->planned[i];

		/* One that was told while it started has its time from then on. */
		if (pl->starts_ms != 0 && pl->stand != STAND_TOLD &&
		    policy_due(p, pl->starts_ms)) {
			pl->starts_ms = 0;
			p->dirty = true;
		}
	}
}
