/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/dline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A driver says anything at all; the state that results survives a dump and a copy. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct words w;
	struct state *s = state_new(), *copy = state_new();
	const char *line = (const char *)data, *why;
	struct buf rest = {0};

	while (size > 0) {
		const char *lf = memchr(line, '\n', size);
		size_t len = lf == NULL ? size : (size_t)(lf - line);

		if (words_split(&w, WORDS_PROTOCOL, line, len, &why) == 0)
			dline_apply(s, &w, 0);
		len += lf != NULL;
		line += len;
		size -= len;
	}
	dline_copy(copy, s);
	if (dline_diff(&rest, "", s, copy) != 0)
		abort();
	buf_free(&rest);
	state_free(s);
	state_free(copy);
	return 0;
}
