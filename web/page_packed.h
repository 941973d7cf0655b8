/* SPDX-License-Identifier: ISC */
#ifndef WEB_PAGE_PACKED_H
#define WEB_PAGE_PACKED_H

#include <stddef.h>

/* The page as web/pack.c has made it: a text, and the word in {{ }} that stands behind it,
 * for page.c to fill in; "" behind the last one. */
struct page_piece {
	const char *text;
	size_t len;
	const char *slot;
};

extern const struct page_piece page_pieces[];
extern const size_t page_npieces;

#endif
