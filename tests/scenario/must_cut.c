/* SPDX-License-Identifier: ISC */
#include <math.h>

#include "tests/scenario/must.h"

#define PROBE_MS 7000 /* a probe that finds nobody, and the pause before it */
#define LATE_MS 4000  /* so much later than usual a reader may come */

const char *const must_excuses[EXCUSES] = {
    [EXCUSE_BATTERY] = "the battery did not last for its time",
    [EXCUSE_BLIND] = "no moment was due by what was told",
    [EXCUSE_SLOW] = "it took longer than declared",
    [EXCUSE_AWAY] = "it could not be reached",
    [EXCUSE_UNDECLARED] = "nobody said how long it takes",
    [EXCUSE_BOOTING] = "it booted while the primary was past the point of no return",
    [EXCUSE_APART] = "its UPSes could not be cut together",
    [EXCUSE_SHORT] = "the battery of the primary did not last for its time",
};

/* 1. Nobody is running when its output is cut, unless its own declared time could not be
 * met by the battery. */

/* From its telling until core knows that it is off (docs/plan.md, 4): three probes are missed;
 * one that falls silent has its time from then on, and may read until it is off. */
static uint64_t
shows_off(const struct house *h, const struct machine *m)
{
	const uint64_t declared = must_declared(m);

	switch (h->plans[m->plan].off) {
	case POLICY_OFF_PROBE:
		return declared + 3 * PROBE_MS;
	case POLICY_OFF_SILENT:
		return declared + 3 * (m->period_ms + LATE_MS) + declared;
	case POLICY_OFF_LOGOUT:
	case POLICY_OFF_TIME:
		break;
	}
	return declared;
}

/* From the due moment until it should be off: how long it takes to reach it, and those
 * that go before it. */
static uint64_t
should_take(const struct house *h, const struct machine *m)
{
	uint64_t others = 0;

	if (m->index != PRIMARY)
		return MUST_REACH_MS + must_declared(m);
	for (size_t i = 1; i < h->nmachines; i++)
		if (h->machines[i].plan >= 0 && shows_off(h, &h->machines[i]) > others)
			others = shows_off(h, &h->machines[i]);
	return MUST_REACH_MS + others + must_conf(h)->hostsync_ms +
	       must_conf(h)->finaldelay_ms + must_declared(m);
}

/* Nobody could tell it in time: it was cut off from us, or one of both was asleep, until less
 * than its time was left, or the primary was past the point of no return. */
static bool
was_away(const struct house *h, const struct machine *m)
{
	const struct core *c = h->machines[PRIMARY].core;
	uint64_t reached = h->machines[PRIMARY].reached_ms;

	if (m->reached_ms > reached)
		reached = m->reached_ms;
	return reached != 0 && (h->now_ms < reached + should_take(h, m) ||
				   (c->final_ms != 0 && reached >= c->final_ms));
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
 * were cut, or somebody pressed its button; and it is not one that reads, or was up so late
 * that the primary had ended its waiting before it could be found, and told. */
static bool
is_late_comer(const struct house *h, const struct machine *m)
{
	const struct core *c = h->machines[PRIMARY].core;

	return m->power == POWER_BOOTING ||
	       (m->power == POWER_ON && c->final_ms != 0 &&
		   m->up_ms + MUST_REACH_MS >= c->final_ms) ||
	       (m->power == POWER_STOPPING && c->final_ms != 0 && m->up_ms >= c->fsd_ms &&
		   m->told_ms >= c->final_ms) ||
	       (m->power == POWER_ON && m->kind->by_hook && m->power_ms >= c->fsd_ms) ||
	       (m->power == POWER_ON && h->now_ms < m->power_ms + MUST_REACH_MS);
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

/* The primary's own battery ended while it waited, so nobody was there to wait; and one of the
 * UPSes does not take the delay that would have waited in its place, so that the late hook
 * cut it. */
static bool
is_forsaken(const struct house *h, const struct machine *m)
{
	bool plain = true, late = false;

	for (size_t i = 0; i < h->nsupplies; i++)
		plain &= supply_is_plain(&h->supplies[i]);
	for (size_t i = 0; i < m->nfeeds; i++)
		late |= h->supplies[m->feeds[i]].late;
	return late && !plain && h->machines[PRIMARY].core->hurried;
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
	if (cause == CUT_ORDERED && must_left(h, m) < left)
		return EXCUSE_BATTERY;
	if (cause == CUT_ORDERED)
		return is_forsaken(h, m) ? EXCUSE_SHORT : EXCUSES;
	if (m->due_ms == 0)
		return EXCUSE_BLIND;
	return h->now_ms < m->due_ms + should_take(h, m) ? EXCUSE_BATTERY : EXCUSES;
}

void
must_cut(struct house *h, struct machine *m, enum cut cause)
{
	enum excuse excuse = excuse_of(h, m, cause);

	must(h, excuse != EXCUSES,
	    "%s is running when its output goes off (%s); due for %.1f s, needs %.1f s",
	    m->name, cause == CUT_ORDERED ? "by our order" : "battery empty",
	    m->due_ms == 0 ? 0.0 : seconds(h->now_ms - m->due_ms),
	    seconds(should_take(h, m)));
	if (excuse == EXCUSES)
		return;
	h->count->excused[excuse]++;
	tell(h, "%s is cut alive: excused, %s", m->name, must_excuses[excuse]);
}
