/* SPDX-License-Identifier: ISC */
#ifndef MQTT_DISCOVERY_IN_H
#define MQTT_DISCOVERY_IN_H

#include <jansson.h>

#include "mqtt/announce.h"
#include "mqtt/discovery.h"

/* Between discovery.c (which device when), discovery_found.c (what the broker kept) and
 * discovery_look.c (what is told of one). */

/* One entity that was announced. */
struct entity {
	enum entity_component component;
	char *id;
	/* In the form of one message for each UPS; NULL: only its platform is told, which
	 * takes it back. */
	json_t *config;
	bool wanted;      /* told of the UPS when it was last looked at */
	uint64_t gone_ms; /* since when it is not; 0: it is */
};

/* How a message of the other form makes place for ours. */
enum leave { LEAVE_FOUND, LEAVE_WARNED, LEAVE_READY };

struct old {
	char *topic;
	enum leave step;
	uint64_t at_ms; /* of this step */
};

/* A device of Home Assistant: a UPS, or the house (`word` is ""). */
struct node {
	char word[TOPIC_WORD_MAX];
	bool asked;        /* its filter was handed out on this connection */
	bool reads;        /* … and not given up yet */
	uint64_t asked_ms; /* when it was handed out */
	bool dirty;        /* it may be announced otherwise than before */
	bool again;        /* … it is to be looked at in any case */
	uint64_t seen_ms, mark;
	uint64_t due_ms; /* when it is to be looked at without a reason from outside */
	bool whole;      /* the one message for all of it is kept */
	struct entity *entities;
	size_t nentities;
	struct old *olds; /* messages of the form that is not wanted */
	size_t nolds;
};

struct discovery {
	const struct conf_mqtt *conf;
	const struct topics *topics;
	const char *prefix;
	bool devices; /* one message for each UPS */
	struct node **nodes;
	size_t nnodes;
	char filter[TOPIC_MAX];
};

/* One look at a node. */
struct look {
	struct discovery *d;
	struct node *node;
	const struct feed_ups *ups; /* NULL: the house, or a UPS that is no more */
	struct wanted *wanted;
	uint64_t now_ms;
	json_t *device;
};

/* The node of a UPS ("": of the house), or NULL. */
struct node *discovery_node(const struct discovery *d, const char *word);

/* The entity, made when it is not there (with `wanted` and `config` as nothing); NULL: there
 * are too many. */
struct entity *discovery_entity(
    struct node *n, enum entity_component component, const char *id);

/* Releases what it holds; the list is the caller's. */
void discovery_release(struct entity *e);

/* The topic of an entity, with NULL that of the one message for all. Returns `out`. */
const char *discovery_topic(const struct discovery *d, const struct node *n,
    const struct entity *e, char out[TOPIC_MAX]);

/* All of a node, anew. Returns when to look again. */
uint64_t discovery_look(struct look *l, const struct announce *a);

#endif
