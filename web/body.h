/* SPDX-License-Identifier: ISC */
#ifndef WEB_BODY_H
#define WEB_BODY_H

#include <stddef.h>

/* The body of a POST: one JSON object of texts. Pure. */
struct body;

#define BODY_TEXT_MAX 1024 /* bytes of a text */

/* Reads one; NULL, with a sentence in *why, when it is none. An empty one is an empty
 * object. */
struct body *body_read(const char *json, size_t len, const char **why);
void body_free(struct body *b);

/* A text of it, or NULL where there is none, or a longer one; owned by the body. */
const char *body_text(const struct body *b, const char *key);

#endif
