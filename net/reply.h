/* SPDX-License-Identifier: ISC */
#ifndef NET_REPLY_H
#define NET_REPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/feed.h"

/*
 * The shapes of answers (RFC 9271): each function appends one whole line.
 */

/* "ERR word". */
void reply_err(struct buf *out, const char *word);

/* True for one of the error words of RFC 9271 that every client knows. WinNUT breaks the
 * connection over any other. */
bool reply_err_known(const char *word);

/* `kind ups name "value"`, as VAR, RW, ENUM, DESC have it; `name` may be NULL. */
void reply_var(struct buf *out, const char *kind, const char *ups, const char *name,
    const char *value);

/* `which LIST kind [ups [name]]`, with "BEGIN" or "END". */
void reply_list(struct buf *out, const char *which, const char *kind, const char *ups,
    const char *name);

/* Text in quotes, with a backslash before each quote and backslash. */
void reply_quoted(struct buf *out, const char *text);

/* A look is 32 bits of net/profile.h and, above them, an enum feed_view. */
#define REPLY_VIEW_SHIFT 32

/* The variable's text as clients of this look (net/profile.h) must see it: ups.status with
 * the view laid over it. Valid until the next call. */
const char *reply_value(
    uint64_t look, const struct feed_ups *u, const struct state_var *v);

#endif
