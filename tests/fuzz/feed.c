/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A status in a view fits, however little room there is. */
static void
look(const struct feed_ups *u, enum feed_view view)
{
	char status[1024], little[16];

	if (feed_status(u, view, status, sizeof(status)) == NULL)
		return;
	feed_status(u, view, little, sizeof(little));
	if (strlen(status) >= sizeof(status) || strlen(little) >= sizeof(little))
		abort();
}

/* Applies lines until one is broken, as a reader does. */
static void
apply_all(struct feed *f, const char *line, size_t size)
{
	while (size > 0) {
		const char *lf = memchr(line, '\n', size);
		size_t len = lf == NULL ? size : (size_t)(lf - line);
		struct feed_change c = feed_apply(f, line, len);

		if (c.kind == FEED_BROKEN)
			return;
		if (c.ups != NULL && feed_find(f, c.ups->name) == NULL)
			abort();
		for (int view = FEED_VIEW_NONE; c.ups != NULL && view <= FEED_VIEW_OLD;
		     view++)
			look(c.ups, (enum feed_view)view);
		if (c.kind == FEED_VIEW)
			look(c.ups, feed_view_of(c.ups, c.name));
		len += lf != NULL;
		line += len;
		size -= len;
	}
}

/* Any bytes as a feed; a whole model, written and read again, is the same model. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct feed f = {0}, copy = {0};
	struct buf first = {0}, second = {0};

	apply_all(&f, (const char *)data, size);
	if (f.whole) {
		feed_snapshot(&first, &f);
		apply_all(&copy, buf_head(&first), first.len);
		if (!copy.whole)
			abort();
		feed_snapshot(&second, &copy);
		if (first.len != second.len ||
		    memcmp(buf_head(&first), buf_head(&second), first.len) != 0)
			abort();
	}
	buf_free(&first);
	buf_free(&second);
	feed_clear(&f);
	feed_clear(&copy);
	return 0;
}
