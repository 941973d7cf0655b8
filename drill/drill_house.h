/* SPDX-License-Identifier: ISC */
#ifndef DRILL_DRILL_HOUSE_H
#define DRILL_DRILL_HOUSE_H

#include "drill/drill.h"
#include "lib/feed.h"

/* What drill.c (time passes, machines live) and drill_house.c (what policy does) share. */

struct drill_person {
	const struct drill_client *client;
	unsigned long session;
	uint64_t told_ms, left_ms; /* 0: not yet */
	uint64_t seen_ms;          /* it has read last */
	bool gone;                 /* policy knows */
};

/* The cut of one UPS. */
struct drill_cut {
	double delay;   /* it was told; 0: as it stood */
	uint64_t ms;    /* the order was given, ... */
	double seconds; /* ... and it counts so many; 0: it was not */
};

/* What policy was told of a UPS last. */
struct drill_told {
	double charge, runtime;
	bool battery, low;
};

struct drill_house {
	const struct drill_setting *setting;
	struct drill_story *story;
	struct policy *policy;
	uint64_t begin_ms, now_ms;
	uint64_t asked_ms,
	    next_ms;             /* policy was asked last, and wants to be asked again */
	struct drill_told *told; /* by row */
	struct feed_ups *views;  /* by row: the views, and nothing else */
	struct drill_person *people;
	uint64_t *hooked_ms;            /* by plan: its hook was run */
	char (*whys)[POLICY_TEXT_MAX];  /* by plan: why it was told */
	struct drill_cut *armed;        /* by row */
	uint64_t *low_ms;               /* by row: it says LB */
	uint64_t down_ms;               /* this machine goes down, ... */
	char critical[POLICY_TEXT_MAX]; /* ... because of that */
	struct policy_event *answers;   /* to be heard by policy after this step */
	size_t nanswers;
};

/* Hands policy an event, and does what follows. */
void drill_house_step(struct drill_house *h, struct policy_event event);

/* Seconds that the battery lasts from the failure of the mains on. */
double drill_lasts(const struct drill_ups *u);

/* drill_judge.c: all outputs are off / what came of it, into the story. */
bool drill_is_over(const struct drill_house *h);
void drill_conclude(struct drill_house *h);

/* The stopping time of a machine in ms: *assumed where its section does not say it. */
uint64_t drill_takes(const struct policy_conf *conf, int plan, bool *assumed);

/* The plan that a client is, or -1. */
int drill_plan_of(const struct policy_conf *conf, const struct drill_client *c);

#endif
