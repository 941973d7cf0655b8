/* SPDX-License-Identifier: ISC */
#ifndef HISTORY_READ_H
#define HISTORY_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What history has kept, for whoever shows it: web and the command line
 * (docs/history.md, 2). Short reads of one SQLite file that another process writes; each
 * call waits 50 ms at most for it. Times are Unix milliseconds. NAN stands for a value that
 * is not known. All functions return 0, or -1 with a sentence in `cause`.
 */
struct history;

#define HISTORY_CAUSE 160
#define HISTORY_POINTS_MAX 2000 /* of one series */
#define HISTORY_VARS_MAX 8

/* Opens the file in this folder for reading; *h is NULL, and 0 returned, where there is
 * none (yet). */
int history_open(struct history **h, const char *folder, char cause[HISTORY_CAUSE]);
void history_close(struct history *h);

/* A number that is another one after anybody has written (PRAGMA data_version). */
int history_version(struct history *h, int64_t *version, char cause[HISTORY_CAUSE]);

/* The names of all UPSes / of all variables that it has. */
typedef void history_name_fn(void *arg, const char *name);
int history_upses(
    struct history *h, history_name_fn *fn, void *arg, char cause[HISTORY_CAUSE]);
int history_variables(
    struct history *h, history_name_fn *fn, void *arg, char cause[HISTORY_CAUSE]);

/* Values in `points` equal steps from `from` to `to`, out of the finest table that reaches
 * back that far. The arrays (time, and 3 per variable) are the caller's to free. */
struct history_series {
	size_t points, nvars;
	int64_t *time; /* the middle of each step */
	struct {
		double *mean, *low, *high;
	} vars[HISTORY_VARS_MAX];
};
int history_series(struct history *h, const char *ups, const char *const *vars,
    size_t nvars, int64_t from, int64_t to, size_t points, struct history_series *out,
    char cause[HISTORY_CAUSE]);
void history_series_free(struct history_series *s);

/* Each value of one variable as it was kept, finest first, for export. */
typedef void history_value_fn(
    void *arg, const char *ups, const char *variable, int64_t at, double value);
int history_values(struct history *h, const char *ups, const char *variable, int64_t from,
    int64_t to, history_value_fn *fn, void *arg, char cause[HISTORY_CAUSE]);

/* Strings are good during the call only; `ups`, `who` may be NULL. */
struct history_event {
	int64_t id, at;
	const char *ups, *kind, *who, *text;
};
typedef void history_event_fn(void *arg, const struct history_event *e);

/* Which ones: ups NULL: of all; ids above `after` / below `before` (0: no bound); times in
 * [from, to) (0: no bound). The newest `limit` of them are told, newest first. */
struct history_which {
	const char *ups;
	int64_t after, before, from, to;
	size_t limit;
};
int history_events(struct history *h, const struct history_which *which,
    history_event_fn *fn, void *arg, char cause[HISTORY_CAUSE]);

struct history_outage {
	int64_t id, began, ended; /* ended 0: it lasts */
	int64_t ms;
	const char *ups, *kind; /* outage, test, calibration */
	double charge_began, charge_low, voltage_low, load, wh;
	bool complete; /* false: nobody saw its end */
};
typedef void history_outage_fn(void *arg, const struct history_outage *o);
int history_outages(struct history *h, const struct history_which *which,
    history_outage_fn *fn, void *arg, char cause[HISTORY_CAUSE]);

/* Power quality of one UPS in [from, to). */
struct history_quality {
	unsigned outages, transfers, tests, sags, swells, boosts, trims;
	double outage_s, boost_s, trim_s;
	double voltage_low, voltage_high; /* of the input, on mains */
};
int history_quality(struct history *h, const char *ups, int64_t from, int64_t to,
    struct history_quality *q, char cause[HISTORY_CAUSE]);

/* The same without the voltages, which stay NAN: they are most of the work. */
int history_counts(struct history *h, const char *ups, int64_t from, int64_t to,
    struct history_quality *q, char cause[HISTORY_CAUSE]);

/* Energy that the load took: kWh, NAN while no watt was ever known (since: 0); `estimated`:
 * from the load in percent, for the UPS tells no watts. */
struct history_energy {
	double today, month, year, total;
	int64_t since;
	bool estimated;
	struct history_day {
		int64_t at; /* midnight, local time */
		double kwh;
	} days[31]; /* the last ones, oldest first */
	size_t ndays;
};
int history_energy(struct history *h, const char *ups, int64_t now,
    struct history_energy *e, char cause[HISTORY_CAUSE]);

/* What the battery has taught (docs/history.md, 3). */
#define HISTORY_CURVE 10 /* at 10, 20 … 100 % of load */
struct history_learned {
	double health, confidence;   /* percent */
	double curve[HISTORY_CURVE]; /* s from a full battery */
	int64_t replace;             /* 0: not known */
	unsigned discharges;
	int64_t last_test, next_test; /* 0: none */
	char last_result[64];
};
int history_learned(struct history *h, const char *ups, struct history_learned *l,
    char cause[HISTORY_CAUSE]);

#endif
