/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "lib/xmem.h"
#include "tests/scenario/house.h"

#define OUTAGES_MAX 4 /* in one house */
#define BEGIN_MS 60000
#define CALM_MS 30000 /* until the first outage */
#define LOOK_MS 20000 /* so often somebody looks whether all are back */

/* xorshift: the same house from the same seed on every machine. */
unsigned
chance(struct house *h, unsigned below)
{
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

		m->cycled = m->drilled = m->hook_failed = m->denied = false;
		m->starved_ms = m->due_ms = m->told_ms = 0;
		m->wakings = m->in_vain = 0;
	}
	for (size_t i = 0; i < h->nsupplies; i++)
		h->supplies[i].odd_lately = false;
	faults_draw(h);
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
	h->down_ms = NEVER;
	tell_house(h);
	h->good_ms = NEVER;
	for (size_t i = 0; i < h->nmachines; i++) {
		struct machine *m = &h->machines[i];

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

/* When the primary goes down in the first outage, with or without the kills; 0: something
 * else did not hold. */
static uint64_t
down_of(const struct house *of, bool spared)
{
	struct house *h = xcalloc(1, sizeof(*h));
	struct count none = {0};
	uint64_t down_ms = 0;

	house_draw(h, of->seed);
	h->alike = h->go_on = true;
	h->spared = spared;
	h->trace = of->trace;
	h->count = &none;
	tell(h, "=== again, %s kills", spared ? "without" : "with");
	if (live(h))
		down_ms = h->down_ms;
	house_free(h);
	free(h);
	return down_ms;
}

/*
 * A kill of core never makes the cut earlier, to the millisecond: the first outage of the house
 * is lived through twice more, with its kills and without them. What follows from a kill by
 * physics alone is kept out of both, for it is no decision: who is told later draws power for
 * longer (so in these lives all draw it all the time), and a pause of core, by a hang or a
 * sleep, may be ended by its death.
 */
static void
compare(struct house *h)
{
	const uint64_t with = down_of(h, false), without = down_of(h, true);

	must(h, with >= without,
	    "with its kills the primary goes down after %.3f s, without them after %.3f "
	    "s",
	    seconds(with), seconds(without));
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
