/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Any line is split or refused; what was split, written in quotes, splits the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct words w, again;
	struct buf b = {0};
	const char *why = NULL;
	enum words_mode mode = size % 2 == 0 ? WORDS_PROTOCOL : WORDS_CONFIG;

	if (words_split(&w, mode, (const char *)data, size, &why) < 0) {
		if (why == NULL)
			abort();
		return 0;
	}
	for (int i = 0; i < w.argc; i++) {
		buf_quoted(&b, w.argv[i]);
		buf_puts(&b, " ");
	}
	/* Quotes and backslashes may make it longer than a line may be. */
	if (b.len > 0 && b.len <= WORDS_LINE_MAX) {
		if (words_split(&again, mode, buf_head(&b), b.len, &why) < 0 ||
		    again.argc != w.argc)
			abort();
		for (int i = 0; i < w.argc; i++)
			if (strcmp(w.argv[i], again.argv[i]) != 0)
				abort();
	}
	buf_free(&b);
	return 0;
}
