/* SPDX-License-Identifier: ISC */
#ifndef MQTT_EVENTS_H
#define MQTT_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/buf.h"
#include "out/event.h"

/*
 * Each event once (docs/publishing.md, 3.2): one is under way at a time, and after each
 * connection none is sent before the last ones that the broker keeps are read back. Pure.
 */
struct events;

/* An event that the broker keeps is ours, and what ours are compared with, when their ids
 * are no farther apart than the outbox is deep; else the ids have begun anew. */
#define EVENTS_DEEP_MS (8LL * 24 * 3600 * 1000)

struct events *events_new(void);
void events_free(struct events *e);

/* The next one from `out`; copied. */
void events_add(struct events *e, const struct event *event);

/* A new connection, on which nothing is known / the last event of this UPS ("": of the
 * house) that the broker has kept / that was all. */
void events_begin(struct events *e);
void events_kept(struct events *e, const char *ups, uint64_t id);
void events_ready(struct events *e);

enum events_act {
	EVENTS_WAIT, /* there is none, or one is under way, or not all is read back */
	EVENTS_SEND, /* *event is to be sent; it is under way from now on */
	EVENTS_SKIP, /* *event has been sent before: it is to be taken */
};

/* What is to be done next. The event is good until the next call. */
enum events_act events_next(struct events *e, const struct event **event);

/* The broker has it. Returns the id that is to be taken, 0 when none was under way. */
uint64_t events_acked(struct events *e);

/* True while one is under way. */
bool events_under_way(const struct events *e);

#define EVENTS_LATE_MS 10000

/* An event as JSON object; wall_ms: when it is sent. / The id in one that was read back, or
 * 0 when that is not an event of this site. */
void events_json(
    struct buf *out, const struct event *e, const char *site, int64_t wall_ms);
uint64_t events_json_id(const char *text, size_t len, const char *site);

#endif
