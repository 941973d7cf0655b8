/* SPDX-License-Identifier: ISC */
#ifndef HISTORY_WATCH_IN_H
#define HISTORY_WATCH_IN_H

#include "history/discharge.h"
#include "history/series.h"
#include "history/watch.h"

/* What the parts of watch share: watch.c (the feed, the clock), watch_value.c (numbers),
 * watch_words.c (ups.status), watch_battery.c (outages and learning), watch_house.c (who is
 * logged in, machines, deeds). */

#define WATCH_TEXT 256 /* bytes of an event's sentence */
#define WATCH_HOURS 24
#define WATCH_PUBLISHED 4
#define WATCH_VALUE 32 /* bytes of a published value */

/* Numbers that say how others are meant. */
enum watch_limit {
	LIMIT_WATTS, /* ups.realpower.nominal */
	LIMIT_VA,    /* ups.power.nominal */
	LIMIT_INPUT, /* input.voltage.nominal */
	LIMIT_TRANSFER_LOW,
	LIMIT_TRANSFER_HIGH,
	LIMITS
};

struct watch_login {
	char *who; /* account@address */
	bool here; /* in the list that is looked at */
};

struct watch_ups {
	char *name;
	unsigned flags;
	bool heard; /* its values are of now */
	double values[SERIES_MAX], limits[LIMITS];
	bool watts_told;
	bool guessed; /* charge and runtime are core's estimates */

	/* watch_value.c: the input voltage is out of bounds since (boot ms, 0: it is not). */
	uint64_t beyond_ms;
	unsigned beyond; /* WATCH_SAG or WATCH_SWELL */
	double charge_high[WATCH_HOURS];
	uint64_t hour; /* of boot, whose highest charge is the newest */

	/* watch_words.c */
	uint64_t mains_ms; /* boot ms since when it is on mains */
	bool progress;     /* ups.test.result: in progress */
	bool result_known;
	bool calibrates;
	char result[96], alarm[160];
	uint64_t tested_ms; /* `tested` is told then at the latest */

	/* watch_battery.c */
	bool battery;     /* an outage is open: */
	bool resumed;     /* ... it is of the file, and not looked at yet */
	bool unheard;     /* ... part of it was not heard */
	bool interrupted; /* the machine went down in the last one */
	struct watch_outage outage;
	uint64_t began_ms, added_ms, told_ms; /* boot ms */
	uint64_t test_ms, order_ms, over_ms;  /* of a test: first sign, order, end */
	double loaded_ms;             /* of the outage, of which a load is known */
	double held_load, held_watts; /* since added_ms */
	bool discharging;
	struct discharge discharge;
	int64_t battery_ms, heard_wall_ms;
	struct learn learn;
	struct learn_result learned;
	uint64_t learned_ms; /* boot ms of that */
	char published[WATCH_PUBLISHED][WATCH_VALUE];
	uint64_t published_ms;
	bool stale_published; /* there may be something to publish */

	struct watch_login *logins;
	size_t nlogins;
};

struct watch_machine {
	char *name, *stand;
};

struct watch {
	const struct watch_ops *ops;
	void *arg;
	struct watch_ups **upses;
	size_t nupses;
	struct watch_machine *machines;
	size_t nmachines;
	struct watch_now now; /* of the last call */
	bool started;         /* `now` is one */
	bool seen;            /* a snapshot came */
	uint64_t grace_ms;    /* until then what is missing may still come; 0: no more */
};

struct watch_ups *watch_ups(struct watch *w, const char *name);

/* An event of a UPS (NULL: the house); `who` may be NULL. */
void watch_say(struct watch *w, const struct watch_ups *u, enum kind kind,
    const char *who, const char *format, ...) __attribute__((format(printf, 5, 6)));
void watch_flag(struct watch *w, struct watch_ups *u, unsigned flag, bool on);

/* watch_value.c: a variable is another one (NULL: all may be) / nothing is known from now
 * on / tells all that holds again / what is due. */
void watch_value(
    struct watch *w, struct watch_ups *u, const struct state *s, const char *name);
void watch_value_end(struct watch *w, struct watch_ups *u);
void watch_value_again(struct watch *w, struct watch_ups *u);
void watch_value_time(struct watch *w, struct watch_ups *u);
uint64_t watch_value_due(const struct watch_ups *u);
double watch_charge_high(const struct watch *w, const struct watch_ups *u);

/* watch_words.c: ups.status, ups.alarm or ups.test.result are others / what is due. */
void watch_words(struct watch *w, struct watch_ups *u, const struct feed_ups *f);
void watch_words_time(struct watch *w, struct watch_ups *u);

/* Writes the figures of now that are known, each behind a comma: charge and load, ... */
const char *watch_figures(
    const struct watch_ups *u, const unsigned *series, size_t n, char *out, size_t size);

/* watch_battery.c: OB has come / OL has come / values have changed / the source is lost /
 * what is due, and when / a test runs / the battery's date may be another one. */
void watch_battery_on(struct watch *w, struct watch_ups *u);
void watch_battery_off(struct watch *w, struct watch_ups *u);
void watch_battery_take(struct watch *w, struct watch_ups *u);
void watch_battery_lost(struct watch *w, struct watch_ups *u);
void watch_battery_time(struct watch *w, struct watch_ups *u);
uint64_t watch_battery_due(const struct watch_ups *u);
void watch_battery_test(struct watch *w, struct watch_ups *u);
void watch_battery_date(struct watch *w, struct watch_ups *u, const struct state *s);

/* watch_house.c */
void watch_logins(struct watch *w, struct watch_ups *u, const struct feed_ups *f);
void watch_machines(struct watch *w, const struct feed *f);
void watch_deed(struct watch *w, struct watch_ups *u, const struct feed_deed *d);
void watch_house_free(struct watch *w);

/* The earlier of two moments, of which 0 is none. */
uint64_t watch_earlier(uint64_t a, uint64_t b);

#endif
