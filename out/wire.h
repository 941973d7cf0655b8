/* SPDX-License-Identifier: ISC */
#ifndef OUT_WIRE_H
#define OUT_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/words.h"

/*
 * The lines between `out` and a publisher (docs/publishing.md, 2) that are neither the feed
 * nor an event: both ends write and read them here. Pure.
 */

#define WIRE_KEY_MAX 128    /* bytes */
#define WIRE_VALUE_MAX 1024 /* of what is kept */

/* What a publisher says. */
enum wire_verb {
	WIRE_TAKEN, /* id */
	WIRE_KEEP,  /* name, value ("": forgotten) */
	WIRE_ORDER, /* number, ups, name, value or NULL */
	WIRE_SET,   /* number, ups, name, value */
};

struct wire_said {
	enum wire_verb verb;
	uint64_t id;
	unsigned long number;
	const char *ups, *name, *value; /* NULL where the verb has none */
};

/* Appends it as a line with LF / reads one (without LF), whose words stay in `store`. -1
 * when it is none, or too long in a part. */
void wire_say(struct buf *out, const struct wire_said *s);
int wire_read(struct wire_said *s, struct words *store, const char *line, size_t len);

/* What `out` says, besides: appends a line with LF. */
void wire_kept(struct buf *out, const char *key, const char *value);
void wire_energy(struct buf *out, const char *ups, uint64_t wh);
void wire_asked(struct buf *out, unsigned long number, const char *answer);

#endif
