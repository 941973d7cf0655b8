/* SPDX-License-Identifier: ISC */
#include "tests/scenario/must.h"

#define BACK_MS 60000
#define WAKES_MAX 5    /* tries: docs/plan.md, 6 */
#define SLEPT_MS 60000 /* after a sleep it may be told late */

const char *const must_strandeds[STRANDEDS] = {
    [STRANDED_DEAF] = "nothing wakes it",
    [STRANDED_KEPT] = "it starts with its supply, and kept that",
    [STRANDED_UNKNOWN] = "nobody knew that it was off",
};

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
	return base + must_conf(h)->calm_ms;
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
		if (!supply_obeys(&h->supplies[m->feeds[i]]))
			return false;
	for (size_t i = 0; i < h->nsupplies && h->nsupplies > 1; i++)
		if (!supply_is_plain(&h->supplies[i]))
			return false;
	return true;
}

/* What it did while it stopped was not what anybody could expect. */
static bool
is_strange(const struct machine *m)
{
	return m->slow || m->overlooked ||
	       (m->slept_ms != 0 && m->told_ms < m->slept_ms + SLEPT_MS);
}

/* There is something that would bring it back. */
static bool
has_way(const struct house *h, const struct machine *m)
{
	if (!m->supplied)
		return false;
	if ((m->auto_on && m->cycled) || should_be_cycled(h, m))
		return true;
	/* Where nobody can see it, nobody knows that a packet was lost; and all of its tries
	 * may be. */
	return m->wakes && !is_strange(m) && m->in_vain < WAKES_MAX && m->plan >= 0 &&
	       h->plans[m->plan].wake && m->told_ms != 0 &&
	       (h->plans[m->plan].probe || m->kind->logs_in);
}

static enum stranded
stranded_of(const struct house *h, const struct machine *m)
{
	if (m->wakes && m->plan >= 0 && h->plans[m->plan].wake)
		return STRANDED_UNKNOWN;
	return m->auto_on ? STRANDED_KEPT : STRANDED_DEAF;
}

static void
strand(struct house *h, struct machine *m)
{
	must(h, !has_way(h, m), "%s is not back, %.0f s after the mains", m->name,
	    seconds(h->now_ms - h->good_ms));
	h->count->stranded[stranded_of(h, m)]++;
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
