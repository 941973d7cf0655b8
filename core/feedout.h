/* SPDX-License-Identifier: ISC */
#ifndef CORE_FEEDOUT_H
#define CORE_FEEDOUT_H

#include <stddef.h>

#include "lib/feed.h"

struct event_base;

/*
 * Interface 2, core's end (docs/architecture.md, 3.2): tells every reader the model as a
 * snapshot and then each change. What readers say is ignored; one that does not read is
 * closed once 256 kB wait for it, and gets a new snapshot when it comes back.
 */
struct feedout;

/* Listens on `listen_fd` (the caller's). Reads `feed` for snapshots and counts its
 * changes in feed->number. */
struct feedout *feedout_new(struct event_base *base, int listen_fd, struct feed *feed);
void feedout_free(struct feedout *o);

/* Sends the next change to all readers, at once: "NUMBER UPS LINE". */
void feedout_change(struct feedout *o, const char *ups, const char *line, size_t len);

#endif
