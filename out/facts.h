/* SPDX-License-Identifier: ISC */
#ifndef OUT_FACTS_H
#define OUT_FACTS_H

#include "history/watch.h"
#include "lib/feed.h"
#include "out/event.h"

/* The facts of an event (docs/publishing.md, 2). Pure. */

/* What is so now: of the UPS, as people who ask see it. */
void facts_ups(struct event *e, const struct feed_ups *u);

/* What the outage is like: its kind, and behind its end the rest. */
void facts_outage(struct event *e, const struct watch_outage *o);

/* How a machine stands. */
void facts_machine(struct event *e, const struct feed_machine *m);

#endif
