/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "net/hash.h"
#include "net/room.h"

struct room_guest {
	struct room_guest *next;
	unsigned count;
	char address[]; /* as text */
};

static bool
is_loopback(const char *address)
{
	return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0 ||
	       strncmp(address, "::ffff:127.", 11) == 0;
}

static size_t
bucket(const char *address)
{
	return hash_text(HASH_BEGIN, address) % ROOM_BUCKETS;
}

static struct room_guest *
find(const struct room *r, const char *address)
{
	struct room_guest *g = r->buckets[bucket(address)];

	while (g != NULL && strcmp(g->address, address) != 0)
		g = g->next;
	return g;
}

enum room_place
room_ask(const struct room *r, size_t max, const char *address)
{
	const struct room_guest *g = find(r, address);
	size_t share = max / ROOM_SHARE;

	if (share < ROOM_SHARE_LEAST)
		share = ROOM_SHARE_LEAST;
	if (g != NULL && g->count >= share && !is_loopback(address))
		return ROOM_CROWDED;
	return r->count < max ? ROOM_FREE : ROOM_FULL;
}

const char *
room_enter(struct room *r, const char *address)
{
	struct room_guest *g = find(r, address);
	size_t len = strlen(address) + 1, b = bucket(address);

	if (g == NULL) {
		g = xmalloc(sizeof(*g) + len);
		memcpy(g->address, address, len);
		g->count = 0;
		g->next = r->buckets[b];
		r->buckets[b] = g;
	}
	g->count++;
	r->count++;
	return g->address;
}

void
room_leave(struct room *r, const char *address)
{
	struct room_guest **at = &r->buckets[bucket(address)], *g;

	while ((*at)->address != address)
		at = &(*at)->next;
	g = *at;
	r->count--;
	if (--g->count > 0)
		return;
	*at = g->next;
	free(g);
}
