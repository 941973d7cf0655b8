/* SPDX-License-Identifier: ISC */
#ifndef NET_ROOM_H
#define NET_ROOM_H

#include <stddef.h>

/*
 * How many connections there are, and from where, so that no address takes the room of
 * all others (docs/serving.md, 9). Pure. Zero: nobody is there.
 */
#define ROOM_SHARE 4        /* one address may have this part of the room, */
#define ROOM_SHARE_LEAST 16 /* but always so many connections */
#define ROOM_BUCKETS 1024

struct room {
	size_t count;
	struct room_guest *buckets[ROOM_BUCKETS]; /* addresses with connections */
};

enum room_place {
	ROOM_FREE,
	ROOM_CROWDED, /* too many from this address; never said of loopback */
	ROOM_FULL
};

/* Whether one more connection from `address` has a place in a room of `max`. */
enum room_place room_ask(const struct room *r, size_t max, const char *address);

/* One comes in: its address as it is kept here until all from there have left / one of
 * those leaves. */
const char *room_enter(struct room *r, const char *address);
void room_leave(struct room *r, const char *address);

#endif
