/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_SOCKETS_H
#define HOLDUPD_SOCKETS_H

#include <stdbool.h>
#include <sys/types.h>

#include "holdupd/plan.h"

/*
 * The listening Unix sockets of a plan (TCP: listens.h). holdupd holds them for as long
 * as it lives, so that a restarted child keeps its name and callers wait in the queue
 * instead of failing.
 */
struct sockets {
	int feed, requests, judge;
	int state; /* STATEPATH/holdup.state (lib/role.h): what core knows in this boot */
	int memory;         /* ... and what it knows of earlier ones: paths_memory() */
	int *drivers, *tcp; /* as plan.drivers, plan.listens; -1: not open */
	bool *driver_ok, *tcp_ok; /* for plan_children() */
	size_t ndrivers, ntcp;
	char **paths; /* of feed, requests, judge, then the drivers; NULL: not open */
};

#define SOCKETS_MODE 0660 /* group nut is where NUT's programs and ours meet */

/* Files made from now on belong to that group from their first moment (-1: as they did):
 * STATEPATH is not only ours, so nothing is changed there by name afterwards. Returns the
 * one before, to go back to. */
gid_t sockets_group(gid_t group);

/* Opens all, making STATEPATH first where it is ours to make. The Unix sockets belong to
 * `group` (-1: to ours). A driver socket that fails is logged with the remedy and left
 * out; without the others or the state nothing works, so that is fatal. Where there is no disk
 * for core's memory, a warning says so, and it lasts as long as holdupd. */
void sockets_open(struct sockets *s, const struct plan *plan, gid_t group);

/* The same for another plan: what it has in common with the old one moves over, still
 * open; sockets_close() of the old releases the rest. */
void sockets_reopen(struct sockets *s, const struct plan *plan, gid_t group,
    struct sockets *old, const struct plan *old_plan);

/* Closes all and removes the Unix sockets from STATEPATH. */
void sockets_close(struct sockets *s);

#endif
