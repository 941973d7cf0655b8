/* SPDX-License-Identifier: ISC */
#ifndef NET_UPSTREAM_H
#define NET_UPSTREAM_H

#include <stdbool.h>

#include "lib/feed.h"
#include "lib/request.h"

struct event_base;

/*
 * The two connections to core (docs/architecture.md, 3.2 and 3.3): the feed, of which the
 * last whole model is kept while core is away, and the requests. Both come back by
 * themselves. A LOGOUT that core has not answered is said to the next one, too (leavers.h).
 */
struct upstream;

struct upstream_ops {
	/* A change has been applied to the model shown. */
	void (*changed)(void *arg, const struct feed_change *change);
	/* A new model takes the place of `old`, which goes away after this call. */
	void (*replaced)(void *arg, const struct feed *now, const struct feed *old);
	/* Core has been away for `maxage` seconds. */
	void (*stale)(void *arg);
	/* The answer to a request, NULL for OK; "" when core is gone or silent. */
	void (*answered)(void *arg, void *who, const char *word);
	/* What came of a tracked request, a status of lib/dserver.h / core is gone, and
	 * with it what is not known yet. */
	void (*done)(void *arg, unsigned long number, unsigned long status);
	void (*undone)(void *arg);
	/* Requests can be sent (again): core knows of no login. */
	void (*ready)(void *arg);
};

/* Connects to `feed_path` and `req_path`, now and whenever a connection is lost. */
struct upstream *upstream_new(struct event_base *base, const char *feed_path,
    const char *req_path, int maxage, const struct upstream_ops *ops, void *arg);
void upstream_free(struct upstream *u);

/* The model as core tells it, without what some clients of NUT need besides (identity.h).
 * Before the loop runs. */
void upstream_as_told(struct upstream *u);

/* Another MAXAGE, in seconds, from the next time that core is away. */
void upstream_maxage(struct upstream *u, int maxage);

/* Sends a request; its number, or -1 when core is away. With `who` not NULL its answer is
 * expected, within UPSTREAM_PATIENCE seconds; upstream_forget() ends the interest. */
#define UPSTREAM_PATIENCE 15
long upstream_request(struct upstream *u, void *who, const struct request *r);
void upstream_forget(struct upstream *u, const void *who);

#endif
