/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as the file of the outbox; with a first byte that is odd, as one batch whose
 * checksum is right. What was read, written and read again is the same, and goes on.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "out/outbox.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t
checksum(const uint8_t *bytes, size_t len)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < len; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xedb88320) : 0);
	}
	return ~crc;
}

static struct outbox *
box_read(const struct buf *text)
{
	struct outbox *b = outbox_new("boot");
	struct buf damaged = {0};

	outbox_reader(b, "mqtt", UINT64_MAX);
	outbox_reader(b, "notify.phone", 3);
	outbox_load(b, text->len == 0 ? "" : buf_head(text), text->len, &damaged);
	if (damaged.len > text->len)
		abort();
	buf_free(&damaged);
	return b;
}

/* Takes all that waits for a reader; ids grow. */
static void
take_all(struct outbox *b, size_t reader)
{
	uint64_t id = outbox_taken(b, reader), before = id;
	struct event e;
	const char *line;

	while ((line = outbox_next(b, reader, &id)) != NULL) {
		if (id <= before || event_read(&e, line, strlen(line) - 1) < 0 ||
		    e.id != id)
			abort();
		before = id;
	}
	outbox_take(b, reader, id);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text = {0}, first = {0}, second = {0};
	struct event e = {.kind = KIND_ONBATT, .text = "x"};
	struct outbox *b, *again;

	if (size == 0)
		return 0;
	buf_add(&text, data + 1, size - 1);
	if (data[0] & 1)
		buf_printf(&text, "= %08" PRIx32 "\n", checksum(data + 1, size - 1));
	b = box_read(&text);
	outbox_snapshot(b, &first);
	again = box_read(&first);
	outbox_snapshot(again, &second);
	if (first.len != second.len ||
	    memcmp(buf_head(&first), buf_head(&second), first.len) != 0)
		abort();
	outbox_clock(b, 1000);
	outbox_add(b, &e, 5);
	outbox_safe(b, e.id);
	take_all(b, 0);
	outbox_adopt(again, b);
	take_all(b, 1);
	if (outbox_last(b) != UINT64_MAX && outbox_count(b) != 0)
		abort();
	outbox_free(again);
	outbox_free(b);
	buf_free(&text);
	buf_free(&first);
	buf_free(&second);
	return 0;
}
