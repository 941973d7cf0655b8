/* SPDX-License-Identifier: ISC */
#include <math.h>

#include "core/policy_in.h"

#define HALF_MAX_S 1e6 /* no battery lasts longer, whatever its gauge says */
#define FULL_S 300.0   /* a full battery of which nothing is known lasts so long */
#define SHOW_MS 1000   /* values are shown anew so often */
#define FIND_MS 5000   /* a new process finds its driver within */

/* The server of a far UPS is gone with it: when its primary cuts is not a matter of the
 * battery. */
static bool
is_foreign(const struct policy *p, size_t row)
{
	for (size_t i = 0; i < p->conf->nmonitors; i++) {
		const struct policy_monitor *m = &p->conf->monitors[i];

		if (m->row == (long)row && m->far && !m->primary)
			return true;
	}
	return false;
}

static double
or_value(double value, double instead)
{
	return isnan(value) ? instead : value;
}

static double
positive(double value)
{
	return value > 0 ? value : 0;
}

static void
shorten(struct policy_power *w, double s, const char *by)
{
	if (s >= 0 && !(s >= w->lasts_s)) {
		w->lasts_s = s;
		w->estimate_by = by;
	}
}

/* How long it lasts by all that is known of it, the shortest. */
static void
foresee(struct policy_power *w)
{
	const double charge = w->left_charge, load = w->values[POLICY_LOAD];
	const double charge_low =
	    or_value(w->values[POLICY_CHARGE_LOW], POLICY_CHARGE_MARK);
	const double runtime_low =
	    or_value(w->values[POLICY_RUNTIME_LOW], POLICY_RUNTIME_MARK);
	double low_s;

	w->lasts_s = NAN;
	w->estimate_by = NULL;
	if (!isnan(w->left_runtime))
		shorten(w, w->left_runtime, "the runtime that it told");
	if (w->charge_fall > 0)
		shorten(w, charge / w->charge_fall, "the fall of its charge");
	else if (w->learned_fall > 0)
		shorten(w, charge / (w->learned_fall * (load >= 1 ? load : 100)),
		    "the fall of its charge in the mean");
	shorten(w, policy_voltage_left_s(w), "the fall of its voltage");
	if (isnan(w->lasts_s))
		shorten(w, charge / 100 * FULL_S, "nothing but its charge");
	low_s = w->lasts_s;
	if (!isnan(charge))
		low_s *= charge > charge_low ? 1 - charge_low / charge : 0;
	if (!isnan(w->left_runtime) && low_s > w->lasts_s - runtime_low)
		low_s = w->lasts_s - runtime_low;
	w->half_s = positive(low_s) / 2;
}

/* Seconds of the estimate so far. */
static double
gone_s(const struct policy *p, const struct policy_power *w)
{
	return (double)(p->now_ms - w->estimate_ms) / 1000;
}

double
policy_lost_left_s(const struct policy *p, size_t row)
{
	const struct policy_power *w = &p->upses[row].power;

	return positive(w->lasts_s - gone_s(p, w));
}

/* When it is given up: half of the way to its mark, as long as is needed before it is
 * empty, and not before DEADTIME. */
static uint64_t
given_up_ms(struct policy *p, size_t row)
{
	const struct policy_ups *u = &p->upses[row];
	const struct policy_power *w = &u->power;
	const double need_s = w->lasts_s - (double)policy_fall_need_ms(p, row) / 1000;
	const double half_s = w->half_s < HALF_MAX_S ? w->half_s : HALF_MAX_S;
	const double after_s = positive(need_s < half_s ? need_s : half_s);
	uint64_t dead_ms = u->lost_ms + p->conf->deadtime_ms;
	uint64_t at_ms = w->estimate_ms + (uint64_t)(after_s * 1000);

	return at_ms > dead_ms ? at_ms : dead_ms;
}

/* Its own timer begins, from what is known. */
static void
begin(struct policy *p, struct policy_ups *u)
{
	struct policy_power *w = &u->power;

	w->left_charge = w->values[POLICY_CHARGE];
	w->left_runtime = w->values[POLICY_RUNTIME] > 0 ? w->values[POLICY_RUNTIME] : NAN;
	if (isnan(w->left_charge) && isnan(w->left_runtime))
		return;
	w->estimate_ms = p->now_ms;
	w->estimate_said = false;
	foresee(w);
	p->dirty = true;
}

static void
show(struct policy *p, size_t row)
{
	struct policy_power *w = &p->upses[row].power;
	struct policy_action *a;

	if (w->estimating && !w->estimate_again && !policy_due(p, w->shown_ms + SHOW_MS))
		return;
	w->shown_ms = p->now_ms;
	policy_due(p, w->shown_ms + SHOW_MS);
	w->estimating = true;
	a = policy_act(p, POLICY_ESTIMATE, row);
	a->on = true;
	a->charge = policy_charge(p, row);
	a->runtime = policy_runtime(p, row);
}

static void
hide(struct policy *p, size_t row)
{
	struct policy_power *w = &p->upses[row].power;
	struct policy_action *a;

	if (!w->estimating)
		return;
	w->estimating = false;
	a = policy_act(p, POLICY_ESTIMATE, row);
	a->charge = a->runtime = NAN;
}

static void
say_begin(struct policy *p, size_t row)
{
	struct policy_power *w = &p->upses[row].power;

	w->estimate_said = true;
	policy_say(p, true,
	    "ups %s: lost on battery: its values go on by estimate, after %s: empty "
	    "in %.0f s, given up in %.0f s",
	    p->conf->names[row], w->estimate_by, policy_lost_left_s(p, row),
	    positive(((double)given_up_ms(p, row) - (double)p->now_ms) / 1000));
}

static void
end(struct policy *p, size_t row, const char *why)
{
	struct policy_power *w = &p->upses[row].power;

	hide(p, row);
	if (w->estimate_said)
		policy_say(p, false, "ups %s: the estimate ends after %.0f s: %s",
		    p->conf->names[row], (double)(p->now_ms - w->estimate_ms) / 1000,
		    why);
	w->estimate_said = false;
}

void
policy_lost_step(struct policy *p, size_t row)
{
	struct policy_ups *u = &p->upses[row];
	struct policy_power *w = &u->power;

	if (u->fresh || w->battery_ms == 0) {
		end(p, row, "its values are back");
		p->dirty |= w->estimate_ms != 0;
		w->estimate_ms = 0;
	} else if (w->estimate_ms == 0 && !is_foreign(p, row))
		begin(p, u);
	w->estimate_again &= w->estimate_ms != 0;
	if (w->estimate_ms == 0)
		return;
	if (gone_s(p, w) >= w->lasts_s)
		end(p, row, "by it the battery is empty");
	else if (!u->unread || policy_due(p, u->lost_ms + FIND_MS))
		show(p, row);
	if (!w->estimate_said && gone_s(p, w) < w->lasts_s &&
	    policy_due(p, u->lost_ms + p->conf->pollfreq_ms))
		say_begin(p, row);
	w->estimate_again = false;
}

bool
policy_lost_low(struct policy *p, size_t row)
{
	return p->upses[row].power.estimate_ms != 0 && policy_due(p, given_up_ms(p, row));
}

double
policy_charge(const struct policy *p, size_t row)
{
	const struct policy_power *w = &p->upses[row].power;

	if (w->estimate_ms == 0 || isnan(w->left_charge))
		return w->values[POLICY_CHARGE];
	return w->lasts_s > 0 ? w->left_charge * policy_lost_left_s(p, row) / w->lasts_s
			      : 0;
}

double
policy_runtime(const struct policy *p, size_t row)
{
	const struct policy_power *w = &p->upses[row].power;

	if (w->estimate_ms == 0 || isnan(w->left_runtime))
		return w->values[POLICY_RUNTIME];
	return policy_lost_left_s(p, row);
}
