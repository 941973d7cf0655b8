/* SPDX-License-Identifier: ISC */
#ifndef WEB_UTF8_H
#define WEB_UTF8_H

#include <stddef.h>

/*
 * What a UPS calls itself may be no UTF-8, and what web writes always is. Pure.
 */
#define UTF8_REPLACEMENT "\xef\xbf\xbd" /* U+FFFD: stands for a byte that is none */

/* How many bytes the UTF-8 character at `text` has (RFC 3629), 0 when it is none. */
size_t utf8_len(const char *text);

#endif
