/* SPDX-License-Identifier: ISC */
#ifndef PUBLISH_TEMPLATE_H
#define PUBLISH_TEMPLATE_H

#include <stdbool.h>

#include "lib/buf.h"

/*
 * Texts with names in braces (docs/notify.md, 4): "{ups} has {battery.charge|unknown} %". A
 * brace that no small letter follows stands for itself, and so does "{{" for one. Pure.
 */

/* Who knows the value of a name: NULL where there is none; good until the next call. */
struct template_values {
	const char *(*look)(void *arg, const char *name);
	void *arg;
};

/*
 * Appends the text with all names filled in. With `json` the text is JSON: what stands in a
 * string is escaped as strings are; what stands for itself is a number, or becomes a string,
 * or null where nothing is known.
 */
void template_fill(
    struct buf *out, const char *text, bool json, const struct template_values *values);

/* Appends a text as it stands in a string of JSON, without the quotes. Bytes that are no
 * UTF-8 become "?". */
void template_json(struct buf *out, const char *text);

#endif
