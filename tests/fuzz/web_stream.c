/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "web/stream.h"

#define READERS 6
#define SLOTS 5

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reader {
	struct stream *stream;
	size_t last[SLOTS + 1]; /* number of the newest text that it has got, by slot */
};

/* Texts of a kind, a slot and a number: "S3 17;xxxx.". */
static void
text_make(struct buf *out, char kind, unsigned slot, size_t number, size_t len)
{
	buf_clear(out);
	buf_printf(out, "%c%u %zu;", kind, slot, number);
	while (out->len < len)
		buf_add(out, "x", 1);
	buf_add(out, ".", 1);
}

/* Texts come whole, each slot's in the order in which they were put. */
static void
reader_takes(struct reader *r, char *all, size_t *len, size_t max)
{
	long n;
	char *end;

	while ((n = stream_take(r->stream, all + *len, max)) > 0) {
		*len += (size_t)n;
		while ((end = memchr(all, '.', *len)) != NULL) {
			size_t done = (size_t)(end - all) + 1;
			unsigned slot;
			size_t number;

			if (sscanf(all + 1, "%u %zu", &slot, &number) != 2 ||
			    slot > SLOTS)
				abort();
			if (*all == 'S' && number <= r->last[slot])
				abort();
			if (*all == 'S')
				r->last[slot] = number;
			memmove(all, all + done, *len - done);
			*len -= done;
		}
		if (*len > 3000)
			abort();
	}
	if (n == 0 && stream_has(r->stream))
		abort();
}

/* Each byte is an act: a text is put, a reader comes, takes a bite, or goes. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char kept[READERS][8192];
	size_t lens[READERS] = {0};
	struct streams *s = streams_new(READERS - 1);
	struct reader readers[READERS] = {0};
	struct buf text = {0};

	for (size_t i = 0; i < size; i++) {
		unsigned act = data[i] >> 5, what = data[i] & 31;
		struct reader *r = &readers[what % READERS];

		if (act <= 1) {
			text_make(&text, 'S', what % SLOTS, i + 1, 20 + what * 50);
			streams_put(s, what % SLOTS, &text);
		} else if (act == 2) {
			text_make(&text, 'W', SLOTS, i + 1, 20 + what * 50);
			streams_whole(s, &text, what & 1);
		} else if (act == 3) {
			text_make(&text, 'E', SLOTS, i + 1, 20);
			streams_event(s, &text);
		} else if (act == 4 && r->stream == NULL) {
			*r = (struct reader){.stream = stream_open(s)};
			lens[what % READERS] = 0;
		} else if (act == 5 && r->stream != NULL) {
			stream_close(r->stream);
			r->stream = NULL;
		} else if (act >= 6 && r->stream != NULL)
			reader_takes(
			    r, kept[what % READERS], &lens[what % READERS], 1 + what);
	}
	streams_free(s);
	buf_free(&text);
	return 0;
}
