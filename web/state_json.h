/* SPDX-License-Identifier: ISC */
#ifndef WEB_STATE_JSON_H
#define WEB_STATE_JSON_H

#include "lib/jout.h"
#include "web/house.h"

/* The state and its parts as docs/page.md, 3 has them. Pure. */

/* The whole object. */
void state_json(struct buf *out, const struct house *h, double now);

/* One of its upses / its list of machines / one event, as an object (or list) of its own. */
void state_json_ups(struct buf *out, const struct house *h, const struct feed_ups *u);
void state_json_machines(struct buf *out, const struct house *h);
void state_json_event(struct buf *out, int64_t id, const struct page_event *e);

/* Inside another object. */
void state_json_event_in(struct jout *j, int64_t id, const struct page_event *e);

#endif
