/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/xmem.h"

#define BUF_FIRST 256

char *
buf_head(const struct buf *b)
{
	return b->data == NULL ? NULL : b->data + b->start;
}

char *
buf_room(struct buf *b, size_t len)
{
	size_t cap = b->cap > 0 ? b->cap : BUF_FIRST;

	if (b->start > 0 && b->start + b->len + len > b->cap) {
		memmove(b->data, b->data + b->start, b->len);
		b->start = 0;
	}
	while (cap - b->start - b->len < len)
		cap *= 2;
	if (cap != b->cap || b->data == NULL) {
		b->data = xrealloc(b->data, cap);
		b->cap = cap;
	}
	return b->data + b->start + b->len;
}

void
buf_grew(struct buf *b, size_t len)
{
	b->len += len;
}

void
buf_add(struct buf *b, const void *bytes, size_t len)
{
	if (len == 0)
		return;
	memcpy(buf_room(b, len), bytes, len);
	b->len += len;
}

void
buf_puts(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void
buf_printf(struct buf *b, const char *format, ...)
{
	va_list args, again;
	int len;

	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len > 0) {
		vsnprintf(buf_room(b, (size_t)len + 1), (size_t)len + 1, format, again);
		b->len += (size_t)len;
	}
	va_end(again);
}

void
buf_quoted(struct buf *b, const char *text)
{
	buf_add(b, "\"", 1);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			buf_add(b, "\\", 1);
		buf_add(b, text, 1);
	}
	buf_add(b, "\"", 1);
}

void
buf_consume(struct buf *b, size_t len)
{
	if (len >= b->len) {
		buf_clear(b);
		return;
	}
	b->start += len;
	b->len -= len;
}

void
buf_clear(struct buf *b)
{
	b->start = b->len = 0;
}

void
buf_free(struct buf *b)
{
	free(b->data);
	memset(b, 0, sizeof(*b));
}

const char *
buf_str(struct buf *b)
{
	*buf_room(b, 1) = '\0';
	return b->data + b->start;
}
