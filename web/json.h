/* SPDX-License-Identifier: ISC */
#ifndef WEB_JSON_H
#define WEB_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/buf.h"

/*
 * Writes JSON (RFC 8259) piece by piece, so that a state of a hundred UPSes is no tree first.
 * Commas come by themselves. `key` is NULL for an element of a list. Pure.
 */
struct json {
	struct buf *out;
	bool comma; /* something stands before, in the same object or list */
};

/* `{` or `[`, and their ends. */
void json_open(struct json *j, const char *key, char bracket);
void json_close(struct json *j, char bracket);

/* Text, NULL as null. What is no UTF-8 becomes U+FFFD, so that every reader takes it; `<`
 * is escaped, so that it can stand inside a script element. */
void json_text(struct json *j, const char *key, const char *text);

/* A number with at most three decimals; NAN and infinite ones as null. */
void json_number(struct json *j, const char *key, double number);
void json_whole(struct json *j, const char *key, int64_t number);
void json_bool(struct json *j, const char *key, bool yes);
void json_null(struct json *j, const char *key);

#endif
