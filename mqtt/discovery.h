/* SPDX-License-Identifier: ISC */
#ifndef MQTT_DISCOVERY_H
#define MQTT_DISCOVERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/conf_holdup.h"
#include "lib/feed.h"
#include "mqtt/topics.h"
#include "mqtt/wanted.h"

/*
 * What Home Assistant, and Domoticz with its client for the same messages, are to know of our
 * UPSes (docs/publishing.md, 3.3): retained below PREFIX/+/NODE/, where it is read back after
 * each connection, so that the broker is the memory of what was announced. Pure.
 */
struct discovery;

#define DISCOVERY_READ_MS 3000   /* that the broker has for what it kept of a node */
#define DISCOVERY_GONE_MS 300000 /* after which what is told no more is taken back */
#define DISCOVERY_MIGRATE_MS \
	5000 /* that Home Assistant has for each step to another form */
#define DISCOVERY_PAUSE_MS 1000     /* between two looks at a UPS */
#define DISCOVERY_NODES_MAX 1024    /* UPSes, those that are no more among them */
#define DISCOVERY_ENTITIES_MAX 1024 /* of one UPS */

/* Both stay the caller's. With `discovery = no` all that is found is taken back. */
struct discovery *discovery_new(
    const struct conf_mqtt *conf, const struct topics *topics);
void discovery_free(struct discovery *d);

/* A new connection: everything is to be read back. */
void discovery_begin(struct discovery *d);

/* The next filter that is to be subscribed, NULL when there is none for now; to be asked, while
 * connected, before each discovery_settle(). Good until the next call. */
const char *discovery_filter(struct discovery *d, uint64_t now_ms);

/* The next filter behind which all is read back, to be given up so that not all that we say
 * comes back to us; likewise, behind discovery_settle(). */
const char *discovery_filtered(struct discovery *d, uint64_t now_ms);

/* A UPS (topic_word()) of which the broker keeps something, whether we have it or not, or of
 * which something is told that is not in the feed (its energy, an outage). */
void discovery_known(struct discovery *d, const char *word);

/* A message. True when it is one of discovery, and so nobody else's. */
bool discovery_found(struct discovery *d, const char *topic, const char *payload,
    size_t len, bool retained);

/* The feed has changed, after feed_apply(). */
void discovery_changed(
    struct discovery *d, const struct feed *f, const struct feed_change *c);

/* Writes what is to be announced, and what is to be taken back, into the struct wanted: behind
 * values_settle(), for what that keeps decides too. Returns in how many ms again, UINT64_MAX
 * without need. */
uint64_t discovery_settle(
    struct discovery *d, const struct feed *f, uint64_t now_ms, struct wanted *w);

#endif
