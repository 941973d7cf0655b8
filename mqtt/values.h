/* SPDX-License-Identifier: ISC */
#ifndef MQTT_VALUES_H
#define MQTT_VALUES_H

#include <stdint.h>

#include "lib/feed.h"
#include "mqtt/topics.h"
#include "mqtt/wanted.h"

/*
 * The feed becomes topics (docs/publishing.md, 3.1): each variable, the conditions, and the
 * JSON object of each UPS. Pure: all leaves through a struct wanted.
 */
struct values;

/* Both stay the caller's, and outlive it. */
struct values *values_new(const struct topics *t, struct wanted *w);
void values_free(struct values *v);

/* The feed has changed, after feed_apply(): notes what is to be looked at. */
void values_changed(struct values *v, const struct feed_change *c);

/* Watt hours of a UPS since it is known / its last outage that is over: when it began (Unix
 * ms), how long it was. */
void values_energy(struct values *v, const char *ups, uint64_t wh);
void values_outage(struct values *v, const char *ups, int64_t began_ms, uint64_t seconds);

/* A UPS may have topics from before, by the word that stands for its name. */
void values_known(struct values *v, const char *word);

/* A retained topic of this house that the broker had before us: where it is one of a UPS or
 * a variable that there is no more, it will be deleted. */
void values_found(struct values *v, const char *topic);

/* Writes what has changed into the struct wanted: to be called before wanted_next().
 * wall_ms: Unix ms, the time in the JSON objects. Returns in how many ms again, UINT64_MAX
 * without need. */
uint64_t values_settle(
    struct values *v, const struct feed *f, uint64_t now_ms, int64_t wall_ms);

#endif
