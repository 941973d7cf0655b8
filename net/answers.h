/* SPDX-License-Identifier: ISC */
#ifndef NET_ANSWERS_H
#define NET_ANSWERS_H

#include <stddef.h>
#include <stdint.h>

#include "lib/feed.h"

/*
 * Answers to lines that are asked again and again, by the line as it came: what was answered
 * once need not be parsed, looked up and written anew until something changes. Only what
 * follows from the model, the configuration and the client's look alone is kept; who may
 * read, and whether the data are fresh, is asked each time. Pure; zero: empty.
 */
#define ANSWERS_MAX 64      /* lines that are remembered */
#define ANSWERS_LINE_MIN 8  /* bytes of a line; others are not remembered */
#define ANSWERS_LINE_MAX 64 /* without its LF */
#define ANSWERS_TEXT_MAX 96 /* bytes of an answer; a longer one is not remembered */

/* What an answer holds for: the same line under the same of these is answered the same. */
struct answers_time {
	unsigned long number; /* of the feed's last change, whatever it was */
	unsigned epoch;       /* of the configuration */
	uint64_t look;        /* session_kind() */
};

struct answer {
	const struct feed_ups *ups; /* it tells of; NULL: an unused entry */
	struct answers_time time;
	uint8_t line_len, len;
	char line[ANSWERS_LINE_MAX], text[ANSWERS_TEXT_MAX];
};

struct answers {
	struct answer list[ANSWERS_MAX];
};

/* The answer to the line, or NULL when none is remembered; valid until the next call. */
const struct answer *answers_find(const struct answers *a,
    const struct answers_time *time, const char *line, size_t len);

/* Remembers the answer of `text_len` bytes, which tells of the UPS; another that has the
 * same place gives way. */
void answers_keep(struct answers *a, const struct answers_time *time,
    const struct feed_ups *u, const char *line, size_t len, const char *text,
    size_t text_len);

/* Forgets all: when the model was replaced, and numbers begin anew. */
void answers_clear(struct answers *a);

#endif
