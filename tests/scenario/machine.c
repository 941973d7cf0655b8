/* SPDX-License-Identifier: ISC */
#include "tests/scenario/house.h"

#define LATE_MS 75000 /* the late hook waits for the cut: outage.md, 6.2 */
#define CRASH_MS 1000 /* from power to BIOS */

bool
machine_runs(const struct machine *m)
{
	return m->power == POWER_BOOTING || m->power == POWER_ON ||
	       m->power == POWER_STOPPING;
}

bool
machine_awake(const struct house *h, const struct machine *m)
{
	return (m->power == POWER_ON || m->power == POWER_STOPPING) && m->asleep_ms == 0;
}

static void
enter(struct house *h, struct machine *m, enum power power, uint64_t until_ms)
{
	m->power = power;
	m->power_ms = h->now_ms;
	m->until_ms = until_ms;
}

/* Its processes end: in order, or with its supply. */
static void
processes_end(struct house *h, struct machine *m, bool clean)
{
	m->services_ms = NEVER;
	m->next_ms = NEVER;
	if (m->kind->end != NULL)
		m->kind->end(h, m, clean);
	if (m->core != NULL)
		core_stop(h, m);
	if (m->index == PRIMARY)
		net_server_gone(h);
	else if (!clean)
		net_break(h, m, true);
	for (size_t i = 0; i < m->nfeeds; i++)
		m->readers[i] = (struct reader){0};
}

static bool
has_supply(const struct house *h, const struct machine *m)
{
	unsigned alive = 0;

	for (size_t i = 0; i < m->nfeeds; i++)
		alive += h->supplies[m->feeds[i]].ups.output;
	return alive >= m->needs;
}

void
machine_boot(struct house *h, struct machine *m)
{
	if (m->power != POWER_OFF || !m->supplied)
		return;
	tell(h, "%s boots (%.0f s)", m->name, seconds(m->boots_ms));
	enter(h, m, POWER_BOOTING, h->now_ms + CRASH_MS + m->boots_ms);
	supply_load(h);
}

static void
lose_supply(struct house *h, struct machine *m, enum cut cause)
{
	if (machine_runs(m)) {
		must_cut(h, m, cause);
		if (m->power == POWER_BOOTING ||
		    (m->power == POWER_ON && m->told_ms < m->power_ms))
			m->told_ms = 0; /* we did not take it down */
		tell(h, "%s loses its supply while it runs", m->name);
	} else
		tell(h, "%s has no supply", m->name);
	if (m->power == POWER_ON || m->power == POWER_STOPPING)
		processes_end(h, m, false);
	m->asleep_ms = 0;
	m->stop_ms = NEVER;
	enter(h, m, POWER_OFF, NEVER);
}

void
machine_supply(struct house *h, struct machine *m, enum cut cause)
{
	bool supplied = has_supply(h, m);

	if (supplied == m->supplied)
		return;
	m->supplied = supplied;
	if (!supplied) {
		lose_supply(h, m, cause);
		return;
	}
	m->cycled = true;
	if (m->auto_on)
		machine_boot(h, m);
}

static void
up(struct house *h, struct machine *m)
{
	tell(h, "%s is up", m->name);
	enter(h, m, POWER_ON, NEVER);
	m->up_ms = h->now_ms;
	m->services_ms = m->stop_ms = NEVER;
	m->due_ms = m->first_ms = m->dark_ms = 0;
	h->count->returns++;
	for (size_t i = 0; i < h->nmachines && m->index == PRIMARY; i++)
		h->machines[i].overlooked = h->machines[i].power == POWER_STOPPING;
	if (m->core != NULL)
		core_start(h, m);
	if (m->kind->up != NULL)
		m->kind->up(h, m);
}

/* The last act of a shutdown of the primary; docs/outage.md, 6.2. */
static void
late_begin(struct house *h, struct machine *m)
{
	bool all = true;

	if (m->index == PRIMARY && m->core->cut && m->needs > 0) {
		h->late_ms = h->now_ms;
		for (size_t i = 0; i < h->nsupplies; i++)
			all &= driver_late(h, &h->supplies[i]) == 0;
		enter(h, m, POWER_LATE, h->now_ms + LATE_MS);
		if (!all && !h->supplies[m->feeds[0]].ups.mains)
			enter(h, m, POWER_LATE, h->now_ms + 1000);
	} else {
		tell(h, "%s is off", m->name);
		m->cycled = false;
		enter(h, m, POWER_OFF, NEVER);
	}
	supply_load(h);
}

/* Not cut after all: back where the mains is, off where it is not. */
static void
late_end(struct house *h, struct machine *m)
{
	bool mains = false, counts = false;

	for (size_t i = 0; i < h->nsupplies; i++) {
		mains |= ups_fed(&h->supplies[i].ups);
		counts |= h->supplies[i].ups.shutdown >= 0.0;
	}
	enter(h, m, POWER_OFF, NEVER);
	m->cycled = false;
	if (mains && !counts) {
		tell(h, "%s was not cut, and starts again", m->name);
		machine_boot(h, m);
	} else
		tell(h, "%s was not cut, and goes off", m->name);
	supply_load(h);
}

void
machine_stop(struct house *h, struct machine *m, const char *why)
{
	if (m->power != POWER_ON)
		return;
	must_leave(h, m);
	tell(h, "%s stops: %s (%.0f s)", m->name, why, seconds(m->takes_ms));
	h->count->stops++;
	if (m->told_ms < m->power_ms)
		m->told_ms = 0; /* it goes by itself */
	m->stop_ms = NEVER;
	enter(h, m, POWER_STOPPING, h->now_ms + m->takes_ms);
	m->services_ms = h->now_ms + between(h, m->takes_ms / 20, m->takes_ms / 2);
}

void
machine_told(struct house *h, struct machine *m)
{
	m->hook_failed = false;
	m->told_ms = h->now_ms;
	m->told_left_ms = must_left(h, m);
}

void
machine_wake(struct house *h, struct machine *m)
{
	if (m->power != POWER_OFF || !m->supplied || !m->wakes)
		return;
	m->in_vain = 0;
	tell(h, "%s is woken", m->name);
	machine_boot(h, m);
}

void
machine_sleep(struct house *h, struct machine *m, uint64_t until_ms)
{
	if (m->power != POWER_ON || m->asleep_ms != 0)
		return;
	tell(h, "%s sleeps for %.0f s", m->name, seconds(until_ms - h->now_ms));
	m->asleep_ms = until_ms;
	if (until_ms > m->reached_ms)
		m->reached_ms = until_ms;
}

static void
wake_up(struct house *h, struct machine *m)
{
	tell(h, "%s wakes up", m->name);
	m->slept_ms = h->now_ms;
	m->asleep_ms = 0;
	if (m->core != NULL)
		m->core->woke_ms = m->core->gap_ms = h->now_ms;
	if (m->next_ms != NEVER)
		m->next_ms = h->now_ms + 1;
}

uint64_t
machine_next(const struct machine *m)
{
	uint64_t next = m->until_ms;

	if (m->asleep_ms != 0)
		return m->asleep_ms;
	if (m->stop_ms < next)
		next = m->stop_ms;
	if (m->services_ms < next)
		next = m->services_ms;
	if (m->next_ms < next)
		next = m->next_ms;
	if (m->core != NULL && core_next(m) < next)
		next = core_next(m);
	return next;
}

static void
until_is_over(struct house *h, struct machine *m)
{
	m->until_ms = NEVER;
	switch (m->power) {
	case POWER_BOOTING:
		up(h, m);
		break;
	case POWER_STOPPING:
		if (m->services_ms != NEVER)
			processes_end(h, m, true);
		late_begin(h, m);
		break;
	case POWER_LATE:
		late_end(h, m);
		break;
	case POWER_OFF:
	case POWER_ON:
		break;
	}
}

void
machine_act(struct house *h, struct machine *m)
{
	if (m->asleep_ms != 0) {
		if (h->now_ms < m->asleep_ms)
			return;
		wake_up(h, m);
	}
	if (h->now_ms >= m->until_ms)
		until_is_over(h, m);
	if (h->now_ms >= m->stop_ms)
		machine_stop(h, m, "it was told to");
	if (h->now_ms >= m->services_ms)
		processes_end(h, m, true);
	if (m->core != NULL)
		core_act(h, m);
	if (h->now_ms >= m->next_ms && m->kind->act != NULL)
		m->kind->act(h, m);
}
