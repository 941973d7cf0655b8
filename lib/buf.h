/* SPDX-License-Identifier: ISC */
#ifndef LIB_BUF_H
#define LIB_BUF_H

#include <stddef.h>

/*
 * A growing run of bytes: written at the end, consumed from the front.
 * `data + start` is the first unconsumed byte, `len` counts those that are left.
 * Zero-initialised (`struct buf b = {0}`) it is empty and ready.
 */
struct buf {
	char *data;
	size_t start, len, cap;
};

/* Appends `len` bytes, or text, or formatted text. */
void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_puts(struct buf *b, const char *text);
void buf_printf(struct buf *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Appends `text` between double quotes, with backslash before each `"` and `\`
 * (RFC 9271, section 4.1), so that words_split() gives the same text back. */
void buf_quoted(struct buf *b, const char *text);

/* The first unconsumed byte; valid until the next append. NULL when never used. */
char *buf_head(const struct buf *b);

/* Room for at least `len` more bytes behind the end; buf_grew() then counts them in. */
char *buf_room(struct buf *b, size_t len);
void buf_grew(struct buf *b, size_t len);

/* Drops `len` bytes from the front. */
void buf_consume(struct buf *b, size_t len);

/* Empties without releasing memory; buf_free() releases and leaves it empty. */
void buf_clear(struct buf *b);
void buf_free(struct buf *b);

/* A NUL-terminated view of the content; valid until the next change. */
const char *buf_str(struct buf *b);

#endif
