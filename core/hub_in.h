/* SPDX-License-Identifier: ISC */
#ifndef CORE_HUB_IN_H
#define CORE_HUB_IN_H

#include "core/feedout.h"
#include "core/hub.h"
#include "core/keep.h"
#include "core/learned.h"
#include "core/policy.h"
#include "core/source.h"

/* What hub.c (what happens) and deed.c (what follows) share. */

/* What the UPS says in words. */
enum hub_text { HUB_ALARM, HUB_MODE, HUB_STATUS, HUB_TEXTS };

struct hub_ups {
	struct hub *hub;
	size_t row;             /* of ups.conf */
	struct feed_ups *model; /* NULL: a section that cannot be served */
	struct source *source;
	struct learned learned;
	enum feed_source
	    source_is;          /* as its driver says; the feed may show it otherwise */
	bool estimated;         /* policy has its values shown meanwhile */
	char *texts[HUB_TEXTS]; /* as policy knows them */
	double values[POLICY_VALUES]; /* likewise; NAN: not known */
	bool unheard;                 /* its driver was not read yet */
	long logins;                  /* driver.numlogins, likewise; -1: there is none */
	bool leaves;        /* the server of a far UPS is to wait for us no longer */
	unsigned long self; /* session of this machine in the feed; 0: not counted */
};

struct hub {
	struct feed feed;
	struct feedout *out;
	const struct upsmon_conf *monitors;
	struct policy_conf conf;
	struct policy *policy;
	struct keep *keep, *memory;
	struct hub_ups *upses;
	size_t nupses;
	unsigned long last_session;
	int ctl_fd;
	struct event *tick;
	struct event *look; /* who reads no more */
	void (*tracked)(void *arg, const struct feed_ups *u, unsigned long number,
	    unsigned long status);
	void *tracked_arg;
};

/* deed.c: carries out one action of policy. */
void deed_do(struct hub *h, const struct policy_action *a);

/* deed.c: where FSD is shown on a far UPS that this machine is primary of, its server is
 * told. The driver takes it once, so it can be said again. */
void deed_far_fsd(struct hub *h, size_t row);

/* deed.c: where this machine leaves, the server of a far UPS is told; likewise. */
void deed_far_leave(struct hub *h, size_t row);

/* deed.c: what came of an order of policy's; false: the number is of none. */
bool deed_tracked(struct hub_ups *hu, unsigned long number, unsigned long status);

/* hub.c: shows the source, or an estimate of it; tells the feed a line about a UPS; counts a login in the feed (its session, or
 * 0) / out again (true when it was there). */
void hub_show_source(struct hub *h, struct hub_ups *hu);
void hub_change(struct hub *h, const struct feed_ups *u, const char *line);
unsigned long hub_count_in(
    struct hub *h, struct feed_ups *u, const char *account, const char *address);
bool hub_count_out(struct hub *h, struct feed_ups *u, unsigned long session);

#endif
