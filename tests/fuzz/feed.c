/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Applies lines until one is broken, as a reader does. */
static void
apply_all(struct feed *f, const char *line, size_t size)
{
	while (size > 0) {
		const char *lf = memchr(line, '\n', size);
		size_t len = lf == NULL ? size : (size_t)(lf - line);
		char status[1024];
		struct feed_change c = feed_apply(f, line, len);

		if (c.kind == FEED_BROKEN)
			return;
		if (c.ups != NULL && feed_find(f, c.ups->name) == NULL)
			abort();
		if (c.ups != NULL)
			feed_status(c.ups, status, sizeof(status));
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
