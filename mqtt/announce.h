/* SPDX-License-Identifier: ISC */
#ifndef MQTT_ANNOUNCE_H
#define MQTT_ANNOUNCE_H

#include <jansson.h>

#include "lib/conf_holdup.h"
#include "lib/feed.h"
#include "mqtt/entities.h"
#include "mqtt/topics.h"
#include "mqtt/wanted.h"

/*
 * What Home Assistant is told that a UPS has (docs/publishing.md, 3.3): one object for each
 * entity, as its discovery wants it. Pure.
 */
struct announce {
	const struct conf_mqtt *conf;
	const struct topics *topics;
	const struct wanted *wanted; /* which of our topics there are */
};

#define ANNOUNCE_NODE_MAX (2 * TOPIC_WORD_MAX + 16)

/* By what a device is known: "holdup_home__qnapups"; `word`: of the UPS as topic_word() has
 * it, "" for the house. Returns `out`. */
char *announce_node(
    const struct topics *t, char out[ANNOUNCE_NODE_MAX], const char *word);

/* What each entity is given to: `config` is the receiver's to release. */
typedef void announce_each(
    void *arg, enum entity_component component, const char *id, json_t *config);

/* All that a UPS has now / all of the house itself. */
void announce_ups(
    const struct announce *a, const struct feed_ups *u, announce_each *each, void *arg);
void announce_house(const struct announce *a, announce_each *each, void *arg);

/* The device that they belong to (`u` NULL: the house), and who says so. The caller's. */
json_t *announce_device(const struct announce *a, const struct feed_ups *u);
json_t *announce_origin(void);

/* Grows different when announce_ups() would say something else. */
uint64_t announce_mark(const struct announce *a, const struct feed_ups *u);

#endif
