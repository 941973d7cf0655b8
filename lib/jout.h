/* SPDX-License-Identifier: ISC */
#ifndef LIB_JOUT_H
#define LIB_JOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/buf.h"

/*
 * Writes JSON (RFC 8259) piece by piece, so that a state of a hundred UPSes is no tree first.
 * Commas come by themselves. `key` is NULL for an element of a list. Pure.
 */
struct jout {
	struct buf *out;
	bool comma; /* something stands before, in the same object or list */
};

/* `{` or `[`, and their ends. */
void jout_open(struct jout *j, const char *key, char bracket);
void jout_close(struct jout *j, char bracket);

/* Text, NULL as null. What is no UTF-8 becomes U+FFFD, so that every reader takes it; `<`
 * is escaped, so that it can stand inside a script element. */
void jout_text(struct jout *j, const char *key, const char *text);

/* A number with at most three decimals; NAN and infinite ones as null. */
void jout_number(struct jout *j, const char *key, double number);
void jout_whole(struct jout *j, const char *key, int64_t number);
void jout_bool(struct jout *j, const char *key, bool yes);
void jout_null(struct jout *j, const char *key);

/*
 * True for a text, such as a value of NUT, that may stand there as a number: as JSON has them
 * (6) without an exponent, and no longer than a reader keeps whole in a double, 15 digits
 * before the point and 6 behind it. "007" and a serial number of 20 digits are texts.
 */
bool jout_is_number(const char *text);

#endif
