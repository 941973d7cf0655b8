/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <string.h>

#include "core/policy_in.h"

#define COUNT_MS 5000  /* after the order its timer must run, */
#define SHORT_S 3.0    /* and from so much less than what was ordered at most */
#define AFTER_MS 30000 /* after its time the output has gone off */
#define DAY_S 86400
#define NAMES_MAX 400 /* bytes of a list of machines that nobody reads here */

/* A delay as a number of seconds; more than a day is none that anybody waits for. */
static unsigned
whole(double delay)
{
	if (!(delay > 0))
		return 0;
	return delay > DAY_S ? DAY_S : (unsigned)delay;
}

static double
value(const struct policy *p, size_t row, enum policy_value value)
{
	return p->upses[row].power.values[value];
}

/* True for a UPS of which this machine is the primary, and the driver is here. */
static bool
is_ours(const struct policy *p, size_t row)
{
	for (size_t i = 0; i < p->conf->nmonitors; i++) {
		const struct policy_monitor *m = &p->conf->monitors[i];

		if (m->row == (long)row && m->primary && !m->far)
			return true;
	}
	return false;
}

/* How many are on, or stopping, that are not planned. */
static unsigned
others_on(struct policy *p, size_t row)
{
	char names[NAMES_MAX];

	return (unsigned)(policy_still_on(p, (long)row, false, names, sizeof(names)) +
			  policy_still_on(p, (long)row, true, names, sizeof(names)));
}

static void
stage(struct policy *p, size_t row, enum policy_cut cut)
{
	p->upses[row].cut = cut;
	p->upses[row].cut_ms = p->now_ms;
	p->dirty = true;
}

static void
order(struct policy *p, size_t row, enum policy_order what)
{
	struct policy_action *a = policy_act(p, POLICY_ORDER, row);

	a->order = what;
	a->seconds = p->upses[row].cut_s;
}

/* A driver that is away, or has only begun, takes no order. */
static bool
takes_orders(const struct policy *p, size_t row)
{
	return p->upses[row].fresh && !p->upses[row].unread;
}

/* Not armed early, and why: NAN, it cannot be told when to cut. */
static void
give_up(struct policy *p, size_t row, double delay)
{
	if (!takes_orders(p, row))
		policy_say(p, true,
		    "ups %s: its driver is away: its output is cut at the end of the "
		    "shutdown alone",
		    p->conf->names[row]);
	else if (isnan(delay))
		policy_say(p, false,
		    "ups %s: how long it waits cannot be set: its output is cut at the "
		    "end of the shutdown alone",
		    p->conf->names[row]);
	else
		policy_say(p, true,
		    "ups %s: it waits %.0f s at most, and %u s are needed: its output is "
		    "cut at the end of the shutdown alone",
		    p->conf->names[row], delay, p->upses[row].cut_s);
	stage(p, row, CUT_FAILED);
}

/* What those may need that were waited for in vain: they may yet begin. */
static uint64_t
late_ms(const struct policy *p)
{
	uint64_t longest = 0;

	for (size_t i = 0; i < p->conf->nplans; i++) {
		uint64_t takes = policy_takes_ms(&p->conf->plans[i]);

		if (p->planned[i].stand == STAND_TOLD && p->planned[i].late)
			longest = takes > longest ? takes : longest;
	}
	return longest > 0 ? longest + p->conf->hostsync_ms : 0;
}

/* The delay that lets everybody stop, alike for all: who hangs on two of them, and starts
 * when the power comes, must lose both. */
static unsigned
longest_s(struct policy *p)
{
	uint64_t longest = late_ms(p), need;

	for (size_t row = 0; row < p->conf->nupses; row++)
		if (is_ours(p, row) && (need = policy_needed_ms(p, row)) > longest)
			longest = need;
	return (unsigned)((longest + 999) / 1000);
}

static void
ask(struct policy *p, size_t row)
{
	struct policy_ups *u = &p->upses[row];
	double delay = value(p, row, POLICY_DELAY_SHUTDOWN);

	u->cut_s = longest_s(p);
	/* A driver that has only begun may yet tell. */
	if (!takes_orders(p, row) && p->phase != PHASE_DOWN)
		return;
	if (isnan(delay)) {
		give_up(p, row, delay);
		return;
	}
	if (delay != u->cut_s)
		order(p, row, POLICY_ORDER_DELAY);
	stage(p, row, CUT_ASKED);
}

static void
cut_order(struct policy *p, size_t row, unsigned seconds)
{
	p->upses[row].cut_on = others_on(p, row);
	policy_say(p, true,
	    "ups %s: it is told to cut its output in %u s, and to return with the mains",
	    p->conf->names[row], seconds);
	stage(p, row, CUT_ORDERED);
	order(p, row, POLICY_ORDER_CUT);
	policy_due(p, p->now_ms + COUNT_MS);
}

/* This machine goes down: the order goes out when the delay that was read back is at least
 * what is needed, and a core that is new has its driver again. SHUTDOWN does not wait for it. */
static void
arm(struct policy *p, size_t row)
{
	struct policy_ups *u = &p->upses[row];
	double delay = value(p, row, POLICY_DELAY_SHUTDOWN);
	uint64_t asked_ms;

	if (p->phase != PHASE_DOWN)
		return;
	if (longest_s(p) > u->cut_s) { /* somebody has come meanwhile */
		ask(p, row);
		delay = value(p, row, POLICY_DELAY_SHUTDOWN);
	}
	if (u->cut != CUT_ASKED)
		return;
	asked_ms = u->cut_ms > p->start_ms ? u->cut_ms : p->start_ms;
	if (delay >= u->cut_s && takes_orders(p, row)) {
		cut_order(p, row, whole(delay));
	} else if (policy_due(p, asked_ms + COUNT_MS)) {
		give_up(p, row, delay);
	}
}

/* Nobody is on any more: whatever delay it has will do. */
static void
arm_served(struct policy *p, size_t row)
{
	double delay = value(p, row, POLICY_DELAY_SHUTDOWN);

	if (!takes_orders(p, row))
		return;
	p->upses[row].cut_s = whole(delay);
	cut_order(p, row, whole(delay));
}

/* From how many seconds it counts: its timer is told some time after the order. */
static double
counts_s(const struct policy_ups *u)
{
	const struct policy_power *w = &u->power;
	const uint64_t told_ms = w->changed_ms[POLICY_TIMER_SHUTDOWN];
	const double gone_s =
	    told_ms > u->cut_ms ? (double)(told_ms - u->cut_ms) / 1000 : 0;

	return w->values[POLICY_TIMER_SHUTDOWN] + gone_s;
}

/* It does not count, or not long enough. It may count in silence, so it is called off, but
 * for where nobody is on any more. */
static void
disobeyed(struct policy *p, size_t row, double timer)
{
	const struct policy_ups *u = &p->upses[row];

	if (timer < 0)
		policy_say(p, true,
		    "ups %s ignores the order to cut its output: its timer does not "
		    "count",
		    p->conf->names[row]);
	else
		policy_say(p, true, "ups %s: it counts only %.0f s of %u s: not armed",
		    p->conf->names[row], timer, u->cut_s);
	if (!policy_serves(p, row))
		order(p, row, POLICY_ORDER_CANCEL);
	stage(p, row, CUT_FAILED);
}

/* The output has gone off since the order, perhaps before its timer was ever read. */
static bool
went_off(const struct policy_ups *u)
{
	return (u->words & WORD_OFF) != 0 && u->power.off_ms >= u->cut_ms;
}

/* What became of the order. A driver of ours has cancelled it where the device counts less
 * than it was told (docs/outage.md, 6). A core that was killed may have saved what it did not
 * come to say: where nothing counts, the next one says it again. */
static void
look(struct policy *p, size_t row)
{
	struct policy_ups *u = &p->upses[row];
	const double timer = u->fresh ? value(p, row, POLICY_TIMER_SHUTDOWN) : NAN;
	const double delay = value(p, row, POLICY_DELAY_SHUTDOWN);
	const bool before = u->cut_ms < p->start_ms;

	if (before && timer < 0 && delay >= u->cut_s && takes_orders(p, row))
		cut_order(p, row, whole(delay));
	else if (delay < u->cut_s) {
		policy_say(p, true, "ups %s: it counts only %.0f s of %u s: not armed",
		    p->conf->names[row], delay, u->cut_s);
		if (policy_serves(p, row))
			arm_served(p, row);
		else
			stage(p, row, CUT_FAILED);
	} else if (went_off(u) ||
		   (timer >= 0 &&
		       (policy_serves(p, row) || counts_s(u) + SHORT_S >= u->cut_s))) {
		stage(p, row, CUT_COUNTS);
	} else if (policy_due(p, (before ? p->start_ms : u->cut_ms) + COUNT_MS)) {
		if (isnan(timer))
			stage(p, row, CUT_COUNTS);
		else
			disobeyed(p, row, timer);
	}
}

/* It counted, and has dropped that before its time: some do when the mains returns. */
static bool
has_dropped(const struct policy *p, size_t row)
{
	const struct policy_ups *u = &p->upses[row];

	return u->fresh && value(p, row, POLICY_TIMER_SHUTDOWN) < 0 &&
	       (double)(p->now_ms - u->cut_ms) / 1000 + SHORT_S < u->cut_s;
}

/* What counts: its output goes off in its time. */
static void
await(struct policy *p, size_t row)
{
	struct policy_ups *u = &p->upses[row];

	if (has_dropped(p, row)) {
		policy_say(p, true,
		    "ups %s: it counts no more: its output is not cut by that order",
		    p->conf->names[row]);
		stage(p, row, CUT_FAILED);
	} else if (policy_due(p, u->cut_ms + u->cut_s * 1000ULL + AFTER_MS)) {
		stage(p, row, CUT_DONE);
		u->dead = true;
	}
}

/* Who did not leave in its time is cut, as NUT has it; who boots meanwhile is not, and with
 * the mains back nobody is. */
static bool
is_deserted(struct policy *p, size_t row)
{
	const struct policy_ups *u = &p->upses[row];

	if (!policy_all_off(p, row))
		return false;
	if (u->lease == LEASE_OLD)
		return others_on(p, row) == 0 && !policy_plan_any(p, row);
	return (u->cut != CUT_ORDERED && u->cut != CUT_COUNTS) ||
	       others_on(p, row) <= u->cut_on;
}

/* The order stands while this machine goes down, or while nobody is on. */
static bool
is_wanted(struct policy *p, size_t row)
{
	if (p->conf->harmless || !is_ours(p, row))
		return false;
	if (policy_serves(p, row))
		return is_deserted(p, row);
	return p->cut && p->phase >= PHASE_FINAL;
}

/* The mains is back after a cut, in the same outage: one cycle is enough for all. */
static bool
is_returning(const struct policy *p, size_t row)
{
	return p->upses[row].lease != LEASE_NONE && policy_on_battery(p, row) == 0;
}

/* Whoever is on has its time again before the next order. */
static void
withdraw(struct policy *p, size_t row)
{
	const enum policy_cut cut = p->upses[row].cut;

	if (cut == CUT_NONE || (cut == CUT_DONE && is_returning(p, row)))
		return;
	if (cut == CUT_ORDERED || cut == CUT_COUNTS) {
		policy_say(p, true, "ups %s: its output is not to be cut any more",
		    p->conf->names[row]);
		order(p, row, POLICY_ORDER_CANCEL);
		p->upses[row].sync_ms = 0;
	}
	stage(p, row, CUT_NONE);
}

static bool
has_feed(const struct policy_plan *plan, size_t row)
{
	for (size_t i = 0; i < plan->nfeeds; i++)
		if (plan->feeds[i] == row)
			return true;
	return false;
}

static bool
feeds_us(const struct policy *p, size_t row)
{
	for (size_t i = 0; i < p->conf->nmonitors; i++)
		if (p->conf->monitors[i].row == (long)row &&
		    p->conf->monitors[i].power > 0)
			return true;
	return false;
}

/* True when somebody hangs on both: cut at different times he loses neither, and does not
 * start with the power. */
static bool
is_shared(const struct policy *p, size_t a, size_t b)
{
	if (feeds_us(p, a) && feeds_us(p, b))
		return true;
	for (size_t i = 0; i < p->conf->nplans; i++)
		if (has_feed(&p->conf->plans[i], a) && has_feed(&p->conf->plans[i], b))
			return true;
	for (size_t i = 0; i < p->nmachines; i++)
		for (size_t k = 0; k < p->nmachines && p->machines[i].row == a; k++)
			if (p->machines[k].row == b &&
			    strcmp(p->machines[i].address, p->machines[k].address) == 0)
				return true;
	return false;
}

/* Armed, or about to be, while one that it shares a machine with is not. */
static bool
is_alone(const struct policy *p, size_t row)
{
	const enum policy_cut cut = p->upses[row].cut;

	if (cut != CUT_ASKED && cut != CUT_ORDERED && cut != CUT_COUNTS)
		return false;
	for (size_t i = 0; i < p->conf->nupses; i++)
		if (p->upses[i].cut == CUT_FAILED && is_ours(p, i) &&
		    !policy_serves(p, i) && is_shared(p, row, i))
			return true;
	return false;
}

/* Where one cannot be armed early, the late hook cuts all that share a machine with it, again
 * at once. */
static void
all_or_none(struct policy *p)
{
	for (size_t row = 0; row < p->conf->nupses; row++) {
		if (!is_ours(p, row) || policy_serves(p, row) || !is_alone(p, row))
			continue;
		if (p->upses[row].cut != CUT_ASKED) {
			policy_say(p, true,
			    "ups %s: it is cut together with the others, at the end of "
			    "the shutdown",
			    p->conf->names[row]);
			order(p, row, POLICY_ORDER_CANCEL);
		}
		stage(p, row, CUT_FAILED);
	}
}

/* It may have been told when to cut, and whether it counts cannot be read. */
static bool
is_secretive(const struct policy *p, size_t row)
{
	return isnan(value(p, row, POLICY_TIMER_SHUTDOWN)) &&
	       !isnan(value(p, row, POLICY_DELAY_SHUTDOWN)) &&
	       p->upses[row].cut == CUT_NONE;
}

/* What this machine ordered before it went down may still count when it is up again: it is
 * called off, or it would cut all who have started meanwhile. */
static void
look_back(struct policy *p, size_t row)
{
	struct policy_ups *u = &p->upses[row];
	bool counts = value(p, row, POLICY_TIMER_SHUTDOWN) > 0;

	if (u->look_back_ms == 0 || !u->fresh || u->unread ||
	    (p->booted && policy_on_battery(p, row) != 0))
		return;
	if (u->look_back_ms == UINT64_MAX) {
		u->look_back_ms = p->now_ms + POLICY_READ_MS;
		p->dirty = true;
	}
	if (p->phase == PHASE_WATCH && !policy_due(p, u->look_back_ms) && !counts)
		return;
	counts &= p->now_ms < u->look_back_ms;
	if (p->phase == PHASE_WATCH && (counts || is_secretive(p, row)) &&
	    is_ours(p, row) && !p->conf->harmless) {
		policy_say(p, true,
		    "ups %s: what was ordered before this machine was started %s "
		    "counts: its output is not to be cut any more",
		    p->conf->names[row], counts ? "still" : "perhaps still");
		order(p, row, POLICY_ORDER_CANCEL);
	}
	u->look_back_ms = 0;
	p->dirty = true;
}

void
policy_cut_step(struct policy *p)
{
	for (size_t row = 0; row < p->conf->nupses; row++) {
		struct policy_ups *u = &p->upses[row];

		look_back(p, row);
		if (!is_wanted(p, row))
			withdraw(p, row);
		else if (u->cut == CUT_NONE && policy_serves(p, row))
			arm_served(p, row);
		else if (u->cut == CUT_NONE)
			ask(p, row);
		if (u->cut == CUT_ASKED)
			arm(p, row);
		else if (u->cut == CUT_ORDERED)
			look(p, row);
		else if (u->cut == CUT_COUNTS)
			await(p, row);
	}
	all_or_none(p);
}
