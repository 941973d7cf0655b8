/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "web/lang.h"
#include "web/page_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Any Accept-Language names a language; any text of a UPS becomes text in HTML. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *keys[LANG_STATUS_MAX];
	char *text = malloc(size + 1);
	struct buf out = {0};
	size_t n;

	if (text == NULL)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	if ((unsigned)lang_accept(text) >= LANGS)
		abort();
	n = lang_status(text, FEED_OK, keys);
	if (n < 1 || n > LANG_STATUS_MAX)
		abort();
	page_text_escaped(&out, text);
	for (const char *c = buf_str(&out); *c != '\0'; c++)
		if (strchr("<>\"'", *c) != NULL || (unsigned char)*c < ' ')
			abort();
	buf_free(&out);
	free(text);
	return 0;
}
