/* SPDX-License-Identifier: ISC */
#ifndef WEB_LANG_H
#define WEB_LANG_H

#include <stddef.h>

#include "lib/buf.h"
#include "lib/feed.h"

/* What the page says to people, in each language that it speaks: one table. Pure. */

enum lang { LANG_EN, LANG_FR, LANGS };

#define LANG_ACCEPT_MAX 1024 /* bytes of Accept-Language that are read */
#define LANG_STATUS_MAX 16   /* words that a status is made of */

/* The language that an Accept-Language header (RFC 9110, 12.5.4) prefers among ours:
 * the highest weight, at equal weights the first. NULL, or nothing of ours: English. */
enum lang lang_accept(const char *header);

/* "en": for the attribute `lang`, and as BCP 47 has it. */
const char *lang_code(enum lang lang);

/* The text of a key, or NULL where there is no such key. */
const char *lang_text(enum lang lang, const char *key);

/* All keys and texts as one JSON object that may stand inside a script element. */
void lang_json(struct buf *out, enum lang lang);

/*
 * The state of a UPS as keys of this table, most important first, from its source and
 * ups.status (as this machine sees it; NULL: unknown): "lost", "stale", "waiting", or what
 * the words of the status mean: "fsd", "low", "battery", "mains", "charging" … Words that
 * nobody knows are left out. Each key has a text under "status.KEY". Writes at most
 * LANG_STATUS_MAX keys, returns how many (1 at least); the keys are static.
 */
size_t lang_status(const char *status, enum feed_source source, const char **keys);

#endif
