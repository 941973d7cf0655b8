/* SPDX-License-Identifier: ISC */
#ifndef MQTT_EVENTS_H
#define MQTT_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "out/event.h"

/*
 * Each event once (docs/publishing.md, 3.2). One is under way at a time. The broker echoes
 * what it has stored, by a subscription of a session that outlives connections; so of an
 * event whose fate nobody knows it is seen behind a reconnect whether it comes, or a mark
 * that was sent after it comes first. Pure.
 */
struct events;

/* wall_ms: now, Unix ms. An event that is older may have been sent by our like before us. */
struct events *events_new(int64_t wall_ms);
void events_free(struct events *e);

/* The next one from `out`; copied. */
void events_add(struct events *e, const struct event *event);

/* A new connection; `session`: the broker had kept ours, with its subscription. */
void events_begin(struct events *e, bool session, uint64_t now_ms);

/* The answer to the subscription to BASE/+/event. */
void events_subscribed(struct events *e, bool granted);

/* A message from there. `retained`: not an echo, but the last one that is kept. Returns the
 * id that is to be taken, or 0. */
uint64_t events_heard(struct events *e, const char *site, const char *payload, size_t len,
    bool retained, uint64_t now_ms);

/* The broker has the one with this id. Returns the id that is to be taken, or 0. */
uint64_t events_acked(struct events *e, uint64_t id);

enum events_act {
	EVENTS_WAIT, /* for something to happen, or for *wait_ms (UINT64_MAX: no time) */
	EVENTS_SEND, /* *event is to be sent; it is under way from now on */
	EVENTS_SKIP, /* *event was sent before: it is to be taken */
	EVENTS_MARK, /* events_mark_json() is to be sent, behind all else */
};

/* What is to be done next. The event is good until the next call. */
enum events_act events_next(
    struct events *e, uint64_t now_ms, const struct event **event, uint64_t *wait_ms);

/* The JSON object of an event, which is sent at wall_ms / of the mark. */
#define EVENTS_LATE_MS 10000
void events_json(
    struct buf *out, const struct event *event, const char *site, int64_t wall_ms);
void events_mark_json(struct buf *out, uint64_t mark, const char *site);
uint64_t events_mark(const struct events *e);

/* Reads an object of either kind: false when it is none of this site. What it has not is 0. */
struct events_said {
	uint64_t id, mark;
};
bool events_read(
    struct events_said *said, const char *site, const char *payload, size_t len);

#define EVENTS_ANSWER_MS \
	20000 /* a broker that has not echoed the mark by then will not */
#define EVENTS_SETTLE_MS \
	5000 /* what it had given to a dead connection may come so late */
/* What the broker keeps is compared with ours when it is no farther off than the outbox is
 * deep: else the ids have begun anew. */
#define EVENTS_DEEP_MS (8LL * 24 * 3600 * 1000)

#endif
