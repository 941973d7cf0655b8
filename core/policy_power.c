/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>

#include "core/policy_in.h"

#define VALUE_MAX 1e7         /* 115 days of runtime */
#define STEADY_MS 3000        /* a worse value counts when it lasts so long */
#define DARK_MS 3000          /* ... and so long an input voltage of nothing under OL */
#define DARK_V 10.0           /* there is no mains below, */
#define LIT_V 50.0            /* and some above */
#define DARK_EARLY_MS 5000    /* the input voltage may be told so long before OB */
#define TEST_EARLY_MS 60000   /* a self-test begins so long before OB at most, */
#define TEST_SOON_MS 15000    /* (one that was ordered, of which nothing else tells) */
#define TEST_LATE_MS 30000    /* is told so long after it at most, */
#define TEST_MAX_MS 900000    /* lasts so long, */
#define TEST_QUICK_MS 120000  /* (such a one that is not deep) */
#define TEST_AFTER_MS 10000   /* and OB may outlast it */
#define VOLTAGE_LATE_MS 30000 /* when it begins to feed, its voltage says little */

#define LEARN_S 60.0 /* an outage teaches when it has lasted so long */

enum { SIGN_WORD = 1 << 0, SIGN_RESULT = 1 << 1, SIGN_ORDER = 1 << 2 };

/* A time that outlives us. */
static void
set_ms(struct policy *p, uint64_t *field, uint64_t at_ms)
{
	p->dirty |= *field != at_ms;
	*field = at_ms;
}

/* What no UPS can mean is not known; only a timer that does not count is negative. */
static double
sane(enum policy_value v, double number)
{
	return number <= VALUE_MAX && (number >= 0 || v == POLICY_TIMER_SHUTDOWN) ? number
										  : NAN;
}

/* A sign of a test has come: it begins. While another sign explains OB already, it is the
 * same test, of which one more tells late. */
static void
sign_test(struct policy *p, struct policy_power *w)
{
	if (!w->excused || w->signs == 0)
		set_ms(p, &w->test_ms, p->now_ms);
}

static void
take_value(struct policy *p, const struct policy_event *event)
{
	struct policy_power *w = &p->upses[event->row].power;
	const enum policy_value v = event->value;
	const double number = sane(v, event->number);

	if (v >= POLICY_VALUES || w->values[v] == number ||
	    (isnan(w->values[v]) && isnan(number)))
		return;
	w->before[v] = w->values[v];
	w->values[v] = number;
	w->changed_ms[v] = p->now_ms;
	if (v == POLICY_INPUT_VOLTAGE && number > LIT_V)
		w->input_seen = true;
	/* One that is told for the first time may be stuck for days. */
	if (v == POLICY_TESTING && number == 1 && w->before[v] == 0)
		sign_test(p, w);
	p->dirty |= w->battery_ms != 0;
}

/* A test was ordered here, or is to end. */
static void
take_test(struct policy *p, const struct policy_event *event)
{
	struct policy_power *w = &p->upses[event->row].power;

	set_ms(p, &w->ordered_ms, event->test == POLICY_TEST_STOP ? 0 : p->now_ms);
	w->ordered_deep = event->test == POLICY_TEST_DEEP;
	if (w->ordered_ms != 0)
		sign_test(p, w);
}

void
policy_power_event(struct policy *p, const struct policy_event *event)
{
	struct policy_power *w = &p->upses[event->row].power;

	if (event->kind == POLICY_VALUE)
		take_value(p, event);
	else if (event->kind == POLICY_TEST)
		take_test(p, event);
	else
		w->estimate_again = true;
}

double
policy_steady(struct policy *p, size_t row, enum policy_value v)
{
	const struct policy_power *w = &p->upses[row].power;

	if (!(w->before[v] > w->values[v]) || policy_due(p, w->changed_ms[v] + STEADY_MS))
		return w->values[v];
	return w->before[v];
}

/* What the words say besides OL, OB and LB. */
static void
look_words(struct policy *p, struct policy_ups *u)
{
	struct policy_power *w = &u->power;

	if (w->line != u->line)
		set_ms(p, &w->line_ms, w->line == LINE_UNKNOWN ? p->start_ms : p->now_ms);
	w->line = u->line;
	if (!(u->words & WORD_OFF))
		set_ms(p, &w->off_ms, 0);
	else if (w->off_ms == 0)
		set_ms(p, &w->off_ms, p->now_ms);
	if (!(u->words & WORD_OVER))
		set_ms(p, &w->over_ms, 0);
	else if (w->over_ms == 0)
		set_ms(p, &w->over_ms, p->now_ms);
}

/* By what signs a self-test runs, and since when. */
static void
look_test(struct policy *p, struct policy_ups *u)
{
	struct policy_power *w = &u->power;
	unsigned signs = 0;

	if (u->line == LINE_MAINS && w->line_ms > w->ordered_ms)
		set_ms(p, &w->ordered_ms, 0);
	if (u->words & WORD_TEST)
		signs |= SIGN_WORD;
	if (w->values[POLICY_TESTING] == 1)
		signs |= SIGN_RESULT;
	if (w->ordered_ms != 0)
		signs |= SIGN_ORDER;
	if (signs & ~w->signs & SIGN_WORD)
		sign_test(p, w);
	if (signs != 0)
		set_ms(p, &w->tested_ms, 0);
	else if (w->signs != 0)
		set_ms(p, &w->tested_ms, p->now_ms);
	w->signs = signs;
}

/* What was known when it was lost is not made an outage by the silence. */
static bool
was_due(struct policy *p, const struct policy_ups *u, uint64_t at_ms)
{
	return u->fresh ? policy_due(p, at_ms) : u->lost_ms >= at_ms;
}

/* Why OB is not an outage, for all that the test tells; NULL: it is one. */
static const char *
test_excuse(struct policy *p, const struct policy_ups *u)
{
	const struct policy_power *w = &u->power;
	const bool alone = w->signs == SIGN_ORDER, quick = alone && !w->ordered_deep;

	if (w->test_ms == 0 || w->test_ms > w->line_ms + TEST_LATE_MS ||
	    w->test_ms + (alone ? TEST_SOON_MS : TEST_EARLY_MS) < w->line_ms ||
	    was_due(p, u, w->test_ms + (quick ? TEST_QUICK_MS : TEST_MAX_MS)) ||
	    (w->tested_ms != 0 && (w->tested_ms < w->line_ms ||
				      was_due(p, u, w->tested_ms + TEST_AFTER_MS))))
		return NULL;
	if (w->signs & SIGN_WORD)
		return "a self-test (TEST)";
	return w->signs & SIGN_ORDER ? "a self-test that was ordered"
				     : "a self-test (ups.test.result)";
}

/* OB for a calibration, unless it is lost meanwhile (as upsmon), or for a self-test: one
 * that is lost in it is lost on mains. */
static const char *
excuse(struct policy *p, const struct policy_ups *u)
{
	if (u->line != LINE_BATTERY || u->power.dark)
		return NULL;
	if (!(u->words & WORD_CAL))
		return test_excuse(p, u);
	return !u->fresh && policy_due(p, u->lost_ms + p->conf->deadtime_ms)
		   ? NULL
		   : "a calibration (CAL)";
}

/* True when the input voltage denies what OL, or the excuse for OB, says. What was told
 * before is of an outage that is over. */
static bool
is_dark(const struct policy_power *w)
{
	uint64_t early = w->line == LINE_BATTERY ? DARK_EARLY_MS : 0;

	return w->input_seen && w->values[POLICY_INPUT_VOLTAGE] < DARK_V &&
	       w->changed_ms[POLICY_INPUT_VOLTAGE] + early >= w->line_ms;
}

static void
look_dark(struct policy *p, size_t row)
{
	struct policy_ups *u = &p->upses[row];
	struct policy_power *w = &u->power;
	const bool before = w->dark;

	if (!is_dark(w)) {
		set_ms(p, &w->dark_ms, 0);
		w->dark = false;
	} else if (w->dark_ms == 0)
		set_ms(p, &w->dark_ms, p->now_ms);
	if (w->dark_ms != 0 && policy_due(p, w->dark_ms + DARK_MS))
		w->dark = true;
	if (w->dark == before || u->line != LINE_MAINS)
		return;
	if (w->dark)
		policy_say(p, true,
		    "ups %s: OL is not believed: the input voltage is %.0f V for %.0f s; "
		    "it counts as on battery",
		    p->conf->names[row], w->values[POLICY_INPUT_VOLTAGE],
		    (double)(p->now_ms - w->dark_ms) / 1000);
	else if (w->values[POLICY_INPUT_VOLTAGE] >= DARK_V)
		policy_say(p, false,
		    "ups %s: OL is believed again: the input voltage is %.0f V",
		    p->conf->names[row], w->values[POLICY_INPUT_VOLTAGE]);
}

/* It is excused, or no longer: said once. */
static void
say_excuse(struct policy *p, size_t row, const char *why)
{
	struct policy_ups *u = &p->upses[row];
	struct policy_power *w = &u->power;
	const char *name = p->conf->names[row];
	double s = (double)(p->now_ms - w->line_ms) / 1000;

	if (w->excused == (why != NULL))
		return;
	w->excused = why != NULL;
	p->dirty = true;
	if (why != NULL)
		policy_say(p, false, "ups %s: on battery for %s: no outage", name, why);
	else if (u->line != LINE_BATTERY)
		policy_say(p, false, "ups %s: on mains again", name);
	else if (w->dark)
		policy_say(p, true,
		    "ups %s: no test and no calibration any more: the input voltage is "
		    "%.0f V: this is an outage",
		    name, w->values[POLICY_INPUT_VOLTAGE]);
	else if (!u->fresh)
		policy_say(p, true,
		    "ups %s: lost in a calibration: this counts as an outage", name);
	else
		policy_say(p, true,
		    "ups %s: on battery for %.0f s, which no test explains: this is an "
		    "outage",
		    name, s);
}

/* The outage has begun, or is over. */
static void
begin_battery(struct policy *p, size_t row, uint64_t at_ms)
{
	struct policy_power *w = &p->upses[row].power;

	set_ms(p, &w->battery_ms, at_ms);
	set_ms(p, &w->mains_ms, 0);
	w->begin_charge = w->values[POLICY_CHARGE];
	w->charge = w->voltage = (struct policy_fall){0};
}

static void
end_battery(struct policy *p, size_t row)
{
	struct policy_power *w = &p->upses[row].power;

	policy_low_end(p, row);
	set_ms(p, &w->battery_ms, 0);
	w->charge = w->voltage = (struct policy_fall){0};
	w->charge_fall = w->voltage_fall = 0;
}

static void
believe(struct policy *p, size_t row)
{
	struct policy_ups *u = &p->upses[row];
	struct policy_power *w = &u->power;
	const char *why = excuse(p, u);
	const bool battery = w->dark || (u->line == LINE_BATTERY && why == NULL);
	uint64_t at_ms = w->dark ? w->dark_ms : w->excused ? p->now_ms : w->line_ms;

	say_excuse(p, row, why);
	if (battery && w->battery_ms == 0)
		begin_battery(p, row, at_ms);
	else if (!battery && w->battery_ms != 0)
		end_battery(p, row);
	if (!battery && u->line != LINE_UNKNOWN && w->mains_ms == 0)
		set_ms(p, &w->mains_ms, p->now_ms);
}

static void
sample(struct policy_fall *f, double value, double least, uint64_t now_ms)
{
	if (f->n == 0 || f->at[f->n - 1] != value)
		policy_fall_add(f, value, least, now_ms);
}

/* What an outage teaches for the next one: its mean. */
static void
remember(struct policy *p, struct policy_power *w)
{
	const double load = w->values[POLICY_LOAD];
	const double drop = w->begin_charge - w->values[POLICY_CHARGE];
	const double s = (double)(p->now_ms - w->battery_ms) / 1000;
	const double fall = drop / s / (load >= 1 ? load : 100);

	if (!(drop >= POLICY_FALL_CHARGE) || s < LEARN_S ||
	    fabs(fall - w->learned_fall) <= w->learned_fall / 8)
		return;
	w->learned_fall = fall;
	p->keep = p->dirty = true;
}

static void
learn(struct policy *p, struct policy_ups *u)
{
	struct policy_power *w = &u->power;
	const double volts = w->values[POLICY_VOLTAGE];

	if (w->battery_ms == 0 || !u->fresh)
		return;
	sample(&w->charge, w->values[POLICY_CHARGE], POLICY_FALL_CHARGE, p->now_ms);
	if (policy_due(p, w->battery_ms + VOLTAGE_LATE_MS)) {
		if (w->voltage.n == 0)
			w->loaded = volts;
		sample(&w->voltage, volts, POLICY_FALL_VOLTAGE * w->loaded, p->now_ms);
	}
	w->charge_fall = policy_fall_rate(&w->charge, POLICY_FALL_CHARGE, p->now_ms);
	w->voltage_fall =
	    policy_fall_rate(&w->voltage, POLICY_FALL_VOLTAGE * w->loaded, p->now_ms);
	remember(p, w);
}

/* An outage begins when the first UPS that feeds somebody goes on battery, and ends with
 * the last. */
static void
count_outage(struct policy *p)
{
	bool battery = false;

	for (size_t row = 0; row < p->conf->nupses; row++)
		battery |= p->upses[row].power.battery_ms != 0 &&
			   (policy_watched(p, row) || policy_feeds(p, row));
	if (battery && !p->battery)
		p->outage++;
	p->dirty |= battery != p->battery;
	p->battery = battery;
}

bool
policy_feeds(const struct policy *p, size_t row)
{
	for (size_t i = 0; i < p->conf->nplans; i++)
		for (size_t k = 0; k < p->conf->plans[i].nfeeds; k++)
			if (p->conf->plans[i].feeds[k] == row)
				return true;
	return false;
}

void
policy_power_step(struct policy *p)
{
	for (size_t row = 0; row < p->conf->nupses; row++) {
		struct policy_ups *u = &p->upses[row];

		/* Whatever is known is hearsay until it is read. */
		if (u->fresh && u->unread)
			continue;
		if (u->fresh) {
			look_words(p, u);
			look_test(p, u);
			look_dark(p, row);
		}
		believe(p, row);
		learn(p, u);
		policy_lost_step(p, row);
		policy_low_step(p, row);
	}
	count_outage(p);
}

void
policy_power_slept(struct policy *p)
{
	for (size_t row = 0; row < p->conf->nupses; row++) {
		struct policy_power *w = &p->upses[row].power;

		w->low = LOW_NOT;
		w->flag_ms = w->short_ms = 0;
		w->charge = w->voltage = (struct policy_fall){0};
		w->charge_fall = w->voltage_fall = 0;
		if (!w->dark)
			w->dark_ms = 0;
		if (w->mains_ms != 0)
			w->mains_ms = p->now_ms;
		if (w->off_ms != 0)
			w->off_ms = p->now_ms;
		if (w->over_ms != 0)
			w->over_ms = p->now_ms;
	}
}

/* Of what outlived the process only texts are missing. */
/* Samples whose times do not grow are none that we took. */
static void
look_loaded(struct policy_fall *f)
{
	for (unsigned i = 1; i < f->n; i++)
		if (f->ms[i] <= f->ms[i - 1])
			f->n = 0;
}

void
policy_power_loaded(struct policy_ups *u)
{
	struct policy_power *w = &u->power;

	w->begin_charge = NAN;
	look_loaded(&w->charge);
	look_loaded(&w->voltage);
	w->estimate_by = "what was known before core was restarted";
	if (w->low != LOW_NOT)
		snprintf(w->why, sizeof(w->why),
		    "on battery and low since before core was restarted");
}

uint64_t
policy_on_battery(const struct policy *p, size_t row)
{
	return p->upses[row].power.battery_ms;
}
