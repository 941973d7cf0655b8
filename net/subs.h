/* SPDX-License-Identifier: ISC */
#ifndef NET_SUBS_H
#define NET_SUBS_H

#include "net/session.h"

/*
 * Push (docs/architecture.md, 4): what a session subscribed to, and the NOTIFY lines
 * that it gets for changes of the feed. A session that did not subscribe gets nothing.
 */

/* Subscribes to one UPS, spelt as asked, or with NULL to all / ends all subscriptions
 * and releases their names. */
void subs_add(struct session *s, const char *name);
void subs_clear(struct session *s);

/* True when the session wants to hear of anything. */
bool subs_any(const struct session *s);

/* Appends the lines for one change that has been applied to the model. */
void subs_change(const struct session *s, const struct feed_change *c, struct buf *out);

/* Appends the lines that lead from an older model to the one shown now (core was away
 * and is back). */
void subs_replaced(const struct session *s, const struct feed *old, struct buf *out);

/* Appends NOTIFY DRIVER for every UPS: core has been away for too long. */
void subs_sources(const struct session *s, struct buf *out);

/* Appends ups.status of all of them: how it reads may have changed with the configuration. */
void subs_status(const struct session *s, struct buf *out);

/* Appends NOTIFY BEAT. */
void subs_beat(const struct session *s, struct buf *out);

#endif
