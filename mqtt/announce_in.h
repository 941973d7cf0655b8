/* SPDX-License-Identifier: ISC */
#ifndef MQTT_ANNOUNCE_IN_H
#define MQTT_ANNOUNCE_IN_H

#include "mqtt/announce.h"

/* Between announce.c (what is told) and announce_orders.c (what may be ordered). */

struct announce_one {
	char id[ENTITY_ID_MAX];
	json_t *config;
};

/* An entity with name and unique id (`u` NULL: of the house). */
void announce_begin(struct announce_one *one, const struct announce *a,
    const struct feed_ups *u, const char *id, const char *name);

/* A text, and a member that is one: what a UPS calls itself may be no UTF-8 (utf8_add()). */
json_t *announce_said(const char *text);
void announce_text(json_t *o, const char *key, const char *text);

/* A member: the topic of a name of NUT, with `before` ("command/") between it and the UPS. */
void announce_variable_topic(const struct announce *a, const struct feed_ups *u,
    json_t *config, const char *key, const char *before, const char *name);

/* On what its availability hangs: the house, and, with `heard`, the link to the UPS. */
void announce_available(
    const struct announce *a, const struct feed_ups *u, json_t *config, bool heard);

/* A variable that may be set / that shows the state of a switch. False: it is none. */
bool announce_setting(const struct announce *a, const struct feed_ups *u,
    const struct state_var *v, announce_each *each, void *arg);
bool announce_pair(const struct announce *a, const struct feed_ups *u,
    const struct state_var *v, announce_each *each, void *arg);

/* A button, if the command may be ordered and is no half of a switch. */
void announce_command(const struct announce *a, const struct feed_ups *u,
    const char *command, announce_each *each, void *arg);

#endif
