/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "lib/feed.h"
#include "lib/xmem.h"

static size_t
place_of(const struct feed_ups *u, const char *address)
{
	size_t i = 0;

	while (i < u->nreaders && strcmp(u->readers[i].address, address) != 0)
		i++;
	return i;
}

struct feed_reader *
feed_reader_add(struct feed_ups *u, const char *address, const char *kind, bool *news)
{
	size_t i = place_of(u, address);

	*news = i == u->nreaders || strcmp(u->readers[i].kind, kind) != 0;
	if (!*news)
		return &u->readers[i];
	if (i == FEED_READERS_MAX)
		return NULL;
	if (i == u->nreaders) {
		u->readers =
		    xreallocarray(u->readers, u->nreaders + 1, sizeof(*u->readers));
		u->readers[u->nreaders++] =
		    (struct feed_reader){.address = xstrdup(address)};
	}
	free(u->readers[i].kind);
	u->readers[i].kind = xstrdup(kind);
	return &u->readers[i];
}

bool
feed_reader_del(struct feed_ups *u, const char *address)
{
	size_t i = place_of(u, address);
	struct feed_reader gone;

	if (i == u->nreaders)
		return false;
	gone = u->readers[i];
	u->nreaders--;
	memmove(
	    &u->readers[i], &u->readers[i + 1], (u->nreaders - i) * sizeof(*u->readers));
	free(gone.address);
	free(gone.kind);
	return true;
}
