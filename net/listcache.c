/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "net/listcache.h"
#include "net/reply.h"

/* Writes the answer anew. */
static void
entry_fill(struct listcache_entry *e)
{
	const struct state *s = e->ups->state;

	buf_clear(&e->text);
	reply_list(&e->text, "BEGIN", "VAR", e->asked, NULL);
	for (size_t i = 0; i < s->nvars; i++)
		reply_var(&e->text, "VAR", e->asked, s->vars[i]->name,
		    reply_value(e->look, e->ups, s->vars[i]));
	reply_list(&e->text, "END", "VAR", e->asked, NULL);
	e->changes = s->changes;
}

const struct buf *
listcache_get(
    struct listcache *cache, const struct feed_ups *u, const char *asked, uint64_t look)
{
	struct listcache_entry *e;

	for (size_t i = 0; i < LISTCACHE_ENTRIES; i++) {
		e = &cache->entries[i];
		if (e->ups != u || e->look != look || strcmp(e->asked, asked) != 0)
			continue;
		if (e->changes != u->state->changes)
			entry_fill(e);
		return &e->text;
	}
	e = &cache->entries[cache->next++ % LISTCACHE_ENTRIES];
	free(e->asked);
	e->asked = xstrdup(asked);
	e->ups = u;
	e->look = look;
	entry_fill(e);
	return &e->text;
}

void
listcache_clear(struct listcache *cache)
{
	for (size_t i = 0; i < LISTCACHE_ENTRIES; i++) {
		free(cache->entries[i].asked);
		buf_free(&cache->entries[i].text);
	}
	memset(cache, 0, sizeof(*cache));
}
