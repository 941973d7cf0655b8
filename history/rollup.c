/* SPDX-License-Identifier: ISC */
#include "history/rollup.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "lib/xmem.h"

/* What a minute or an hour has had so far. */
struct sum {
	double area; /* value times ms */
	int64_t known;
	double low, high;
};

/* One variable of one UPS. */
struct track {
	int64_t ups, variable;
	double value;  /* now, or NAN */
	int64_t since; /* counted up to here */
	struct sum minute, hour;
};

struct rollup {
	int64_t hour;
	rollup_row_fn *fn;
	void *arg;
	struct track *tracks;
	size_t ntracks;
};

struct rollup *
rollup_new(int64_t hour, rollup_row_fn *fn, void *arg)
{
	struct rollup *r = xcalloc(1, sizeof(*r));

	r->hour = hour;
	r->fn = fn;
	r->arg = arg;
	return r;
}

static void
sum_add(struct sum *s, double value, int64_t ms)
{
	if (s->known == 0)
		s->low = s->high = value;
	s->low = fmin(s->low, value);
	s->high = fmax(s->high, value);
	s->area += value * (double)ms;
	s->known += ms;
}

/* Tells a sum as the row that begins at `at`, and empties it. */
static void
tell(struct rollup *r, const struct track *t, bool hour, int64_t at, struct sum *s)
{
	if (s->known > 0) {
		/* Rounding shall not put a mean outside of what it is the mean of. */
		double mean = fmin(fmax(s->area / (double)s->known, s->low), s->high);

		r->fn(r->arg, hour,
		    &(struct rollup_row){
			t->ups, t->variable, at, s->known, mean, s->low, s->high});
	}
	*s = (struct sum){0};
}

/* The value has held until `at`: minute by minute, each told when it is over. */
static void
advance(struct rollup *r, struct track *t, int64_t at)
{
	while (t->since < at) {
		int64_t minute = t->since - t->since % ROLLUP_MINUTE;
		int64_t end = minute + ROLLUP_MINUTE;
		int64_t until = at < end ? at : end;

		if (!isnan(t->value)) {
			sum_add(&t->minute, t->value, until - t->since);
			sum_add(&t->hour, t->value, until - t->since);
		}
		if (until == end)
			tell(r, t, false, minute, &t->minute);
		t->since = until;
	}
}

static struct track *
track_of(struct rollup *r, int64_t ups, int64_t variable)
{
	for (size_t i = 0; i < r->ntracks; i++)
		if (r->tracks[i].ups == ups && r->tracks[i].variable == variable)
			return &r->tracks[i];
	r->tracks = xreallocarray(r->tracks, r->ntracks + 1, sizeof(*r->tracks));
	r->tracks[r->ntracks] = (struct track){
	    .ups = ups, .variable = variable, .value = NAN, .since = r->hour};
	return &r->tracks[r->ntracks++];
}

void
rollup_value(struct rollup *r, int64_t at, int64_t ups, int64_t variable, double value)
{
	struct track *t = track_of(r, ups, variable);

	advance(r, t, at);
	t->value = value;
}

void
rollup_gap(struct rollup *r, int64_t at)
{
	for (size_t i = 0; i < r->ntracks; i++) {
		advance(r, &r->tracks[i], at);
		r->tracks[i].value = NAN;
	}
}

void
rollup_free(struct rollup *r)
{
	rollup_gap(r, r->hour + ROLLUP_HOUR);
	for (size_t i = 0; i < r->ntracks; i++)
		tell(r, &r->tracks[i], true, r->hour, &r->tracks[i].hour);
	free(r->tracks);
	free(r);
}
