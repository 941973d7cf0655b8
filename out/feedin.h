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

/* Connects to `path`, now and whenever the connection is lost. `changed` is called with
 * the model after changes, once for all that came together; the model is whole, or empty
 * when core has been away for too long. */
struct feedin *feedin_new(struct event_base *base, const char *path,
    void (*changed)(void *arg, const struct feed *f), void *arg);
void feedin_free(struct feedin *in);

#endif
