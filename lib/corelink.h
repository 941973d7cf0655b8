/* SPDX-License-Identifier: ISC */
#ifndef LIB_CORELINK_H
#define LIB_CORELINK_H

#include <stddef.h>

#include "lib/lineio.h"

/*
 * A connection to one of core's sockets (docs/architecture.md, 3.2 and 3.3), which comes
 * back by itself: tried every 200 ms, and each loss and return is logged once.
 */
struct corelink;

struct corelink_ops {
	/* A whole line, as of struct lineio_ops. */
	void (*line)(void *arg, char *line, size_t len);
	/* There is a connection (again); NULL where that does not matter. */
	void (*opened)(void *arg);
	/* There is none any more. */
	void (*lost)(void *arg);
};

/* Connects to `path` as soon as the loop runs. `what` names the link in the log and is
 * kept by reference; more than `queue_max` bytes that core has not taken end a
 * connection. */
struct corelink *corelink_new(struct event_base *base, const char *what, const char *path,
    size_t queue_max, const struct corelink_ops *ops, void *arg);
void corelink_free(struct corelink *l);

/* The connection, or NULL while there is none. Not to be freed. */
struct lineio *corelink_io(const struct corelink *l);

/* Ends the connection, for `why`, and tries anew: `lost` is called. Safe inside `line`. */
void corelink_drop(struct corelink *l, const char *why);

#endif
