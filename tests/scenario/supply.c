/* SPDX-License-Identifier: ISC */
#include <math.h>

#include "tests/scenario/house.h"

#define EMPTY_SOON_S 40.0 /* the battery is watched closely */
#define NEAR_MS 500
#define IDLE_MS 60000 /* charging is looked at so often */

/* Watts that are plugged in: each machine that is not off draws them from all of its feeds
 * that give any. */
void
supply_load(struct house *h)
{
	double watts[SUPPLIES_MAX] = {0};

	for (size_t i = 0; i < h->nmachines; i++) {
		struct machine *m = &h->machines[i];
		unsigned alive = 0;

		if (m->power == POWER_OFF && !h->alike)
			continue;
		for (size_t k = 0; k < m->nfeeds; k++)
			alive += h->supplies[m->feeds[k]].ups.output;
		for (size_t k = 0; k < m->nfeeds; k++)
			if (h->supplies[m->feeds[k]].ups.output)
				watts[m->feeds[k]] += m->watts / alive;
	}
	for (size_t i = 0; i < h->nsupplies; i++) {
		struct supply *s = &h->supplies[i];

		s->ups.load = 100.0 * (watts[i] + 5.0) / s->ups.watts;
		supply_plan(h, s);
	}
}

/* The output went off or on: whoever hangs on it notices. */
static void
switched(struct house *h, struct supply *s)
{
	enum cut cause = s->ups.battery.charge <= 0.0 ? CUT_EMPTY : CUT_ORDERED;

	if (!s->ups.output) {
		h->count->cuts++;
		tell(h, "%s: the output goes off%s", s->name,
		    cause == CUT_EMPTY ? ": the battery is empty" : "");
		s->cut_ms = h->now_ms;
		s->obeys_ms = 0;
		s->odd_lately |= cause == CUT_EMPTY;
		if (s->quirks[QUIRK_BLIND] && cause == CUT_ORDERED)
			s->blind_ms = h->now_ms + ONDELAY_S * 1000;
	} else {
		tell(h, "%s: the output is on again%s", s->name,
		    ups_fed(&s->ups) ? "" : ", from the battery");
		s->cut_ms = 0;
		s->blind_ms = NEVER;
	}
	s->ordered = false;
	for (size_t i = 0; i < h->nmachines; i++)
		machine_supply(h, &h->machines[i], cause);
	supply_load(h);
	faults_moment(h, s->ups.output ? MOMENT_RETURN : MOMENT_CUT);
}

/* Fast chargers make short stories. */
static void
charge(struct supply *s, double seconds)
{
	if (ups_charging(&s->ups) && s->charger > 1.0)
		battery_charge(&s->ups.battery, seconds * (s->charger - 1.0));
}

void
supply_plan(struct house *h, struct supply *s)
{
	double due = ups_due(&s->ups);
	uint64_t next = NEVER, look = NEVER;

	if (!isinf(due))
		next = s->at_ms + (uint64_t)ceil(due * 1000.0);
	if (ups_discharging(&s->ups)) {
		double left = ups_runtime(&s->ups) - EMPTY_SOON_S;

		look = s->at_ms + NEAR_MS + (uint64_t)(fmax(left, 0.0) * 500.0);
	} else if (s->ready_ms == 0 && ups_fed(&s->ups))
		look = s->at_ms + IDLE_MS;
	next = look < next ? look : next;
	s->next_ms = s->blind_ms < next ? s->blind_ms : next;
}

void
supply_advance(struct house *h, struct supply *s)
{
	bool output = s->ups.output;

	if (h->now_ms > s->at_ms) {
		double passed = (double)(h->now_ms - s->at_ms) / 1000.0;

		s->at_ms = h->now_ms;
		ups_step(&s->ups, passed);
		charge(s, passed);
	}
	if (h->now_ms >= s->blind_ms) {
		s->blind_ms = NEVER;
		ups_startup(&s->ups, 0.0);
	}
	if (s->ups.output != output) {
		s->report_ms = h->now_ms;
		switched(h, s);
	}
	if (h->now_ms >= s->next_ms)
		supply_plan(h, s);
}

/* A UPS that does not cut while the mains is there forgets its countdown with its return. */
static void
returned(struct house *h, struct supply *s)
{
	bool output = s->ups.output;

	if (s->quirks[QUIRK_NO_CYCLE] && s->ups.shutdown >= 0.0) {
		tell(h, "%s: forgets its countdown, for the mains is back", s->name);
		ups_shutdown(&s->ups, UPS_IDLE);
		s->ups.startup = UPS_IDLE;
	}
	ups_plug(&s->ups);
	if (s->ups.output != output)
		switched(h, s);
}

void
supply_mains(struct house *h, unsigned circuit, bool there)
{
	if (h->mains[circuit] == there)
		return;
	h->mains[circuit] = there;
	tell(h, "the mains %s%s", there ? "returns" : "fails",
	    h->ncircuits > 1 ? (circuit == 0 ? " on circuit 1" : " on circuit 2") : "");
	for (size_t i = 0; i < h->nsupplies; i++) {
		struct supply *s = &h->supplies[i];

		if (s->circuit != circuit)
			continue;
		supply_advance(h, s);
		s->mains_ms = h->now_ms;
		if (there)
			returned(h, s);
		else
			ups_unplug(&s->ups);
		if (s->quirks[QUIRK_FLASH] && !there)
			s->flash_ms = h->now_ms + 500;
		if (s->quirks[QUIRK_DROPS] && once_in(h, 2)) {
			s->lost_ms = h->now_ms + between(h, 500, 40000);
			tell(h, "%s: USB is lost at transfer", s->name);
		}
		s->report_ms = h->now_ms + between(h, 20, 400);
		supply_plan(h, s);
	}
	must_watch(h);
}

bool
supply_cut(struct house *h, struct supply *s, double seconds)
{
	if (s->quirks[QUIRK_IGNORES] || !s->ups.output)
		return false;
	if (s->quirks[QUIRK_NO_CYCLE] && ups_fed(&s->ups))
		return false;
	ups_startup(&s->ups, ONDELAY_S);
	ups_shutdown(&s->ups, seconds);
	s->ordered = true;
	s->late = false;
	supply_plan(h, s);
	return true;
}

bool
supply_obeys(const struct supply *s)
{
	return !s->quirks[QUIRK_IGNORES] && !s->quirks[QUIRK_NO_CYCLE];
}

bool
supply_is_plain(const struct supply *s)
{
	return supply_obeys(s) && !s->quirks[QUIRK_CAPS] && !s->quirks[QUIRK_FIXED] &&
	       !s->quirks[QUIRK_BLIND] && !s->quirks[QUIRK_NO_TIMER] && !s->odd_lately;
}
