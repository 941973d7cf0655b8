/* SPDX-License-Identifier: ISC */
#ifndef MQTT_WANTED_H
#define MQTT_WANTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What the broker is to keep: topics with the newest payload of each, and which of them it
 * has not been told yet. However slow it is, there is one payload for a topic. Pure.
 */
struct wanted;

/* How soon a change is told. */
enum wanted_haste {
	WANTED_FIRST, /* before all others, and each time */
	WANTED_SOON,  /* once in WANTED_PAUSE_MS for each topic */
};

#define WANTED_PAUSE_MS 1000

struct wanted_topic {
	const char *topic, *payload;
	size_t len; /* of the payload; 0: it is to be forgotten */
};

struct wanted *wanted_new(void);
void wanted_free(struct wanted *w);

/* This is to be kept at the topic (both are copied); what is there already costs nothing. */
void wanted_set(
    struct wanted *w, const char *topic, const char *payload, enum wanted_haste haste);

/* This is to be forgotten, whether it was told by us or by our like before. */
void wanted_drop(struct wanted *w, const char *topic);

/* True when something is kept there, or to be. */
bool wanted_has(const struct wanted *w, const char *topic);

/* True when something is to be told before all others. */
bool wanted_hurries(const struct wanted *w);

/* Somebody else has written there: it is to be told again. */
void wanted_retell(struct wanted *w, const char *topic);

/* Nobody knows what the broker has: everything is to be told again. */
void wanted_again(struct wanted *w);

/* What is to be told now, and counts as told from then on: 0; else for how many ms there is
 * nothing. UINT64_MAX: until something changes. The topic is good until the next call. */
uint64_t wanted_next(struct wanted *w, uint64_t now_ms, struct wanted_topic *t);

/* How many topics there are; for tests and bounds. */
size_t wanted_count(const struct wanted *w);

#endif
