/* SPDX-License-Identifier: ISC */
#ifndef LIB_UTF8_H
#define LIB_UTF8_H

#include <stddef.h>

#include "lib/buf.h"

/*
 * What a UPS calls itself, or what stands in a file, may be no UTF-8; what goes out as JSON or
 * HTML always is. Pure.
 */
#define UTF8_REPLACEMENT "\xef\xbf\xbd" /* U+FFFD: stands for a byte that is none */

/* How many bytes the UTF-8 character at `text` has (RFC 3629), 0 when it is none. */
size_t utf8_len(const char *text);

/* How many bytes of a text go into `max`, without a part of a character at their end. */
size_t utf8_cut(const char *text, size_t max);

/* Appends a text, with "?" for each byte that is no UTF-8 and for control characters other
 * than LF. */
void utf8_add(struct buf *out, const char *text);

#endif
