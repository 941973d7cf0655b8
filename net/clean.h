/* SPDX-License-Identifier: ISC */
#ifndef NET_CLEAN_H
#define NET_CLEAN_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Text that every client can bear (shared/research/clients.md, 3.4, rule 10): printable
 * ASCII without quote and backslash, single blanks, none at either end. Pure.
 */

/* True when a text is like that already, as nearly all are. */
bool clean_is(const char *text);

/*
 * Writes the text like that to `out` (of `size` bytes, at least 2) and returns it; it is
 * cut where it does not fit. Letters lose their accents, signs become the word or letter
 * that stands for them (° is "deg"), quotes and backslashes an apostrophe and a slash,
 * anything else "?". A byte that is not UTF-8 is read as Latin-1, which old drivers write.
 * What was not blank does not become empty.
 */
char *clean_text(const char *text, char *out, size_t size);

#endif
