/* SPDX-License-Identifier: ISC */
#include "history/learn.h"

#include <math.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#define DAY 86400.0
#define YEAR (365.25 * DAY)

/* How sure one discharge is of ln(runtime): the gauge may err by a percent of charge at its
 * ends, a moment by a poll of the device, and no two discharges are alike. */
#define POINT_SIGMA 0.06
#define GAUGE_ERROR 1.0
#define POLL_S 2.0
#define SAMPLE_DEPTH 20.0 /* a discharge of this depth, */
#define SAMPLE_S 120.0    /* and so long, is the unit of evidence */

#define HALF_LIFE (120 * DAY) /* of what a point says of now */
#define EVIDENCE_SCALE 2.0    /* so many units make a confidence of 63 % */

/* The exponent: what is assumed, how surely, and its bounds. */
#define B_USUAL 1.25
#define B_SIGMA 0.15
#define B_MIN 0.9
#define B_MAX 1.8
#define DRIFT_SIGMA 0.3 /* of ln(runtime), per year */

#define HASTE \
	0.2 /* so much faster falls the charge of an empty battery than a full one's */
#define LOAD_MIN 5.0 /* percent: with less on it, it feeds mostly itself */

#define CHANGED_POINTS 25.0 /* of health: a jump up by so much is a new battery, */
#define CHANGED_SIGMAS 3.0  /* unless the points are as uncertain as that */

#define HEALTH_END 60.0      /* percent: to be replaced */
#define YEARS_USUAL 5        /* until then */
#define SLOPE_USUAL (-8.0)   /* points of health per year: 100 to 60 % in 5 years */
#define SLOPE_SIGMA 6.0      /* how surely */
#define SLOPE_LEAST (-2.0)   /* no battery lasts for ever */
#define HEALTH_SIGMA 8.0     /* points of health, of one discharge */
#define CONFIDENCE_DATE 50.0 /* percent: below it the date of the battery says more */

static double
sigma_of(const struct learn_point *p)
{
	return hypot(hypot(POINT_SIGMA, GAUGE_ERROR / p->depth), POLL_S / p->seconds);
}

static double
weight_of(const struct learn_point *p)
{
	const double sigma = sigma_of(p);

	return 1 / (sigma * sigma);
}

/* What is left of its weight at a later time. */
static double
weight_at(const struct learn_point *p, int64_t now)
{
	const double age = now > p->at ? (double)(now - p->at) : 0;

	return weight_of(p) * exp2(-age / HALF_LIFE);
}

double
learn_share(double charge)
{
	const double gone = 1 - fmin(fmax(charge, 0), 100) / 100;

	return 1 - log1p(HASTE * gone) / log1p(HASTE);
}

static double
log_load(double load)
{
	return log(fmax(load, LOAD_MIN));
}

/*
 * The exponent b by weighted least squares of ln(full) over ln(load) and the time, by which
 * a battery that ages is not taken for one that dislikes load. What is usual counts like a
 * measurement, so that the sums are never singular.
 */
static double
fit_b(const struct learn *l)
{
	double w = 0, mx = 0, mt = 0, my = 0;
	double sxx = 1 / (B_SIGMA * B_SIGMA), stt = 1 / (DRIFT_SIGMA * DRIFT_SIGMA);
	double sxt = 0, sxy = 0, sty = 0, b;

	for (unsigned i = 0; i < l->npoints; i++) {
		const struct learn_point *p = &l->points[i];
		const double wi = weight_of(p);

		w += wi;
		mx += wi * log_load(p->load);
		mt += wi * (double)p->at / YEAR;
		my += wi * log(p->full);
	}
	for (unsigned i = 0; i < l->npoints; i++) {
		const struct learn_point *p = &l->points[i];
		const double wi = weight_of(p), x = log_load(p->load) - mx / w;
		const double t = (double)p->at / YEAR - mt / w;
		const double y = log(p->full) - my / w + B_USUAL * x;

		sxx += wi * x * x;
		stt += wi * t * t;
		sxt += wi * x * t;
		sxy += wi * x * y;
		sty += wi * t * y;
	}
	b = B_USUAL - (sxy * stt - sty * sxt) / (sxx * stt - sxt * sxt);
	return fmin(fmax(b, B_MIN), B_MAX);
}

/* ln(a) of one point alone. */
static double
log_a(const struct learn_point *p, double b)
{
	return log(p->full) + b * log_load(p->load);
}

/* ln(a) as it was known after the first n points, at this time; *evidence: in discharges of
 * 20 % of now. */
static double
level(const struct learn *l, unsigned n, int64_t now, double b, double *evidence)
{
	const struct learn_point unit = {.depth = SAMPLE_DEPTH, .seconds = SAMPLE_S};
	const int64_t newest = l->points[n - 1].at;
	double w = 0, sum = 0;

	*evidence = 0;
	for (unsigned i = 0; i < n; i++) {
		/* Relative to the newest one, so that they do not all fade to nothing. */
		const double wi = weight_at(&l->points[i], newest);

		w += wi;
		sum += wi * log_a(&l->points[i], b);
		*evidence += weight_at(&l->points[i], now) / weight_of(&unit);
	}
	return sum / w;
}

/* The best that it ever was, as far as that was known well; at least what it is now. */
static double
best_level(const struct learn *l, double b)
{
	double best = -INFINITY, known = 0, evidence, at;

	for (unsigned n = 1; n <= l->npoints; n++) {
		at = level(l, n, l->points[n - 1].at, b, &evidence);
		if (evidence >= 1 && known < 1)
			best = -INFINITY; /* from now on only what is well known counts */
		if (evidence >= 1 || known < 1)
			best = fmax(best, at);
		known = fmax(known, evidence);
	}
	return best;
}

/* The slope of health in points per year, by least squares; what is usual counts, too. */
static double
slope(const struct learn *l, double b, double best)
{
	double w = 0, mt = 0, mh = 0, stt = 1 / (SLOPE_SIGMA * SLOPE_SIGMA), sth;

	sth = stt * SLOPE_USUAL;
	for (unsigned i = 0; i < l->npoints; i++) {
		const double wi = weight_of(&l->points[i]);

		w += wi;
		mt += wi * (double)l->points[i].at / YEAR;
		mh += wi * 100 * exp(log_a(&l->points[i], b) - best);
	}
	for (unsigned i = 0; i < l->npoints; i++) {
		const struct learn_point *p = &l->points[i];
		const double sigma = HEALTH_SIGMA * sigma_of(p) / POINT_SIGMA;
		const double t = (double)p->at / YEAR - mt / w;
		const double h = 100 * exp(log_a(p, b) - best) - mh / w;

		stt += t * t / (sigma * sigma);
		sth += t * h / (sigma * sigma);
	}
	return fmin(sth / stt, SLOPE_LEAST);
}

/* When the line of health reaches its end, counted from the newest point. */
static int64_t
replace_at(const struct learn *l, const struct learn_result *r, double best)
{
	const int64_t newest = l->points[l->npoints - 1].at;

	if (r->health <= HEALTH_END)
		return newest;
	return newest + (int64_t)((HEALTH_END - r->health) / slope(l, r->b, best) * YEAR);
}

void
learn_result(const struct learn *l, int64_t now, struct learn_result *r)
{
	double best = NAN, at, evidence;

	*r = (struct learn_result){.a = NAN, .b = B_USUAL, .health = NAN};
	for (unsigned i = 0; i < LEARN_CURVE; i++)
		r->curve[i] = NAN;
	if (l->npoints > 0) {
		r->b = fit_b(l);
		at = level(l, l->npoints, now, r->b, &evidence);
		best = best_level(l, r->b);
		r->a = exp(at);
		r->health = 100 * exp(fmin(at - best, 0));
		r->confidence = 100 * (1 - exp(-evidence / EVIDENCE_SCALE));
		for (unsigned i = 0; i < LEARN_CURVE; i++)
			r->curve[i] = learn_runtime(r, (i + 1) * 10.0, 100);
	}
	if (r->confidence >= CONFIDENCE_DATE)
		r->replace = replace_at(l, r, best);
	else if (l->date != 0)
		r->replace = l->date + (int64_t)(YEARS_USUAL * YEAR);
}

double
learn_runtime(const struct learn_result *r, double load, double charge)
{
	return r->a * pow(fmax(load, LOAD_MIN), -r->b) * learn_share(charge);
}

/* True when this point is too good to be of the battery that is known. */
static bool
is_another(const struct learn *l, const struct learn_point *p)
{
	struct learn_result r;
	double far, sigma, gain, near = INFINITY;

	if (l->npoints == 0)
		return false;
	learn_result(l, p->at, &r);
	for (unsigned i = 0; i < l->npoints; i++) {
		far = fabs(log_load(l->points[i].load) - log_load(p->load));
		near = fmin(near, far);
	}
	sigma = hypot(hypot(sigma_of(p), POINT_SIGMA), B_SIGMA * near);
	gain = log_a(p, r.b) - log(r.a);
	return gain > CHANGED_SIGMAS * sigma &&
	       r.health * (exp(gain) - 1) >= CHANGED_POINTS;
}

/* Room for one more: the weakest goes, but none of the newest. */
static void
drop_weakest(struct learn *l)
{
	unsigned weakest = 0;

	for (unsigned i = 1; i < LEARN_POINTS - LEARN_POINTS / 8; i++)
		if (weight_of(&l->points[i]) < weight_of(&l->points[weakest]))
			weakest = i;
	l->npoints--;
	memmove(&l->points[weakest], &l->points[weakest + 1],
	    (l->npoints - weakest) * sizeof(l->points[0]));
}

/* What no battery does is no point, whoever wrote it. */
static bool
is_sane(const struct learn_point *p)
{
	return p->load > 0 && p->load <= 1000 && p->full >= 1 && p->full <= 1e7 &&
	       p->depth > 0 && p->depth <= 100 && p->seconds > 0 && p->seconds <= 1e7;
}

void
learn_restore(struct learn *l, const struct learn_point *p)
{
	if (!is_sane(p))
		return;
	if (p->anew)
		l->npoints = 0;
	if (l->npoints == LEARN_POINTS)
		drop_weakest(l);
	l->points[l->npoints++] = *p;
	l->discharges++;
	l->changed = false;
	if (p->date != 0)
		l->date = p->date;
}

void
learn_add(struct learn *l, struct learn_point *p)
{
	struct learn_result r;

	p->date = l->date;
	p->anew = l->changed || (is_sane(p) && is_another(l, p));
	learn_restore(l, p);
	learn_result(l, p->at, &r);
	p->health = r.health;
	if (is_sane(p))
		l->points[l->npoints - 1].health = r.health;
}

bool
learn_date(struct learn *l, int64_t date)
{
	const bool other = date != 0 && l->date != 0 && date != l->date;

	if (date != 0)
		l->date = date;
	if (other) {
		l->npoints = 0;
		l->changed = true;
	}
	return other;
}

/* Three numbers with one kind of sign between them; 0, or -1. */
static int
read_three(const char *text, int n[3], int digits[3])
{
	char sign = '\0';

	for (int i = 0; i < 3; i++) {
		n[i] = digits[i] = 0;
		for (; *text >= '0' && *text <= '9' && digits[i] < 4; text++, digits[i]++)
			n[i] = n[i] * 10 + (*text - '0');
		if (digits[i] == 0)
			return -1;
		if (i == 2)
			break;
		if ((*text != '-' && *text != '/') || (i == 1 && *text != sign))
			return -1;
		sign = *text++;
	}
	return text[strspn(text, " ")] == '\0' ? 0 : -1;
}

int64_t
learn_date_read(const char *text)
{
	struct tm tm = {.tm_hour = 12};
	int n[3], digits[3];

	if (read_three(text, n, digits) != 0)
		return 0;
	if (digits[0] == 4) { /* year, month, day */
		tm.tm_year = n[0];
		tm.tm_mon = n[1];
		tm.tm_mday = n[2];
	} else { /* month, day, year */
		tm.tm_year = digits[2] == 2 ? 2000 + n[2] : n[2];
		tm.tm_mon = n[0];
		tm.tm_mday = n[1];
	}
	if (tm.tm_year < 1990 || tm.tm_year > 2100 || tm.tm_mon < 1 || tm.tm_mon > 12 ||
	    tm.tm_mday < 1 || tm.tm_mday > 31)
		return 0;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	return (int64_t)timegm(&tm);
}
