/* SPDX-License-Identifier: ISC */
#ifndef OUT_FEEDIN_H
#define OUT_FEEDIN_H

#include "lib/feed.h"

struct event_base;

/*
 * The connection to core's feed (docs/architecture.md, 3.2), which comes back by itself,
 * and the model that it fills.
 */
struct feedin;

/* How long the last values of a core that is away still count. */
#define FEEDIN_MAXAGE_S 15

struct feedin_ops {
	/* The whole model is another one by this line; of a snapshot, which takes many, the
	 * last (c->kind is FEED_SNAPSHOT). */
	void (*changed)(
	    void *arg, const struct feed_change *c, const char *line, size_t len);
	/* The connection is lost: the model stays for now. */
	void (*lost)(void *arg);
	/* Core is away for too long: the model is empty. */
	void (*away)(void *arg);
};

/* Connects to `path`, now and whenever the connection is lost. */
struct feedin *feedin_new(
    struct event_base *base, const char *path, const struct feedin_ops *ops, void *arg);
void feedin_free(struct feedin *in);

/* The model: whole; empty while core is away; inside a snapshot neither. */
const struct feed *feedin_model(const struct feedin *in);

#endif
