/* SPDX-License-Identifier: ISC */
#ifndef CLI_DRILL_HOUSE_H
#define CLI_DRILL_HOUSE_H

#include "cli/drill.h"
#include "lib/feed.h"

/* What drill.c (time passes, machines live) and drill_house.c (what policy does) share. */

struct drill_person {
	const struct drill_client *client;
	unsigned long session;
	uint64_t told_ms, left_ms; /* 0: not yet */
	bool gone;                 /* policy knows */
};

struct drill_house {
	const struct drill_setting *setting;
	struct drill_story *story;
	struct policy *policy;
	uint64_t begin_ms, now_ms, next_ms;
	struct feed_ups *views; /* by row: the views, and nothing else */
	struct drill_person *people;
	uint64_t *hooked_ms;           /* by plan: its hook was run */
	char (*whys)[POLICY_TEXT_MAX]; /* by plan: why it was told */
	uint64_t down_ms, armed_ms; /* this machine goes down; the cut was ordered, ... */
	double armed_s;             /* ... with that delay */
	struct policy_event *answers; /* to be heard by policy after this step */
	size_t nanswers;
};

/* Hands policy an event, and does what follows. */
void drill_house_step(struct drill_house *h, struct policy_event event);

/* The stopping time of a machine in ms: *assumed where its section does not say it. */
uint64_t drill_takes(const struct policy_conf *conf, int plan, bool *assumed);

/* The plan that a client is, or -1. */
int drill_plan_of(const struct policy_conf *conf, const struct drill_client *c);

#endif
