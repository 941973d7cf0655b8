/* SPDX-License-Identifier: ISC */
#include <math.h>

#include "tests/scenario/must.h"

#define PATIENCE_MS 15000 /* low battery is believed at last */
#define TAKES_MS 120000   /* a machine that does not say */

const struct policy_conf *
must_conf(const struct house *h)
{
	return &h->machines[PRIMARY].core->conf;
}

/* An output that is off feeds nobody, mains or not. */
static bool
is_starved(const struct house *h, const struct machine *m)
{
	unsigned fed = 0, told = 0;

	for (size_t i = 0; i < m->nfeeds; i++) {
		const struct supply *s = &h->supplies[m->feeds[i]];

		fed += ups_fed(&s->ups) && s->ups.output;
		told += s->fed;
	}
	return fed < m->needs || told < m->needs;
}

uint64_t
must_declared(const struct machine *m)
{
	return m->declared_ms == 0 ? TAKES_MS : m->declared_ms;
}

/* What is needed on this UPS at least (docs/plan.md, 5). */
static uint64_t
needed_ms(const struct house *h, size_t row)
{
	const struct machine *p = &h->machines[PRIMARY];
	uint64_t longest = 0, own = 0;

	for (size_t i = 1; i < h->nmachines; i++) {
		const struct machine *m = &h->machines[i];

		for (size_t k = 0; k < m->nfeeds; k++)
			if (m->feeds[k] == row && m->plan >= 0 && machine_runs(m) &&
			    must_declared(m) > longest)
				longest = must_declared(m);
	}
	for (size_t k = 0; k < p->nfeeds; k++)
		if (p->feeds[k] == row)
			own = must_conf(h)->finaldelay_ms + must_declared(p);
	return longest + own;
}

/* A planned machine is on that hangs on this UPS. */
static bool
is_planned_on(const struct house *h, size_t row)
{
	for (size_t i = 1; i < h->nmachines; i++)
		for (size_t k = 0; k < h->machines[i].nfeeds; k++)
			if (h->machines[i].feeds[k] == row && h->machines[i].plan >= 0 &&
			    h->machines[i].power == POWER_ON)
				return true;
	return false;
}

static bool
at_most(double value, double limit)
{
	return !isnan(value) && !isnan(limit) && value <= limit;
}

/* By what core was told: does this UPS give nothing for long any more? Only rules that
 * cannot be argued about; each with all the patience that it may take. */
static bool
is_spent(const struct house *h, const struct machine *m, size_t row)
{
	const struct supply *s = &h->supplies[row];
	const struct policy_conf *c = must_conf(h);
	const struct policy_moment *moment =
	    m->plan < 0 ? NULL : &h->plans[m->plan].moment;
	uint64_t away = isnan(s->away_runtime) ? 0 : (uint64_t)(s->away_runtime * 500.0);

	if (s->told_ob_ms == 0)
		return false;
	if (s->low_ms != 0 && h->now_ms >= s->low_ms + PATIENCE_MS)
		return true;
	if (m->plan < 0 && m->index != PRIMARY) /* it reads what the UPS says */
		return false;
	if (s->away_ms != 0)
		return h->now_ms >=
		       s->away_ms + (away > c->deadtime_ms ? away : c->deadtime_ms);
	if (is_planned_on(h, row) && s->values[POLICY_RUNTIME] > 0 && /* 0 is none */
	    s->values[POLICY_RUNTIME] <= seconds(needed_ms(h, row)))
		return true;
	if (moment == NULL)
		return false;
	return (moment->after_ms != 0 && h->now_ms >= s->told_ob_ms + moment->after_ms) ||
	       at_most(s->values[POLICY_CHARGE], moment->charge) ||
	       at_most(s->values[POLICY_RUNTIME], moment->runtime) ||
	       at_most(s->values[POLICY_VOLTAGE], moment->voltage);
}

static bool
is_due(const struct house *h, const struct machine *m)
{
	unsigned good = 0;

	for (size_t i = 0; i < m->nfeeds; i++)
		good += !is_spent(h, m, m->feeds[i]);
	return good < m->needs;
}

static void
watch_supply(struct house *h, struct supply *s)
{
	bool ready = ups_fed(&s->ups) && s->ups.output &&
		     s->ups.battery.charge * 100.0 > must_conf(h)->restart + 1.0;

	if (!ready)
		s->ready_ms = 0;
	else if (s->ready_ms == 0)
		s->ready_ms = h->now_ms;
	if (!s->ups.output || s->ups.shutdown >= 0.0)
		h->settled_ms = h->now_ms;
}

void
must_watch(struct house *h)
{
	for (size_t i = 0; i < h->nsupplies; i++)
		watch_supply(h, &h->supplies[i]);
	for (size_t i = 0; i < h->nmachines; i++) {
		struct machine *m = &h->machines[i];

		if (m->power == POWER_STOPPING || m->power == POWER_LATE ||
		    m->stop_ms != NEVER || (i == PRIMARY && m->power == POWER_BOOTING) ||
		    (i == PRIMARY && m->power != POWER_OFF && m->core->fsd_ms != 0))
			h->settled_ms = h->now_ms;
		if (is_starved(h, m))
			m->starved_ms = h->now_ms;
		if (m->power != POWER_ON || !is_due(h, m))
			m->due_ms = m->power == POWER_ON ? 0 : m->due_ms;
		else if (m->due_ms == 0)
			m->due_ms = h->now_ms;
	}
	must_end(h);
}
