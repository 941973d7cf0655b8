/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "lib/xmem.h"
#include "tests/scenario/house.h"

#define OUTAGES_MAX 4 /* in one house */
#define BEGIN_MS 60000
#define CALM_MS 30000 /* until the first outage */
#define FALL_MS 20000 /* of so long the slopes tell how fast a gauge falls */
#define LOOK_MS 20000 /* so often somebody looks whether all are back */

/* xorshift: the same house from the same seed on every machine. */
unsigned
chance(struct house *h, unsigned below)
{
	if (h->certain)
		return below / 2;
	h->random ^= h->random << 13;
	h->random ^= h->random >> 7;
	h->random ^= h->random << 17;
	return (unsigned)((h->random * 0x2545f4914f6cdd1dULL) >> 33) % below;
}

uint64_t
between(struct house *h, uint64_t low, uint64_t high)
{
	return low >= high ? low : low + chance(h, (unsigned)(high - low + 1));
}

bool
once_in(struct house *h, unsigned n)
{
	return chance(h, n) == 0;
}

/* What is drawn at one time does not depend on what was drawn before: two lives of a house
 * that differ in a kill differ in nothing else but what follows from it. */
static void
draw_anew(struct house *h)
{
	uint64_t z =
	    (h->seed + 1) * 0x9e3779b97f4a7c15ULL + h->now_ms * 0xbf58476d1ce4e5b9ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	h->random = (z ^ (z >> 31)) | 1;
}

static uint64_t
next_time(const struct house *h, uint64_t until_ms)
{
	uint64_t next = until_ms, t;

	for (size_t i = 0; i < h->nsupplies; i++) {
		const struct supply *s = &h->supplies[i];

		t = s->next_ms;
		if (net_serves(h) && s->report_ms < t)
			t = s->report_ms;
		if (net_serves(h) && s->dump_ms < t)
			t = s->dump_ms;
		next = t < next ? t : next;
	}
	for (size_t i = 0; i < h->nmachines; i++) {
		t = machine_next(&h->machines[i]);
		next = t < next ? t : next;
	}
	t = faults_next(h);
	next = t < next ? t : next;
	t = net_next(h);
	next = t < next ? t : next;
	return next > h->now_ms ? next : h->now_ms + 1;
}

/* All that is due now. */
static void
turn(struct house *h)
{
	draw_anew(h);
	faults_act(h);
	for (size_t i = 0; i < h->nsupplies; i++) {
		struct supply *s = &h->supplies[i];

		if (h->now_ms >= s->next_ms)
			supply_advance(h, s);
		if (net_serves(h) && h->machines[PRIMARY].asleep_ms == 0)
			driver_act(h, s);
		else if (h->now_ms >= s->report_ms)
			s->report_ms = h->now_ms + 1000;
		else if (h->now_ms >= s->dump_ms)
			s->dump_ms = h->now_ms + 1000;
	}
	net_act(h);
	for (size_t i = 0; i < h->nmachines; i++)
		if (h->now_ms >= machine_next(&h->machines[i]))
			machine_act(h, &h->machines[i]);
	must_watch(h);
}

static void
live_until(struct house *h, uint64_t until_ms)
{
	while (h->now_ms < until_ms) {
		h->now_ms = next_time(h, until_ms);
		turn(h);
	}
}

/* One outage, from the last calm moment until all are back. */
static void
outage(struct house *h)
{
	tell(h, "--- another outage");
	h->first = h->begin_ms == 0;
	h->count->outages++;
	h->begin_ms = h->now_ms;
	h->fsd_called = false;
	h->late_ms = 0;
	for (size_t i = 0; i < h->nmachines; i++) {
		struct machine *m = &h->machines[i];

		m->cycled = m->drilled = m->hook_failed = false;
		m->starved_ms = m->due_ms = m->told_ms = 0;
		m->wakings = m->in_vain = 0;
	}
	for (size_t i = 0; i < h->nsupplies; i++)
		h->supplies[i].odd_lately = false;
	faults_draw(h);
	h->certain = h->alike;
	while (!must_be_back(h)) {
		h->now_ms = next_time(h, h->now_ms + LOOK_MS);
		turn(h);
	}
	tell(h, "--- all are back");
}

void
house_live(struct house *h)
{
	unsigned outages = 1 + chance(h, OUTAGES_MAX);

	if (h->alike)
		outages = 1;
	h->now_ms = BEGIN_MS;
	h->down_ms = h->fsd_ms = NEVER;
	tell_house(h);
	h->good_ms = NEVER;
	for (size_t i = 0; i < h->nmachines; i++) {
		struct machine *m = &h->machines[i];

		m->earliest_ms = NEVER;
		m->power = POWER_OFF;
		m->until_ms = m->stop_ms = m->services_ms = m->next_ms = NEVER;
		m->supplied = true;
		m->power = POWER_BOOTING;
		m->until_ms = h->now_ms + between(h, 0, i == PRIMARY ? 1 : 5000);
	}
	supply_load(h);
	h->good_ms = h->quiet_ms = h->now_ms;
	live_until(h, h->now_ms + CALM_MS);
	for (unsigned i = 0; i < outages; i++) {
		outage(h);
		live_until(h, h->now_ms + between(h, 1, once_in(h, 3) ? 1000 : 600000));
	}
}

/* Lives through one house; false when something did not hold. */
static bool
live(struct house *h)
{
	jmp_buf failed;

	if (h->go_on) {
		h->failed = &failed;
		if (setjmp(failed) != 0)
			return false;
	}
	house_live(h);
	return true;
}

/* What came of the first outage, and when. */
struct dates {
	uint64_t fsd_ms, down_ms, told_ms[MACHINES_MAX];
	uint64_t slack_ms, good_ms; /* where a fall decided; the mains is back for good */
};

/* ... with or without the kills; false when something else did not hold. */
static bool
dates_of(const struct house *of, bool spared, struct dates *dates)
{
	struct house *h = xcalloc(1, sizeof(*h));
	struct count none = {0};
	bool good;

	house_draw(h, of->seed);
	h->alike = h->go_on = true;
	h->spared = spared;
	h->trace = of->trace;
	h->count = &none;
	tell(h, "=== again, %s kills", spared ? "without" : "with");
	good = live(h);
	*dates = (struct dates){.fsd_ms = h->fsd_ms,
	    .down_ms = h->down_ms,
	    .slack_ms = h->by_fall ? FALL_MS : 0,
	    .good_ms = h->by_fall ? h->good_ms : NEVER};
	for (size_t i = 0; i < h->nmachines; i++)
		dates->told_ms[i] = h->machines[i].earliest_ms;
	house_free(h);
	free(h);
	return good;
}

static void
must_not_precede(struct house *h, const char *what, const char *whom, uint64_t with,
    uint64_t without, const struct dates *dates)
{
	uint64_t latest = without < dates->good_ms ? without : dates->good_ms;

	must(h, with >= latest || latest - with <= dates->slack_ms,
	    "with its kills %s%s after %.3f s, without them after %.3f s", what, whom,
	    seconds(with), seconds(without));
}

/*
 * A kill of core makes nothing earlier, to the millisecond: the first outage of the house is
 * lived through twice more, with its kills and without them. What follows from a kill by
 * physics or by chance is kept out of both, for it is no decision: who is told later draws
 * power for longer (in these lives all draw it all the time), answers come later or sooner
 * (here all take the same time), and a pause of core, by a hang or a sleep, may be ended by its
 * death. When the primary goes down is compared where it waits for no planned machine: whether
 * one is off shows when it is probed, or by what it read last, and a telling that is later by
 * half a second may be seen to have done its work a probe earlier. And how fast a gauge falls
 * is told by when core hears of its values: one that was read while core was dead is heard
 * late by the time of the restart, and the slope behind it is too steep by that. A gauge in
 * whole percents has few slopes, and another one may stand in their middle, until as many new
 * ones have come: a fall may decide so much earlier, and what it would have decided later the
 * mains may have spared.
 */
static void
compare(struct house *h)
{
	const bool planned = h->machines[PRIMARY].core->conf.nplans > 0;
	struct dates with, without;

	if (!dates_of(h, false, &with) || !dates_of(h, true, &without))
		return;
	must_not_precede(h, "FSD is called", "", with.fsd_ms, without.fsd_ms, &with);
	for (size_t i = 1; i < h->nmachines; i++)
		must_not_precede(h, "somebody is told: ", h->machines[i].name,
		    with.told_ms[i], without.told_ms[i], &with);
	if (!planned)
		must_not_precede(
		    h, "the primary goes down", "", with.down_ms, without.down_ms, &with);
}

/* ... true when that holds, too. */
static bool
is_no_earlier(struct house *h)
{
	jmp_buf failed;

	if (!h->kills || h->wild)
		return true;
	if (h->go_on) {
		h->failed = &failed;
		if (setjmp(failed) != 0)
			return false;
	}
	compare(h);
	return true;
}

bool
house_run(unsigned long seed, bool trace, bool go_on, struct count *count)
{
	struct house *h = xcalloc(1, sizeof(*h));
	bool good;

	house_draw(h, seed);
	h->trace = trace;
	h->go_on = go_on;
	h->count = count;
	count->houses++;
	good = live(h) && is_no_earlier(h);
	house_free(h);
	free(h);
	return good;
}
