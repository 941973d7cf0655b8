/* SPDX-License-Identifier: ISC */
#include "history/discharge.h"

#include <math.h>

#define LEAST_MS 10000        /* it teaches when it has lasted so long, */
#define LEAST_DEPTH 3.0       /* and taken so many percent */
#define CHARGE_LATE_MS 5000   /* when it begins to feed, its charge says little, */
#define VOLTAGE_LATE_MS 30000 /* and its voltage even longer */
#define VOLTAGE_RANGE 0.1     /* of its first voltage: from full to the knee */
#define VOLTAGE_WORTH 0.5     /* a percent by the voltage says half of one by the gauge */
#define SLIP 4.0              /* so many times its usual rate: the gauge has slipped, */
#define SLIP_DROP 2.5         /* when it moved by so many percent, too */
#define SLIP_SEGMENTS 4       /* with fewer of them nobody can say what is usual */

void
discharge_begin(struct discharge *d, uint64_t now_ms)
{
	*d = (struct discharge){.began_ms = now_ms,
	    .load = NAN,
	    .load_at_ms = now_ms,
	    .charge.now = NAN,
	    .voltage.now = NAN,
	    .voltage_first = NAN};
}

/* Every other mark goes: the times between the others stay exact. */
static void
thin(struct discharge_gauge *g)
{
	unsigned n = 0;

	for (unsigned i = 0; i < g->n; i += 2)
		g->marks[n++] = g->marks[i];
	g->n = n;
}

static void
mark(struct discharge_gauge *g, uint64_t now_ms, double value, bool early)
{
	const bool first = isnan(g->now);

	if (isnan(value) || value == g->now)
		return;
	g->now = value;
	/* Since when it has had its first value nobody knows. */
	if (first || early)
		return;
	if (g->n == DISCHARGE_MARKS)
		thin(g);
	g->marks[g->n++] = (struct discharge_mark){now_ms, value};
}

static void
add_load(struct discharge *d, uint64_t now_ms)
{
	if (!isnan(d->load)) {
		d->load_ms += d->load * (double)(now_ms - d->load_at_ms);
		d->loaded_ms += now_ms - d->load_at_ms;
	}
	d->load_at_ms = now_ms;
}

void
discharge_take(
    struct discharge *d, uint64_t now_ms, double charge, double voltage, double load)
{
	const uint64_t ms = now_ms - d->began_ms;

	add_load(d, now_ms);
	d->load = load;
	mark(&d->charge, now_ms, charge, ms < CHARGE_LATE_MS);
	mark(&d->voltage, now_ms, voltage, ms < VOLTAGE_LATE_MS);
	if (isnan(d->voltage_first) && ms >= VOLTAGE_LATE_MS)
		d->voltage_first = voltage;
}

/* What lies between two marks: how far it fell, what share of a full battery's time that is,
 * and how long it took. */
struct segment {
	double drop, share, ms, rate;
};

/* The segments between the marks, sorted by rate; `full` and `range` make percent of what
 * the gauge tells. */
static unsigned
segments_of(
    const struct discharge_gauge *g, double full, double range, struct segment *list)
{
	unsigned n = 0;

	for (unsigned i = 1; i < g->n; i++) {
		const struct discharge_mark *from = &g->marks[i - 1], *to = &g->marks[i];
		const double high = 100 - (full - from->at) / range * 100;
		const double low = 100 - (full - to->at) / range * 100;
		struct segment s = {.drop = high - low,
		    .share = learn_share(high) - learn_share(low),
		    .ms = to->ms > from->ms ? (double)(to->ms - from->ms) : 1};
		unsigned k = n++;

		s.rate = s.drop / s.ms;
		for (; k > 0 && list[k - 1].rate > s.rate; k--)
			list[k] = list[k - 1];
		list[k] = s;
	}
	return n;
}

/* The median of the rates over the time. */
static double
usual_rate(const struct segment *list, unsigned n)
{
	double half = 0, passed = 0;

	for (unsigned i = 0; i < n; i++)
		half += list[i].ms / 2;
	for (unsigned i = 0; i < n; i++)
		if ((passed += list[i].ms) >= half)
			return list[i].rate;
	return 0;
}

/* Adds up the segments, slips left out. */
static struct segment
fall_of(const struct discharge_gauge *g, double full, double range)
{
	struct segment list[DISCHARGE_MARKS], sum = {0};
	const unsigned n = segments_of(g, full, range, list);
	const double usual = usual_rate(list, n);

	for (unsigned i = 0; i < n; i++) {
		if (n >= SLIP_SEGMENTS && usual > 0 &&
		    fabs(list[i].rate) > SLIP * usual && fabs(list[i].drop) > SLIP_DROP)
			continue;
		sum.drop += list[i].drop;
		sum.share += list[i].share;
		sum.ms += list[i].ms;
	}
	return sum;
}

bool
discharge_end(struct discharge *d, uint64_t now_ms, struct learn_point *p)
{
	const double volts = d->voltage_first;
	const bool charge = !isnan(d->charge.now);
	struct segment sum;

	add_load(d, now_ms);
	if (now_ms - d->began_ms < LEAST_MS || d->loaded_ms == 0 ||
	    (!charge && !(volts > 0)))
		return false;
	sum = charge ? fall_of(&d->charge, 100, 100)
		     : fall_of(&d->voltage, volts, volts * VOLTAGE_RANGE);
	*p = (struct learn_point){.load = d->load_ms / (double)d->loaded_ms,
	    .full = sum.ms / 1000 / sum.share,
	    .depth = sum.drop * (charge ? 1 : VOLTAGE_WORTH),
	    .seconds = sum.ms / 1000};
	return p->depth >= LEAST_DEPTH && p->load > 0 && p->full > 0;
}
