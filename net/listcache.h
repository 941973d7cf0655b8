/* SPDX-License-Identifier: ISC */
#ifndef NET_LISTCACHE_H
#define NET_LISTCACHE_H

#include <stdint.h>

#include "lib/buf.h"
#include "lib/feed.h"

#define LISTCACHE_ENTRIES 16

/*
 * Ready-made answers to LIST VAR, the question that most clients ask for ever. One holds
 * for a UPS, the name as asked, a look, and the state as it was. Zero-initialised it is empty.
 */
struct listcache_entry {
	const struct feed_ups *ups;
	char *asked;
	uint64_t look; /* session_look() */
	unsigned long changes;
	struct buf text;
};

struct listcache {
	struct listcache_entry entries[LISTCACHE_ENTRIES];
	unsigned next; /* the entry to be given up next */
};

/* The whole answer to LIST VAR under the name `asked` for clients of this look; valid until
 * the next call. */
const struct buf *listcache_get(
    struct listcache *cache, const struct feed_ups *u, const char *asked, uint64_t look);

/* Forgets all and releases it: when the model was replaced or a UPS went away. */
void listcache_clear(struct listcache *cache);

#endif
