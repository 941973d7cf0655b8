/* SPDX-License-Identifier: ISC */
#include <math.h>

#include "core/policy_in.h"

#define SPACING_MS 5000 /* between two samples that are kept, about */
#define SPAN_MS 20000   /* that a fall is seen for before it counts */

void
policy_fall_add(struct policy_fall *f, double value, uint64_t now_ms)
{
	const unsigned last = f->n - 1;

	if (isnan(value))
		return;
	if (f->n >= 2 && f->ms[last] - f->ms[last - 1] < SPACING_MS) {
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

double
policy_fall_rate(const struct policy_fall *f, double least, uint64_t now_ms)
{
	double drop, worst = 0;
	uint64_t span, worst_ms = 0;

	if (f->n < 3)
		return 0;
	for (unsigned i = 1; i < f->n; i++)
		if (f->at[i - 1] - f->at[i] > worst) {
			worst = f->at[i - 1] - f->at[i];
			worst_ms = f->ms[i] - f->ms[i - 1];
		}
	span = f->ms[f->n - 1] - f->ms[0];
	/* It has stopped for as long as it lasted. */
	if (now_ms - f->ms[f->n - 1] > span)
		return 0;
	drop = f->at[0] - f->at[f->n - 1] - worst;
	span -= worst_ms;
	return span < SPAN_MS || drop < least ? 0 : drop * 1000 / (double)span;
}
