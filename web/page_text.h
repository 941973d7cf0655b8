/* SPDX-License-Identifier: ISC */
#ifndef WEB_PAGE_TEXT_H
#define WEB_PAGE_TEXT_H

#include <stdbool.h>

#include "lib/buf.h"
#include "web/lang.h"

/* Texts of people and of UPSes as HTML: all of it escaped, good inside an element and inside
 * an attribute in double quotes. Pure. */

/* A text that came from outside; NULL is "". What is not UTF-8 becomes U+FFFD, so that the
 * page always is. */
void page_text_escaped(struct buf *out, const char *text);

/* The word of a key, or the key itself where there is none. */
void page_text_word(struct buf *out, enum lang lang, const char *key);

/* ... with {0} and {1} filled in by what is HTML already. */
void page_text_filled(struct buf *out, enum lang lang, const char *key, const char *first,
    const char *second);

/* A word of ours, its first letter (of a to z) a capital one where `capital`. */
void page_text_capital(struct buf *out, const char *word, bool capital);

/* "230 V" / "22,5 °C" in French; nothing where the number is not known. */
void page_text_number(
    struct buf *out, enum lang lang, double value, int digits, const char *sign);

/* Seconds as "45 s", "4 min 30 s", "1 h 04 min", "3 d 2 h"; nothing where not known. */
void page_text_duration(struct buf *out, enum lang lang, double seconds);

/* A moment as a time element, "2026-11-23 14:03 UTC": whose clock it is, the server cannot
 * know; the script shows the browser's. */
void page_text_moment(struct buf *out, double at);

/* True for a day (YYYY-MM-DD) that is over at a moment, in UTC. */
bool page_text_past(const char *day, double at);

#endif
