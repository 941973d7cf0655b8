/* SPDX-License-Identifier: ISC */
#ifndef NET_QUIET_H
#define NET_QUIET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/feed.h"

/*
 * Whether all clients fell silent as the mains failed (shared/research/needs.md, 10: then
 * it is their network switch that is not on the UPS). Pure; times in monotonic ms; zero:
 * no outage.
 */
#define QUIET_GRACE_MS 2000  /* a sign of life later than this after OB is one */
#define QUIET_BRISK_MS 12000 /* who gave one so shortly before OB gives them often */
#define QUIET_LOOK_MS 30000  /* after OB: enough for two who give them often */
#define QUIET_LAST_MS 75000  /* ... for one, who may ask only once a minute */
#define QUIET_NAMES_MAX 16
#define QUIET_NAME_MAX 64

struct quiet {
	uint64_t since; /* OB; 0: no outage, or all is said */
	unsigned looks; /* done in this outage */
	size_t alive, silent;
	char names[QUIET_NAMES_MAX][QUIET_NAME_MAX]; /* of the silent ones */
};

/* The model has changed: an outage begins when the first UPS is on battery, and ends with
 * the last. */
void quiet_change(struct quiet *q, const struct feed *f, uint64_t now);

/* When it wants to look next; 0: not at all. */
uint64_t quiet_next(const struct quiet *q);

/* A look: begin, a call for each client that is not of this machine with its last sign of
 * life, and the verdict: how many have been silent since OB, when that is all of them; else
 * 0. It is given once in an outage. */
void quiet_look(struct quiet *q);
void quiet_sign(struct quiet *q, const char *address, uint64_t last);
size_t quiet_verdict(struct quiet *q);

#endif
