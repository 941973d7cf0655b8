/* SPDX-License-Identifier: ISC */
#ifndef CLI_LOOKOUT_H
#define CLI_LOOKOUT_H

#include "cli/overview.h"
#include "cli/target.h"

struct event_base;

/*
 * What a NUT server does not push: the machines with their moments (a rehearsal, where the
 * configuration of this machine can be read), the last outages and minutes, the power of
 * the last days (where its history can). A child looks every 30 s, so that nothing of it holds up the screen. What cannot be
 * known is left out.
 */
struct lookout;

struct lookout_data {
	struct overview_machine *machines;
	size_t nmachines;
	struct overview_outage *outages;
	size_t noutages;
	struct overview_power *powers;
	size_t npowers;
	struct lookout_past {
		char *ups;
		double at[TREND_LINES][TREND_POINTS]; /* the newest last */
	} * pasts;
	size_t npasts;
};

/* `target` and `model` stay the caller's and must outlive it; `changed` is called when there
 * is something new. */
struct lookout *lookout_new(struct event_base *base, const struct target *target,
    const struct model *model, void (*changed)(void *arg), void *arg);
void lookout_free(struct lookout *l);

/* Something has happened: looks again in a second. */
void lookout_soon(struct lookout *l);

/* What was seen last; valid until `changed` is called. */
const struct lookout_data *lookout_data(const struct lookout *l);

#endif
