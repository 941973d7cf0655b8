/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>

#include "tests/scenario/house.h"

#define TEXT_MAX 40
#define CHARGE_LOW 10.0
#define RUNTIME_LOW 120.0
#define AFTER_MS 30000 /* core believes in an order so long after its time */
#define SHORT_MS \
	3000 /* a countdown that goes so shortly before its time may have ended */

/* The words of ups.status, as this UPS has them. */
static unsigned
words_now(const struct house *h, const struct supply *s)
{
	bool fed = ups_fed(&s->ups), test = s->ups.test == UPS_TEST_RUNNING;
	bool low = ups_low_charge(&s->ups) || ups_low_runtime(&s->ups);
	unsigned words = 0;

	if (s->quirks[QUIRK_EARLY])
		low = low || s->ups.battery.charge < 0.6;
	if (s->quirks[QUIRK_NEVER])
		low = false;
	if (fed && !test)
		words |= SAYS_OL;
	else
		words |= s->quirks[QUIRK_DENIES] && !test ? SAYS_OL : SAYS_OB;
	if ((words & SAYS_OB) && !test && (low || h->now_ms < s->flash_ms))
		words |= SAYS_LB;
	if (test && s->hints)
		words |= SAYS_TEST;
	if (!s->ups.output)
		words |= SAYS_OFF;
	return words;
}

/* "Charge, runtime, ...": what is told now; NAN: nothing. */
static void
values_now(const struct supply *s, double *v)
{
	double runtime = fmin(ups_runtime(&s->ups), 20000.0);

	for (size_t i = 0; i < POLICY_VALUES; i++)
		v[i] = NAN;
	if (!s->quirks[QUIRK_NO_CHARGE]) {
		v[POLICY_CHARGE] =
		    s->quirks[QUIRK_STUCK] ? 100.0 : round(s->ups.battery.charge * 100.0);
		v[POLICY_CHARGE_LOW] = CHARGE_LOW;
	}
	if (!s->quirks[QUIRK_NO_RUNTIME]) {
		v[POLICY_RUNTIME] = floor(runtime / s->runtime_unit) * s->runtime_unit;
		v[POLICY_RUNTIME_LOW] = RUNTIME_LOW;
	}
	if (!s->quirks[QUIRK_NO_VOLTAGE])
		v[POLICY_VOLTAGE] = round(battery_volts(&s->ups.battery) * 10.0) / 10.0;
	if (!s->quirks[QUIRK_NO_INPUT])
		v[POLICY_INPUT_VOLTAGE] = s->ups.mains;
	v[POLICY_LOAD] = round(ups_load(&s->ups));
	v[POLICY_TESTING] = s->hints && s->ups.test == UPS_TEST_RUNNING ? 1 : 0;
	if (!s->quirks[QUIRK_FIXED])
		v[POLICY_DELAY_SHUTDOWN] = s->delay;
	if (!s->quirks[QUIRK_NO_TIMER])
		v[POLICY_TIMER_SHUTDOWN] =
		    s->ups.shutdown >= 0.0 ? floor(s->ups.shutdown) : -1.0;
}

static void
say_source(struct house *h, struct supply *s, enum feed_source source)
{
	if (s->source == source)
		return;
	s->source = source;
	s->heard_ms = source == FEED_OK ? h->now_ms : 0;
	tell(h, "%s: the driver is %s", s->name,
	    source == FEED_OK      ? "there"
	    : source == FEED_STALE ? "stale"
				   : "lost");
	core_event(h, &h->machines[PRIMARY],
	    (struct policy_event){.kind = POLICY_SOURCE,
		.row = (size_t)(s - h->supplies),
		.source = source});
}

static void
say_words(struct house *h, struct supply *s)
{
	const unsigned words = s->read_words;
	char text[TEXT_MAX];

	if (words == s->words && !s->dump)
		return;
	if ((words & SAYS_LB) && !(s->words & SAYS_LB))
		faults_moment(h, MOMENT_LOW);
	s->words = words;
	told_words(words, text, sizeof(text));
	tell(h, "%s: says %s (%.0f %%, %.0f s left)", s->name, text,
	    100.0 * s->ups.battery.charge, ups_runtime(&s->ups));
	core_event(h, &h->machines[PRIMARY],
	    (struct policy_event){
		.kind = POLICY_STATUS, .row = (size_t)(s - h->supplies), .status = text});
}

static void
say_values(struct house *h, struct supply *s)
{
	const double *v = s->read;

	for (size_t i = 0; i < POLICY_VALUES; i++) {
		if (!s->dump &&
		    (v[i] == s->values[i] || (isnan(v[i]) && isnan(s->values[i]))))
			continue;
		s->values[i] = v[i];
		if (isnan(v[i]) && s->dump)
			continue;
		core_event(h, &h->machines[PRIMARY],
		    (struct policy_event){.kind = POLICY_VALUE,
			.row = (size_t)(s - h->supplies),
			.value = (enum policy_value)i,
			.number = v[i]});
	}
}

/* What core knows by now, for the checks. */
static void
note(struct house *h, struct supply *s)
{
	bool dark = s->lit && s->values[POLICY_INPUT_VOLTAGE] < 10.0;
	bool battery = !s->read_fed && ((s->words & SAYS_OB) || dark);

	s->lit |= s->values[POLICY_INPUT_VOLTAGE] > 50.0;
	if (s->values[POLICY_TIMER_SHUTDOWN] < 0 &&
	    h->now_ms + SHORT_MS + AFTER_MS < s->obeys_ms)
		s->obeys_ms = 0;
	if (!s->read_fed)
		s->told_fed_ms = 0;
	else if (s->told_fed_ms == 0)
		s->told_fed_ms = h->now_ms;
	s->away_ms = 0;
	if (!battery)
		s->told_ob_ms = s->low_ms = 0;
	else if (s->told_ob_ms == 0)
		s->told_ob_ms = h->now_ms;
	if (!battery || !(s->words & SAYS_LB))
		s->low_ms = 0;
	else if (s->low_ms == 0)
		s->low_ms = h->now_ms;
}

/* The driver is away; what was known of an outage gets old. */
static void
away(struct house *h, struct supply *s, enum feed_source source)
{
	s->odd_lately = true;
	if (s->told_ob_ms != 0 && s->away_ms == 0) {
		s->away_ms = h->now_ms;
		s->away_runtime = s->values[POLICY_RUNTIME];
	}
	say_source(h, s, source);
}

/* Reads the device, at its own times, whatever becomes of core; false: it is away. */
static bool
poll_device(struct house *h, struct supply *s)
{
	const bool lost = h->now_ms < s->lost_ms;

	supply_advance(h, s);
	s->report_ms = h->now_ms + s->poll_ms;
	if (h->now_ms < s->flash_ms && s->flash_ms < s->report_ms)
		s->report_ms = s->flash_ms;
	if (lost || h->now_ms < s->stale_ms) {
		away(h, s, lost ? FEED_LOST : FEED_STALE);
		s->report_ms = (lost ? s->lost_ms : s->stale_ms) + 1;
		s->dump = true;
		s->dump_ms = NEVER;
		return false;
	}
	s->read_words = words_now(h, s);
	values_now(s, s->read);
	s->read_fed = ups_fed(&s->ups);
	if (s->dump && s->dump_ms == NEVER)
		s->dump_ms = h->now_ms;
	return true;
}

/* Tells core what was read last: all of it, where it is new or wants it so. */
static void
tell_core(struct house *h, struct supply *s)
{
	const bool all = h->now_ms >= s->dump_ms;

	if (s->dump && !all)
		return;
	s->dump = all;
	if (all)
		s->dump_ms = NEVER;
	if (s->fed != s->read_fed) {
		s->fed = s->read_fed;
		must_watch(h);
	}
	say_words(h, s);
	say_values(h, s);
	s->dump = false;
	say_source(h, s, FEED_OK);
	if (all)
		core_event(h, &h->machines[PRIMARY],
		    (struct policy_event){
			.kind = POLICY_READ, .row = (size_t)(s - h->supplies)});
	note(h, s);
	must_watch(h);
}

void
driver_act(struct house *h, struct supply *s)
{
	const struct core *c = h->machines[PRIMARY].core;

	if (h->now_ms < s->report_ms && h->now_ms < s->dump_ms)
		return;
	if (h->now_ms >= s->report_ms && !poll_device(h, s))
		return;
	if (h->now_ms < s->lost_ms || h->now_ms < s->stale_ms || c->policy == NULL)
		s->dump_ms = NEVER; /* the device, or core, is told of when it is back */
	else if (c->hung_ms != 0)   /* all waits in its socket */
		s->dump_ms = c->hung_ms + 1;
	else
		tell_core(h, s);
}

/* shutdown.return: written, and read back until it counts (docs/outage.md, 6.1). */
static void
order_cut(struct house *h, struct supply *s)
{
	double delay = s->quirks[QUIRK_FIXED] ? OFFDELAY_S : s->delay;

	if (s->quirks[QUIRK_CAPS] && delay > s->cap) {
		tell(h, "%s: would count %.0f s only: the order is cancelled", s->name,
		    s->cap);
		s->delay = s->cap;
	} else if (supply_cut(h, s, delay))
		tell(h, "%s: cuts its output in %.0f s", s->name, delay);
	else
		tell(h, "%s: takes the order to cut, and does nothing", s->name);
}

void
driver_order(struct house *h, struct supply *s, const struct policy_action *a)
{
	supply_advance(h, s);
	if (s->source != FEED_OK)
		return;
	switch (a->order) {
	case POLICY_ORDER_DELAY:
		tell(h, "core asks %s for a delay of %u s", s->name, a->seconds);
		if (!s->quirks[QUIRK_FIXED])
			s->delay = a->seconds;
		break;
	case POLICY_ORDER_CUT:
		tell(h, "core orders %s to cut", s->name);
		s->obeys_ms = h->now_ms + a->seconds * 1000ULL + AFTER_MS;
		order_cut(h, s);
		break;
	case POLICY_ORDER_CANCEL:
		tell(h, "core calls the cut of %s off", s->name);
		ups_shutdown(&s->ups, UPS_IDLE);
		s->ordered = false;
		supply_plan(h, s);
		break;
	}
	if (s->report_ms > h->now_ms + 300)
		s->report_ms = h->now_ms + 300;
}

int
driver_late(struct house *h, struct supply *s)
{
	supply_advance(h, s);
	if (!s->ups.output)
		return 0;
	if (s->ups.shutdown >= 0.0) {
		tell(h, "%s: cuts its output in %.0f s already (late hook)", s->name,
		    s->ups.shutdown);
		return 0;
	}
	if (supply_cut(h, s, OFFDELAY_S)) {
		s->late = true;
		tell(h, "%s: cuts its output in %.0f s (late hook)", s->name,
		    s->ups.shutdown);
		return 0;
	}
	tell(h, "%s: does not obey the late hook", s->name);
	return s->quirks[QUIRK_NO_TIMER] ? 0 : 2;
}
