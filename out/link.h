/* SPDX-License-Identifier: ISC */
#ifndef OUT_LINK_H
#define OUT_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/feed.h"
#include "out/event.h"

/*
 * The publisher's end of the wire from `out` (docs/publishing.md, 2): a stream socket of
 * lines. A publisher sees the same feed as everybody, the events that it has not taken yet,
 * and what it asked to be kept; what it says is bounded and looked at in `out`. No event
 * loop: publishers wait in calls of their libraries.
 */
struct link;

struct link_ops {
	/* What was kept; all of it comes before the first call of `changed`. */
	void (*kept)(void *arg, const char *key, const char *value);
	/* The model is another one: c->kind is FEED_SNAPSHOT or what has changed. */
	void (*changed)(void *arg, const struct feed *f, const struct feed_change *c);
	/* The next event, in the order of ids; good during the call only. It comes again
	 * with the next start of the process unless link_take() was called. */
	void (*event)(void *arg, const struct event *e);
	/* Watt hours of this UPS since it is known: never less than before. NULL: not of
	 * interest, as with the others. */
	void (*energy)(void *arg, const char *ups, uint64_t wh);
	/* What came of link_ask(): "OK", a word of RFC 9271, or "DONE status" of
	 * lib/dserver.h behind the OK. */
	void (*asked)(void *arg, unsigned long number, const char *answer);
};

struct link *link_new(int fd, const struct link_ops *ops, void *arg);
void link_free(struct link *l);

/* The descriptor to wait for / reads all that is there, without waiting. False at the end of
 * the wire, or of trust in it: the process is to end. */
int link_fd(const struct link *l);
bool link_read(struct link *l);

/* The newest model; empty (not whole) while core is away. */
const struct feed *link_feed(const struct link *l);

/* All events up to this one are delivered, or given up. */
void link_take(struct link *l, uint64_t id);

/* Asks `out` to keep this over restarts; "" forgets it. Keys are words of 128 bytes, values
 * of 1,024 bytes at most (what is longer is not kept), 256 of them for one publisher;
 * control characters become blanks. */
void link_keep(struct link *l, const char *key, const char *value);

/* Asks for an order (`value` NULL: without) or, with `set`, for a setting of a UPS; `out`
 * looks into holdup.conf whether that is allowed. Returns its number. */
unsigned long link_ask(
    struct link *l, bool set, const char *ups, const char *name, const char *value);

#endif
