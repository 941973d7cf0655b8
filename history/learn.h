/* SPDX-License-Identifier: ISC */
#ifndef HISTORY_LEARN_H
#define HISTORY_LEARN_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What discharges teach of a battery (docs/history.md, 3). Pure: times are Unix seconds that
 * the caller passes in.
 */
#define LEARN_POINTS 64 /* the newest and deepest are kept */
#define LEARN_CURVE 10  /* at 10, 20 … 100 % of load */

/* What one discharge has taught: a row of the table `learned`. */
struct learn_point {
	int64_t at;     /* its end, Unix s */
	double load;    /* percent, the mean */
	double full;    /* s that a full battery would have lasted at this load */
	double depth;   /* percent of charge that it took */
	double seconds; /* that it lasted */
	bool anew;      /* the first one of another battery: those before are forgotten */
	double health;  /* percent, as it was after this point */
};

/* A battery. Zero-initialised it knows nothing. */
struct learn {
	struct learn_point points[LEARN_POINTS]; /* of this battery, oldest first */
	unsigned npoints;
	unsigned discharges; /* that it ever had */
	int64_t date;        /* of the battery, as the UPS tells it; 0: it does not */
};

/* What follows from it. */
struct learn_result {
	double a, b; /* runtime(load) = a * load^-b; a is NAN while nothing is known */
	double health, confidence; /* percent; NAN, 0 */
	double curve[LEARN_CURVE]; /* s from a full battery */
	int64_t replace;           /* Unix s; 0: not known */
};

/* Adds a point; sets its `anew` and `health`. Points of the file are given in their order, at
 * the start, by learn_restore(), which believes what they say. */
void learn_add(struct learn *l, struct learn_point *p);
void learn_restore(struct learn *l, const struct learn_point *p);

/* The UPS tells another date of its battery: it begins anew. 0: it tells none. */
void learn_date(struct learn *l, int64_t date);

/* What is known at this time. */
void learn_result(const struct learn *l, int64_t now, struct learn_result *r);

/* Seconds that are left at this load (percent) and charge (percent); NAN: not known. */
double learn_runtime(const struct learn_result *r, double load, double charge);

#endif
