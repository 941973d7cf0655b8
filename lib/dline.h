/* SPDX-License-Identifier: ISC */
#ifndef LIB_DLINE_H
#define LIB_DLINE_H

#include "lib/buf.h"
#include "lib/state.h"
#include "lib/words.h"

/*
 * The lines of NUT's driver socket protocol (docs/sock-protocol.txt of NUT). Pure.
 */

enum dline_kind {
	DLINE_CHANGED,   /* applied; the state differs now */
	DLINE_SAME,      /* applied; nothing new */
	DLINE_DATAOK,    /* the driver's data are fresh */
	DLINE_DATASTALE, /* the driver has lost its device */
	DLINE_DUMPDONE,  /* the answer to DUMPALL is complete */
	DLINE_PONG,
	DLINE_TRACKING, /* argv[1] = id, argv[2] = status */
	DLINE_UNKNOWN,  /* a word that newer drivers may say: ignore */
	DLINE_BAD,      /* a known word with wrong arguments */
};

/* Applies argv[first..] of a line that a driver said to `s`. */
enum dline_kind dline_apply(struct state *s, const struct words *w, int first);

/*
 * Writes the lines that turn `from` into `to`, each with `prefix` in front and LF behind
 * (prefix "" for a driver, "qnapups " for the feed). An empty `from` (or NULL) gives a
 * whole dump, without DATAOK and DUMPDONE. Returns the number of lines.
 */
size_t dline_diff(struct buf *out, const char *prefix, const struct state *from,
    const struct state *to);

/* Makes `to` equal to `from` by way of the same comparison. */
void dline_copy(struct state *to, const struct state *from);

#endif
