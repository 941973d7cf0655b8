/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/policy_in.h"

#define FITS_MS 1000     /* a flag that fits what is known lasts so long, */
#define UNKNOWN_MS 3000  /* so long where nothing is known, */
#define DENIED_MS 15000  /* and so long where all denies it, before it is believed */
#define SHORT_MS 3000    /* so does a runtime that is too short */
#define CHARGE_NEAR 5.0  /* a charge so little above the mark fits */
#define RUNTIME_NEAR 1.2 /* a runtime of so many times the mark fits */
#define EMPTY 0.83 /* of the voltage under load: empty, where the UPS does not say */
#define UNPLANNED_MS 60000 /* needed at most, where holdup.conf plans nothing */

static double
seconds(const struct policy *p, uint64_t since_ms)
{
	return (double)(p->now_ms - since_ms) / 1000;
}

static void __attribute__((format(printf, 3, 4)))
add(char *text, size_t size, const char *format, ...)
{
	size_t used = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + used, size - used, format, args);
	va_end(args);
}

/* What is known besides the flag, for people. */
static void
add_evidence(const struct policy_power *w, char *text, size_t size)
{
	static const struct {
		enum policy_value is, low;
		const char *word, *unit;
		int decimals;
	} rows[] = {
	    {POLICY_CHARGE, POLICY_CHARGE_LOW, "charge ", "%", 0},
	    {POLICY_RUNTIME, POLICY_RUNTIME_LOW, "runtime ", "s", 0},
	    {POLICY_VOLTAGE, POLICY_VOLTAGE_LOW, "", "V", 1},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const double is = w->values[rows[i].is], low = w->values[rows[i].low];

		if (isnan(is))
			continue;
		add(text, size, ", %s%.*f %s", rows[i].word, rows[i].decimals, is,
		    rows[i].unit);
		if (!isnan(low))
			add(text, size, " (low at %.*f %s)", rows[i].decimals, low,
			    rows[i].unit);
	}
}

/* A runtime of 0 with a battery that is not empty is none. */
static double
runtime_of(const struct policy_power *w)
{
	return w->values[POLICY_RUNTIME] > 0 ? w->values[POLICY_RUNTIME] : NAN;
}

/* How long the flag must last, after what else is known. */
static uint64_t
flag_wait_ms(const struct policy *p, size_t row)
{
	const struct policy_power *w = &p->upses[row].power;
	const double *v = w->values;
	const double charge_low =
	    isnan(v[POLICY_CHARGE_LOW]) ? POLICY_CHARGE_MARK : v[POLICY_CHARGE_LOW];
	const double runtime_low = isnan(v[POLICY_RUNTIME_LOW])
				       ? POLICY_RUNTIME_MARK
				       : v[POLICY_RUNTIME_LOW] * RUNTIME_NEAR;
	uint64_t ms = DENIED_MS;

	if (p->conf->honest[row])
		return p->conf->oblb_ms;
	if (v[POLICY_CHARGE] <= charge_low + CHARGE_NEAR ||
	    runtime_of(w) <= runtime_low || v[POLICY_VOLTAGE] <= v[POLICY_VOLTAGE_LOW])
		ms = FITS_MS;
	else if (isnan(v[POLICY_CHARGE]) && isnan(runtime_of(w)) &&
		 (isnan(v[POLICY_VOLTAGE]) || isnan(v[POLICY_VOLTAGE_LOW])))
		ms = UNKNOWN_MS;
	return ms > p->conf->oblb_ms ? ms : p->conf->oblb_ms;
}

uint64_t
policy_fall_need_ms(struct policy *p, size_t row)
{
	uint64_t ms = policy_needed_ms(p, row);

	return policy_plan_any(p, row) || ms < UNPLANNED_MS ? ms : UNPLANNED_MS;
}

double
policy_voltage_left_s(const struct policy_power *w)
{
	const unsigned n = w->voltage.n;
	double empty = w->values[POLICY_VOLTAGE_LOW];

	if (w->voltage_fall <= 0 || n == 0)
		return NAN;
	if (isnan(empty))
		empty = w->loaded * EMPTY;
	return w->voltage.at[n - 1] > empty
		   ? (w->voltage.at[n - 1] - empty) / w->voltage_fall
		   : 0;
}

static double
charge_left_s(const struct policy_power *w)
{
	return w->charge_fall > 0 ? w->values[POLICY_CHARGE] / w->charge_fall : NAN;
}

/* Low from now on. A primary's line in the log says so with what follows. */
static void
begin(struct policy *p, size_t row, enum policy_low by)
{
	struct policy_ups *u = &p->upses[row];
	bool said = false;

	u->power.low = by;
	u->low_ms = p->now_ms;
	p->dirty = true;
	for (size_t i = 0; i < p->conf->nmonitors; i++)
		said |=
		    p->conf->monitors[i].row == (long)row && p->conf->monitors[i].primary;
	if (!said)
		policy_say(p, true, "ups %s: %s", p->conf->names[row], u->power.why);
}

static void
end(struct policy *p, size_t row, const char *why)
{
	struct policy_ups *u = &p->upses[row];

	if (u->power.low != LOW_NOT)
		policy_say(p, false, "ups %s: no longer low after %.1f s: %s",
		    p->conf->names[row], seconds(p, u->low_ms), why);
	p->dirty |= u->power.low != LOW_NOT;
	u->power.low = LOW_NOT;
	u->low_ms = 0;
}

/* The flag is gone, or what it means is. */
static void
flag_end(struct policy *p, size_t row, const char *why)
{
	struct policy_power *w = &p->upses[row].power;
	char text[POLICY_WHY_MAX] = "";

	if (w->flag_ms != 0 && w->low == LOW_NOT) {
		add_evidence(w, text, sizeof(text));
		policy_say(p, false, "ups %s: LB for %.1f s was not believed: %s",
		    p->conf->names[row], seconds(p, w->flag_ms),
		    *text == '\0' ? "it did not last" : text + 2);
	}
	p->dirty |= w->flag_ms != 0;
	w->flag_ms = 0;
	if (w->low == LOW_FLAG)
		end(p, row, why);
}

static bool
flag_step(struct policy *p, size_t row)
{
	const struct policy_ups *u = &p->upses[row];
	struct policy_power *w = &p->upses[row].power;

	if (!(u->words & WORD_LB) || !(u->words & (WORD_OB | WORD_OL))) {
		flag_end(p, row, "LB is gone");
		return false;
	}
	if (w->flag_ms == 0) {
		w->flag_ms = p->now_ms;
		p->dirty = true;
	}
	if (w->low != LOW_NOT || !policy_due(p, w->flag_ms + flag_wait_ms(p, row)))
		return false;
	snprintf(w->why, sizeof(w->why), "on battery and low");
	if (!p->conf->honest[row])
		add(w->why, sizeof(w->why), ": LB for %.1f s", seconds(p, w->flag_ms));
	add_evidence(w, w->why, sizeof(w->why));
	return true;
}

/* The battery falls faster than who hangs on it can stop. */
static bool
fall_step(struct policy *p, size_t row)
{
	struct policy_power *w = &p->upses[row].power;
	double need_s;

	if (w->charge_fall == 0 && w->voltage_fall == 0)
		return false;
	need_s = (double)policy_fall_need_ms(p, row) / 1000;
	if (charge_left_s(w) <= need_s)
		snprintf(w->why, sizeof(w->why),
		    "on battery and low: charge %.0f %% falls by %.2f %% a second: empty "
		    "in %.0f s, %.0f s are needed",
		    w->values[POLICY_CHARGE], w->charge_fall, charge_left_s(w), need_s);
	else if (policy_voltage_left_s(w) <= need_s)
		snprintf(w->why, sizeof(w->why),
		    "on battery and low: %.1f V falls by %.3f V a second: empty in "
		    "%.0f s, %.0f s are needed",
		    w->values[POLICY_VOLTAGE], w->voltage_fall, policy_voltage_left_s(w),
		    need_s);
	else
		return false;
	return true;
}

/* The runtime that is told is no longer than what planned machines need. */
static bool
need_step(struct policy *p, size_t row)
{
	struct policy_power *w = &p->upses[row].power;
	double need_s;

	if (!policy_plan_any(p, row))
		return false;
	need_s = (double)policy_needed_ms(p, row) / 1000;
	if (!(runtime_of(w) <= need_s)) {
		w->short_ms = 0;
		return false;
	}
	if (w->short_ms == 0)
		w->short_ms = p->now_ms;
	if (!policy_due(p, w->short_ms + SHORT_MS))
		return false;
	snprintf(w->why, sizeof(w->why),
	    "on battery and low: runtime %.0f s, %.0f s are needed", runtime_of(w),
	    need_s);
	return true;
}

/* What is lost was given up. */
static bool
lost_step(struct policy *p, size_t row)
{
	struct policy_power *w = &p->upses[row].power;

	if (!policy_lost_low(p, row))
		return false;
	snprintf(w->why, sizeof(w->why),
	    "lost on battery for %.0f s: by estimate, after %s, %.0f s are left",
	    seconds(p, w->estimate_ms), w->estimate_by, policy_lost_left_s(p, row));
	return true;
}

void
policy_low_step(struct policy *p, size_t row)
{
	const struct policy_ups *u = &p->upses[row];
	const struct policy_power *w = &u->power;

	if (w->battery_ms == 0)
		return;
	if (w->low == LOW_ESTIMATE && w->estimate_ms == 0)
		end(p, row, "its values are back");
	if (flag_step(p, row))
		begin(p, row, LOW_FLAG);
	if (w->low == LOW_NOT && u->fresh && (fall_step(p, row) || need_step(p, row)))
		begin(p, row, LOW_FALL);
	if (w->low == LOW_NOT && !u->fresh && lost_step(p, row))
		begin(p, row, LOW_ESTIMATE);
}

void
policy_low_end(struct policy *p, size_t row)
{
	struct policy_power *w = &p->upses[row].power;

	flag_end(p, row, "the outage is over");
	w->short_ms = 0;
	if (w->low != LOW_NOT)
		end(p, row, "the outage is over");
}

/* A value of which one bad reading does not count, or an estimate once it has to. */
static double
now_of(struct policy *p, size_t row, enum policy_value v)
{
	const struct policy_ups *u = &p->upses[row];

	if (u->fresh || !policy_due(p, u->lost_ms + p->conf->deadtime_ms) ||
	    v == POLICY_VOLTAGE)
		return policy_steady(p, row, v);
	return v == POLICY_CHARGE ? policy_charge(p, row) : policy_runtime(p, row);
}

/* Nothing is decided on what is hearsay. */
static bool
is_known(struct policy *p, const struct policy_ups *u)
{
	if (!policy_due(p, p->hold_ms))
		return false;
	return !u->unread ||
	       (!u->fresh && policy_due(p, u->lost_ms + p->conf->deadtime_ms));
}

const char *
policy_reached(struct policy *p, size_t row, const struct policy_moment *moment)
{
	struct policy_ups *u = &p->upses[row];
	struct policy_power *w = &u->power;
	const char *by = w->estimate_ms == 0 ? "" : " by estimate";
	double value;

	if (w->battery_ms == 0 || !is_known(p, u))
		return NULL;
	if (moment->after_ms != 0 && policy_due(p, w->battery_ms + moment->after_ms)) {
		snprintf(w->clause, sizeof(w->clause), "%.0f s on battery (after = %.0f)",
		    seconds(p, w->battery_ms), (double)moment->after_ms / 1000);
		return w->clause;
	}
	value = now_of(p, row, POLICY_CHARGE);
	if (value <= moment->charge) {
		snprintf(w->clause, sizeof(w->clause), "charge %.0f %%%s (charge = %.0f)",
		    value, by, moment->charge);
		return w->clause;
	}
	value = now_of(p, row, POLICY_RUNTIME);
	if (value <= moment->runtime) {
		snprintf(w->clause, sizeof(w->clause),
		    "runtime %.0f s%s (runtime = %.0f)", value, by, moment->runtime);
		return w->clause;
	}
	value = now_of(p, row, POLICY_VOLTAGE);
	if (value <= moment->voltage) {
		snprintf(w->clause, sizeof(w->clause), "%.1f V (voltage = %.1f)", value,
		    moment->voltage);
		return w->clause;
	}
	return NULL;
}
