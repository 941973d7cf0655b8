/* SPDX-License-Identifier: ISC */
#include <math.h>

#include "core/policy_in.h"

#define SPACING_MS 5000 /* that three samples are apart at least, */
#define SPACING 4       /* and so many times that makes a fall */
#define SPAN_MS 20000   /* that a fall is seen for before it counts */

void
policy_fall_add(struct policy_fall *f, double value, double least, uint64_t now_ms)
{
	const unsigned last = f->n - 1;

	if (isnan(value))
		return;
	if (f->n >= 2 && (now_ms - f->ms[last - 1] < SPACING_MS ||
			     fabs(value - f->at[last - 1]) < least / SPACING)) {
		/* the newest is always the last word of the gauge */
		f->ms[last] = now_ms;
		f->at[last] = value;
		return;
	}
	if (f->n == POLICY_SAMPLES) {
		for (unsigned i = 1; i < POLICY_SAMPLES; i++) {
			f->ms[i - 1] = f->ms[i];
			f->at[i - 1] = f->at[i];
		}
		f->n--;
	}
	f->ms[f->n] = now_ms;
	f->at[f->n++] = value;
}

/* What falls between two samples that follow each other. */
struct slope {
	double drop, rate;
	uint64_t ms;
};

/* Sorts them by their rate; returns how many there are. */
static unsigned
slopes_of(const struct policy_fall *f, struct slope *slopes)
{
	unsigned n = 0;

	for (unsigned i = 1; i < f->n; i++, n++) {
		struct slope s = {
		    .drop = f->at[i - 1] - f->at[i], .ms = f->ms[i] - f->ms[i - 1]};
		unsigned k = n;

		s.rate = s.drop / (double)(s.ms > 0 ? s.ms : 1);
		for (; k > 0 && slopes[k - 1].rate > s.rate; k--)
			slopes[k] = slopes[k - 1];
		slopes[k] = s;
	}
	return n;
}

/* The median over the time, so that neither a jump nor two decide. */
double
policy_fall_rate(const struct policy_fall *f, double least, uint64_t now_ms)
{
	struct slope slopes[POLICY_SAMPLES];
	const unsigned n = slopes_of(f, slopes);
	double drop = 0;
	uint64_t span = 0, half = 0;
	unsigned i = 0;

	for (unsigned k = 0; k + 1 < n; k++) {
		drop += slopes[k].drop;
		span += slopes[k].ms;
	}
	/* One that has stopped for as long as it lasted is over. */
	if (drop < least || span < SPAN_MS || now_ms - f->ms[f->n - 1] > span)
		return 0;
	span += slopes[n - 1].ms;
	while ((half += slopes[i].ms) * 2 < span)
		i++;
	return slopes[i].rate > 0 ? slopes[i].rate * 1000 : 0;
}
