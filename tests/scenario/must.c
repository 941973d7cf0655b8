/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/task.h"
#include "tests/scenario/house.h"

#define SILENCE_MS 10000  /* a reader is gone */
#define LAG_MS 20000      /* from what is so to what is known: drivers, evidence */
#define PATIENCE_MS 15000 /* low battery is believed at last */
#define TAKES_MS 120000   /* a machine that does not say */
#define REACH_MS 20000    /* until a client has read its view, and its own FINALDELAY */
#define BACK_MS 60000
#define BOOT_MS 10000 /* the first readings of a boot decide by themselves */
#define DARK_MS 30000
#define NEARLY_S 120.0
#define STAYS_MS 100000 /* whom was told may still go: docs/plan.md, 4 */

static const struct policy_conf *
conf_of(const struct house *h)
{
	return &h->machines[PRIMARY].core->conf;
}

void
must(struct house *h, bool good, const char *format, ...)
{
	struct count again = {0};
	va_list args;

	if (good)
		return;
	if (!h->trace && !h->go_on) {
		house_run(h->seed, true, false, &again);
		printf("house %lu: the story has another end: something is not drawn "
		       "from the seed\n",
		    h->seed);
	}
	printf("house %lu, after %.1f s: ", h->seed, seconds(h->now_ms));
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	if (h->go_on)
		longjmp(*h->failed, 1);
	exit(1);
}

/* The supply of a machine. */

static bool
is_starved(const struct house *h, const struct machine *m)
{
	unsigned fed = 0, told = 0;

	for (size_t i = 0; i < m->nfeeds; i++) {
		fed += ups_fed(&h->supplies[m->feeds[i]].ups);
		told += h->supplies[m->feeds[i]].fed;
	}
	return fed < m->needs || told < m->needs;
}

static uint64_t
declared(const struct machine *m)
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
			    declared(m) > longest)
				longest = declared(m);
	}
	for (size_t k = 0; k < p->nfeeds; k++)
		if (p->feeds[k] == row)
			own = conf_of(h)->finaldelay_ms + declared(p);
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
	const struct policy_conf *c = conf_of(h);
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
	if (is_planned_on(h, row) &&
	    at_most(s->values[POLICY_RUNTIME], seconds(needed_ms(h, row))))
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
		     s->ups.battery.charge * 100.0 > conf_of(h)->restart + 1.0;

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
}

/* 1. Nobody is running when its output is cut, unless its own declared time could not be
 * met by the battery. */

/* From the due moment until it should be off: how long it takes to reach it, and those
 * that go before it. */
static uint64_t
should_take(const struct house *h, const struct machine *m)
{
	uint64_t others = 0;

	if (m->index != PRIMARY)
		return REACH_MS + declared(m);
	for (size_t i = 1; i < h->nmachines; i++)
		if (h->machines[i].plan >= 0 && declared(&h->machines[i]) > others)
			others = declared(&h->machines[i]);
	return REACH_MS + others + conf_of(h)->hostsync_ms + conf_of(h)->finaldelay_ms +
	       declared(m);
}

/* Nobody could tell it in time: cut off from us, or one of both asleep. */
static bool
was_away(const struct house *h, const struct machine *m)
{
	uint64_t since = m->due_ms == 0 ? h->now_ms : m->due_ms;

	if (m->told_ms != 0 && m->told_ms < since)
		since = m->told_ms;
	since -= since < 30000 ? since : 30000;
	return m->reached_ms >= since || h->machines[PRIMARY].reached_ms >= since;
}

/* Seconds that the feeds of a machine would have given, had they not been cut. */
uint64_t
must_left(const struct house *h, const struct machine *m)
{
	double left = 0.0;

	for (size_t i = 0; i < m->nfeeds; i++)
		left = fmax(left, ups_runtime(&h->supplies[m->feeds[i]].ups));
	return (uint64_t)(left * 1000.0);
}

/* It boots while the primary goes down: one of several UPSes came back before the others
 * were cut, or somebody pressed its button; and it is not one that reads. */
static bool
is_late_comer(const struct house *h, const struct machine *m)
{
	const struct core *c = h->machines[PRIMARY].core;

	return m->power == POWER_BOOTING ||
	       (m->power == POWER_ON && m->kind->by_hook && m->power_ms >= c->fsd_ms) ||
	       (m->power == POWER_ON && h->now_ms < m->power_ms + REACH_MS);
}

/* Nobody can see that a UPS that comes back without mains has made it boot. */
static bool
is_hidden(const struct house *h, const struct machine *m)
{
	return m->kind->by_hook && !h->plans[m->plan].probe && m->told_ms != 0 &&
	       m->told_ms < m->power_ms && h->supplies[m->feeds[0]].quirks[QUIRK_BLIND];
}

/* One of its UPSes cannot be cut together with the others: between two cuts it boots. */
static bool
is_cut_apart(const struct house *h, const struct machine *m)
{
	bool plain = true;

	for (size_t i = 0; i < m->nfeeds; i++)
		plain &= supply_is_plain(&h->supplies[m->feeds[i]]);
	return m->nfeeds > 1 && !plain;
}

static enum excuse
excuse_of(const struct house *h, const struct machine *m, enum cut cause)
{
	bool stopping = m->power == POWER_STOPPING;
	uint64_t left = stopping ? m->until_ms - h->now_ms : should_take(h, m);

	if (stopping && m->slow)
		return EXCUSE_SLOW;
	if (was_away(h, m) || m->hook_failed || is_hidden(h, m))
		return EXCUSE_AWAY;
	if (stopping && m->declared_ms == 0 && m->index != PRIMARY)
		return EXCUSE_UNDECLARED;
	if (is_late_comer(h, m))
		return EXCUSE_BOOTING;
	if (cause == CUT_ORDERED && is_cut_apart(h, m))
		return EXCUSE_APART;
	if (m->told_ms != 0 && m->told_left_ms < should_take(h, m))
		return EXCUSE_BATTERY;
	if (cause == CUT_ORDERED)
		return must_left(h, m) < left ? EXCUSE_BATTERY : EXCUSES;
	if (m->due_ms == 0)
		return EXCUSE_BLIND;
	return h->now_ms < m->due_ms + should_take(h, m) ? EXCUSE_BATTERY : EXCUSES;
}

void
must_cut(struct house *h, struct machine *m, enum cut cause)
{
	static const char *const why[EXCUSES] = {
	    [EXCUSE_BATTERY] = "the battery did not last for its time",
	    [EXCUSE_BLIND] = "nothing that was told made its moment due",
	    [EXCUSE_SLOW] = "it takes longer than declared",
	    [EXCUSE_AWAY] = "it could not be reached",
	    [EXCUSE_UNDECLARED] = "nobody said how long it takes",
	    [EXCUSE_APART] = "its UPSes cannot be cut together",
	    [EXCUSE_BOOTING] =
		"it boots while the primary is past the point of no return",
	};
	enum excuse excuse = excuse_of(h, m, cause);

	must(h, excuse != EXCUSES,
	    "%s is running when its output goes off (%s); due for %.1f s, needs %.1f s",
	    m->name, cause == CUT_ORDERED ? "by our order" : "battery empty",
	    m->due_ms == 0 ? 0.0 : seconds(h->now_ms - m->due_ms),
	    seconds(should_take(h, m)));
	h->count->excused[excuse]++;
	tell(h, "%s is cut alive: excused, %s", m->name, why[excuse]);
}

/* 2. Nobody goes down while enough supplies are fed. */

static bool
was_starved(const struct house *h, const struct machine *m, uint64_t lag_ms)
{
	return m->starved_ms != 0 && h->now_ms <= m->starved_ms + lag_ms;
}

/* The forced shutdown of this outage need not be over: docs/plan.md, 6. */
static bool
lease_may_last(const struct house *h)
{
	const struct policy_conf *c = conf_of(h);

	if (h->machines[PRIMARY].core->fsd_ms != 0)
		return true;
	for (size_t i = 0; i < h->nsupplies; i++) {
		const struct supply *s = &h->supplies[i];

		if (s->ready_ms == 0 || h->now_ms < s->mains_ms + c->calm_ms + LAG_MS ||
		    h->now_ms < s->ready_ms + LAG_MS)
			return true;
	}
	return false;
}

void
must_leave(struct house *h, struct machine *m)
{
	if (h->fsd_called || m->drilled)
		return;
	/* It decides alone: lost on battery; or had decided before it slept. */
	if ((m->dark_ms != 0 && h->now_ms < m->dark_ms + DARK_MS) ||
	    h->now_ms < m->reached_ms + DARK_MS)
		return;
	must(h, m->starved_ms >= h->begin_ms, "%s goes down, and was fed all the time",
	    m->name);
	must(h,
	    h->fsd_called || was_starved(h, m, LAG_MS + REACH_MS) || lease_may_last(h),
	    "%s goes down after the outage is over", m->name);
}

/* Told for the first time: then its supply is gone now, or this machine goes down. */
void
must_tell(struct house *h, struct machine *m)
{
	if (m->told_ms == 0 && m->shown_ms < h->begin_ms)
		must(h,
		    h->fsd_called || m->drilled || was_starved(h, m, LAG_MS) ||
			was_starved(h, &h->machines[PRIMARY], LAG_MS) ||
			h->machines[PRIMARY].core->fsd_ms != 0,
		    "%s is told to go down, and is fed", m->name);
	m->shown_ms = h->now_ms;
}

/* The way down of a machine with our core. */

/* The battery lasts no longer than this machine itself takes. */
static bool
is_in_need(const struct house *h, const struct machine *m)
{
	double own = seconds(m->core->conf.finaldelay_ms + declared(m)) + 5.0;
	bool need = false;

	for (size_t i = 0; i < m->nfeeds; i++) {
		const struct supply *s = &h->supplies[m->feeds[i]];

		need |= ups_runtime(&s->ups) <= own || s->away_ms != 0 ||
			s->values[POLICY_RUNTIME] <= own;
	}
	return need;
}

/* Everybody who was waited for has left, or had his time. */
void
must_final(struct house *h, struct machine *m)
{
	const struct core *c = m->core;
	bool waited = h->now_ms >= c->fsd_ms + c->conf.hostsync_ms || is_in_need(h, m);

	must(h, c->final_ms == 0, "%s: people are told twice", m->name);
	if (m->index != PRIMARY) {
		must_decide(h, m);
		return;
	}
	must(h, c->fsd_ms != 0, "the primary goes down without FSD");
	for (size_t i = 1; i < h->nmachines && !waited; i++)
		for (size_t k = 0; k < h->machines[i].nfeeds; k++)
			must(h,
			    h->machines[i].readers[k].session == 0 ||
				h->now_ms < h->machines[i].readers[k].session_ms + 1000,
			    "the primary did not wait for %s", h->machines[i].name);
}

/* So its charge falls fast enough for a secondary to see that. */
static bool
is_nearly_empty(const struct house *h, size_t row)
{
	return ups_runtime(&h->supplies[row].ups) < NEARLY_S;
}

/* A decision of a secondary needs a reason that it was told. */
void
must_decide(struct house *h, struct machine *m)
{
	const unsigned low = SAYS_OB | SAYS_LB;
	bool battery = false;
	unsigned good = 0;

	for (size_t i = 0; i < m->nfeeds; i++) {
		const struct reader *r = &m->readers[i];
		bool lost = m->dark_ms != 0 && h->now_ms < m->dark_ms + REACH_MS;

		battery |= (r->words & SAYS_OB) != 0;
		good += !((r->words & SAYS_FSD) || (r->words & low) == low ||
			  ((r->words & SAYS_OB) && is_nearly_empty(h, m->feeds[i])) ||
			  ((r->words & SAYS_OB) && lost));
	}
	must(h, good < m->needs || (battery && h->now_ms < m->first_ms + BOOT_MS),
	    "%s: a shutdown without a reason", m->name);
	must(h,
	    m->core->woke_ms == 0 || h->now_ms + 100 >= m->core->woke_ms + POLICY_READ_MS,
	    "%s decides before anything was read after a sleep", m->name);
}

void
must_shutdown(struct house *h, struct machine *m, bool cut)
{
	const struct core *c = m->core;

	must(h, cut == (m->index == PRIMARY), "the cut belongs to the primary alone");
	/* A core that was killed may have been about to tell people. */
	must(h,
	    (c->final_ms == 0 && c->restarts > 0) ||
		(c->final_ms != 0 && h->now_ms >= c->final_ms + c->conf.finaldelay_ms),
	    "%s: a shutdown before FINALDELAY", m->name);
}

/* 4. No action key is executed twice. */
void
must_task(struct house *h, uint32_t row, uint32_t id, unsigned outage)
{
	size_t count = h->ndone < TASKS_MAX ? h->ndone : TASKS_MAX;
	enum task_verb verb;
	size_t plan;

	if (!task_of_row(row, &plan, &verb) || verb == TASK_PROBE)
		return;
	for (size_t i = 0; i < count; i++) {
		const struct handed *d = &h->done[i];

		must(h, d->row != row || d->id != id || d->outage != outage,
		    "%s is done twice for %s in outage %u", task_name(verb),
		    h->plans[plan].name, outage);
	}
	h->done[h->ndone++ % TASKS_MAX] =
	    (struct handed){.row = row, .id = id, .outage = outage};
}

/* 3. Everyone that was on before comes back in time. */

/* When all that has to come first is over; NEVER: it is not. */
static uint64_t
base_ms(const struct house *h)
{
	uint64_t base = h->settled_ms > h->quiet_ms ? h->settled_ms : h->quiet_ms;

	for (size_t i = 0; i < h->nsupplies; i++) {
		if (h->supplies[i].ready_ms == 0)
			return NEVER;
		if (h->supplies[i].ready_ms > base)
			base = h->supplies[i].ready_ms;
	}
	return base + conf_of(h)->calm_ms;
}

/* All boots that may come one after the other, tries in vain included. */
static uint64_t
boots_ms(const struct house *h)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < h->nmachines; i++) {
		const struct machine *m = &h->machines[i];
		uint64_t boots = m->plan >= 0 ? h->plans[m->plan].boots_ms : m->boots_ms;

		sum += boots * (1 + m->wakings) + 5000;
	}
	return sum;
}

/* The primary went down later, and each of its UPSes can cut while the mains is there: so
 * all were to be cut, and to come back; where there are several, together. */
static bool
should_be_cycled(const struct house *h, const struct machine *m)
{
	if (!m->auto_on || h->late_ms == 0 || m->power_ms > h->late_ms + 1000)
		return false;
	for (size_t i = 0; i < m->nfeeds; i++)
		if (!supply_obeys(&h->supplies[m->feeds[i]]) ||
		    (m->nfeeds > 1 && !supply_is_plain(&h->supplies[m->feeds[i]])))
			return false;
	return true;
}

/* There is something that would bring it back. */
static bool
has_way(const struct house *h, const struct machine *m)
{
	if (!m->supplied)
		return false;
	if ((m->auto_on && m->cycled) || should_be_cycled(h, m))
		return true;
	/* Where nobody can see it, nobody knows that a packet was lost. */
	return m->wakes && !m->slow && m->slept_ms < m->told_ms && m->plan >= 0 &&
	       h->plans[m->plan].wake && m->told_ms != 0 &&
	       (h->plans[m->plan].probe || m->kind->logs_in);
}

static void
strand(struct house *h, struct machine *m)
{
	enum stranded why =
	    m->told_ms == 0 && m->wakes ? STRANDED_UNKNOWN : STRANDED_NO_WAY;

	must(h, !has_way(h, m), "%s is not back, %.0f s after the mains", m->name,
	    seconds(h->now_ms - h->good_ms));
	h->count->stranded[why]++;
	tell(h, "%s stays off: somebody presses its button", m->name);
	machine_boot(h, m);
}

bool
must_be_back(struct house *h)
{
	uint64_t base;
	bool all = true;

	if (h->now_ms < h->quiet_ms)
		return false;
	for (size_t i = 0; i < h->nmachines; i++)
		all &= h->machines[i].power == POWER_ON &&
		       h->machines[i].stop_ms == NEVER && h->machines[i].asleep_ms == 0;
	base = base_ms(h);
	must(h, h->now_ms < h->good_ms + 6 * 3600000, "the house finds no rest");
	if (base == NEVER || h->now_ms < base + 1000)
		return false;
	if (all || h->now_ms < base + boots_ms(h) + BACK_MS)
		return all;
	for (size_t i = 0; i < h->nmachines; i++)
		if (h->machines[i].power == POWER_OFF) {
			strand(h, &h->machines[i]);
			if (i == PRIMARY) /* the others wait for it */
				break;
		}
	h->settled_ms = h->now_ms;
	return false;
}
