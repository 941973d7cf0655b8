/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as a line of a publisher, and as an event; what was understood is written and
 * read again as the same.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "out/event.h"
#include "out/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* A tab becomes a blank: then they differ there alone. */
static bool
has_tab(const uint8_t *data, size_t size)
{
	return memchr(data, '\t', size) != NULL;
}

static void
look_said(const uint8_t *data, size_t size)
{
	struct wire_said said, again;
	struct words store, other;
	struct buf line = {0};

	if (wire_read(&said, &store, (const char *)data, size) < 0)
		return;
	wire_say(&line, &said);
	if (line.len <= WORDS_LINE_MAX &&
	    wire_read(&again, &other, buf_head(&line), line.len - 1) < 0)
		abort();
	if (line.len <= WORDS_LINE_MAX && !has_tab(data, size) &&
	    (again.verb != said.verb || again.id != said.id ||
		again.number != said.number || !same(again.ups, said.ups) ||
		!same(again.name, said.name) || !same(again.value, said.value)))
		abort();
	buf_free(&line);
}

static void
look_event(const uint8_t *data, size_t size)
{
	struct buf line = {0}, more = {0};
	struct event e, again;

	if (event_read(&e, (const char *)data, size) < 0)
		return;
	event_format(&line, &e);
	if (line.len > EVENT_LINE_MAX + 1 ||
	    event_read(&again, buf_head(&line), line.len - 1) < 0)
		abort();
	event_format(&more, &again);
	if (line.len != more.len ||
	    memcmp(buf_head(&line), buf_head(&more), line.len) != 0)
		abort();
	buf_free(&line);
	buf_free(&more);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	look_said(data, size);
	look_event(data, size);
	return 0;
}
