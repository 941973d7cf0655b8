/* SPDX-License-Identifier: ISC */
#ifndef LIB_DSERVER_H
#define LIB_DSERVER_H

#include <stdbool.h>

#include "lib/state.h"

struct event_base;

/*
 * The driver's end of the driver socket: answers DUMPALL, PING and the rest for any
 * number of servers (our core, NUT's upsd), and tells them what changes.
 */
struct dserver;

/* Result of a command or setting: NUT's STAT_* numbers, sent as TRACKING status. */
enum dserver_status {
	DSERVER_DONE = 0,
	DSERVER_UNKNOWN = 1,
	DSERVER_INVALID = 2,
	DSERVER_FAILED = 3,
	DSERVER_PENDING = -1, /* dserver_result() follows */
};

struct dserver_ops {
	/* `value` may be NULL; `ticket` names this request for dserver_result(). */
	enum dserver_status (*instcmd)(
	    void *arg, const char *cmd, const char *value, unsigned long ticket);
	enum dserver_status (*set)(
	    void *arg, const char *var, const char *value, unsigned long ticket);
};

/* Serves on the listening Unix stream socket `fd` (owned from now on). `state` stays the
 * caller's and is read at each dserver_publish(). Begins as DATASTALE. */
struct dserver *dserver_new(struct event_base *base, int fd, const struct state *state,
    const struct dserver_ops *ops, void *arg);
void dserver_free(struct dserver *d);

/* Sends what changed in the state since the last call to everyone connected. */
void dserver_publish(struct dserver *d);

/* Says DATAOK or DATASTALE when that changed. */
void dserver_fresh(struct dserver *d, bool fresh);

/* Ends a request that was PENDING: TRACKING goes to whom it concerns, if still there. */
void dserver_result(struct dserver *d, unsigned long ticket, enum dserver_status status);

#endif
