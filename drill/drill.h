/* SPDX-License-Identifier: ISC */
#ifndef DRILL_DRILL_H
#define DRILL_DRILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/policy.h"

/*
 * A rehearsal: the policy as it is configured lives through an outage under virtual time,
 * with what is known of the UPSes and of who is there. Pure; nothing outside hears of it.
 */

/* A UPS as it is now. NAN where it does not tell. */
struct drill_ups {
	const char *name;
	double charge, charge_low, runtime, runtime_low, voltage;
	double delay_max; /* of ups.delay.shutdown; NAN: it cannot be set */
	bool cuts;        /* it takes shutdown.return */
	double delay;     /* ups.delay.shutdown as it stands */
	bool theirs;      /* another machine is its primary, and orders the cut */
};

/* Somebody who is there: a login (kind MACHINE_LOGIN), or one that only reads. */
struct drill_client {
	size_t row; /* of its UPS */
	const char *address, *account;
	enum policy_machine_kind kind;
};

/* What is rehearsed. Everything stays the caller's. */
struct drill_setting {
	const struct policy_conf *conf;
	const struct drill_ups *upses;
	const struct drill_client *clients;
	size_t nclients;
};

/* What comes of a machine, in seconds since the mains failed. */
struct drill_result {
	char name[128];
	char why[POLICY_TEXT_MAX]; /* it was told; "": it never was */
	int plan;                  /* its row of conf->plans; -1: it has no section */
	bool self;                 /* this machine */
	bool stays;                /* ... which no UPS feeds: it never goes down */
	size_t row;                /* of the UPS that `charge` and `left` are of */
	bool there;                /* it was there when the mains failed */
	bool assumed;     /* nobody says how long it takes: POLICY_TAKES_MS is assumed */
	bool alive;       /* it is on when the output goes off */
	bool doubtful;    /* ... unless it takes less than is assumed */
	double told, off; /* NAN: never */
	double end;       /* its power ends; NAN: it does not, or nobody knows */
	double charge, left; /* when it is off: percent, s; NAN: not known */
};

/* When the output of a UPS goes off; NAN: not within DRILL_HOURS. */
struct drill_output {
	double end;
	bool cut;   /* by the cut that this machine orders; else the battery is empty */
	bool armed; /* ... ordered before this machine stops */
};

struct drill_story {
	struct drill_result *results; /* in the order in which they go down */
	size_t nresults;
	struct drill_output *outputs; /* by row */
	size_t noutputs;
	double end; /* the last output goes off; NAN: it does not within DRILL_HOURS */
	bool cut, armed; /* ... as above */
	bool serves;     /* no UPS feeds this machine */
	char **log;      /* what policy says, each with its time in front */
	size_t nlog;
	unsigned alive; /* how many are cut alive */
};

#define DRILL_HOURS 24
#define DRILL_RUNTIME 600.0 /* s of a full battery that tells no runtime */
#define DRILL_CUT_S 20.0    /* from an order to cut until the output is off, by default */
#define DRILL_LEAVE_MS 10000    /* from the word FSD until a client of NUT says LOGOUT */
#define DRILL_HOSTSYNC_MS 15000 /* so long its upsmon bears LB without FSD */

/* Lives through it. Release with drill_free(). */
void drill_run(const struct drill_setting *s, struct drill_story *story);
void drill_free(struct drill_story *story);

#endif
