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
	double seconds; /* that this took */
	bool anew;      /* the first one of another battery: those before are forgotten */
	double health;  /* percent, as it was after this point */
	int64_t
	    date; /* of the battery, as the UPS told it then (Unix s); 0: it did not */
};

/* The share of its time that a battery of this charge (percent) has left, 0 to 1. It is less
 * than the charge says: as the voltage falls, the same watts take more of it. */
double learn_share(double charge);

/* A battery. Zero-initialised it knows nothing. */
struct learn {
	struct learn_point points[LEARN_POINTS]; /* of this battery, oldest first */
	unsigned npoints;
	unsigned discharges; /* of which it ever learned */
	int64_t date;        /* of the battery, as the UPS tells it; 0: it does not */
	bool changed;        /* it was changed since the last point */
};

/* What follows from it. */
struct learn_result {
	double a, b; /* runtime(load) = a * load^-b; a NAN: nothing is known */
	double health, confidence; /* percent; NAN where nothing is known, and 0 */
	double curve[LEARN_CURVE]; /* s from a full battery */
	int64_t replace;           /* Unix s; 0: not known */
};

/* Adds a point that is new; sets its `anew`, `health` and `date`. */
void learn_add(struct learn *l, struct learn_point *p);

/* Adds one of the file, which is believed; they come in their order. */
void learn_restore(struct learn *l, const struct learn_point *p);

/* The UPS tells the date of its battery (Unix s; 0: none). Another one than before: the
 * battery was changed, and learning begins anew. Returns true then. */
bool learn_date(struct learn *l, int64_t date);

/* A date as UPSes write it (2023-05-01, 2023/05/01, 05/01/23) in Unix s; 0: it is none. */
int64_t learn_date_read(const char *text);

/* What is known at this time. */
void learn_result(const struct learn *l, int64_t now, struct learn_result *r);

/* Seconds that are left at this load (percent) and charge (percent); NAN: not known. */
double learn_runtime(const struct learn_result *r, double load, double charge);

#endif
