/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_SOCKETS_H
#define HOLDUPD_SOCKETS_H

#include <stdbool.h>

#include "holdupd/plan.h"

/*
 * The listening sockets of a plan. holdupd holds them for as long as it lives, so that a
 * restarted child keeps its name and callers wait in the queue instead of failing.
 */
struct sockets {
	int feed, requests;
	int *drivers, *tcp;       /* as plan.drivers, plan.listens; -1: not open */
	bool *driver_ok, *tcp_ok; /* for plan_children() */
	size_t ndrivers, ntcp;
	char **paths; /* Unix sockets to remove at the end */
	size_t npaths;
};

/* Opens all, making STATEPATH first in a private installation. A driver socket or TCP
 * listener that fails is logged with the remedy and left out; without the feed or the
 * requests nothing works, so that is fatal. */
void sockets_open(struct sockets *s, const struct plan *plan);

/* Closes all and removes the Unix sockets from STATEPATH. */
void sockets_close(struct sockets *s);

/* "127.0.0.1:3493, [::1]:3493", the caller frees; NULL when there is no listener. */
char *sockets_text(const struct sockets *s, const struct plan *plan);

#endif
