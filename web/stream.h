/* SPDX-License-Identifier: ISC */
#ifndef WEB_STREAM_H
#define WEB_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"

/*
 * Who is to be sent what, for any number of readers of server-sent events (docs/page.md, 4).
 * Pure.
 *
 * There is no queue. Each thing that changes (a UPS, the machines, an event) has a slot with
 * its newest rendering, which all readers share; slots stand in the order of their changes.
 * A reader knows how far in this order it has come, finishes what it has begun, and goes on
 * with the next slot that changed since: what is outdated by then is nowhere any more.
 */
struct streams;
struct stream;

#define STREAM_EVENTS 64 /* of the newest ones wait for slow readers */

/* What readers hold that nobody else would read any more, in bytes; beyond it those end who
 * hold the oldest. */
#define STREAM_STALE_MAX (4 * 1024 * 1024)

struct streams *streams_new(size_t readers_max);
void streams_free(struct streams *s);
size_t streams_count(const struct streams *s);

/* The state as a whole, with which readers begin. `anew`: those who are here begin again
 * too, and what was in slots is over. Texts are complete events; they are copied. */
void streams_whole(struct streams *s, const struct buf *text, bool anew);

/* Puts a thing's newest rendering into its slot: 0 the machines, 1 and on a UPS each. */
void streams_put(struct streams *s, size_t slot, const struct buf *text);

/* One more event. */
void streams_event(struct streams *s, const struct buf *text);

/* Something for everybody who has nothing else to read: a comment. */
void streams_beat(struct streams *s);

/* A reader, NULL when there are as many as may be, or no state yet / its end. */
struct stream *stream_open(struct streams *s);
void stream_close(struct stream *r);

/* Copies what it is to be sent next, at most `max` bytes. 0: nothing now; -1: it is to end. */
long stream_take(struct stream *r, char *to, size_t max);

/* True when stream_take() would not return 0. */
bool stream_has(const struct stream *r);

/* Calls `each` for every reader that has something to take. */
void streams_ready(struct streams *s, void (*each)(void *who));

/* Who is told of it by streams_ready(). */
void stream_set_who(struct stream *r, void *who);

#endif
