/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "mqtt/announce.h"
#include "mqtt/discovery.h"

#define PREFIX "homeassistant"
#define FOUND_MAX 262144 /* bytes of a message that is looked into */

/* One entity that was announced. */
struct entity {
	enum entity_component component;
	char *id;
	json_t
	    *config; /* in the form of one message for each UPS; NULL: only its platform
			     is to be told, which takes it back */
	bool wanted; /* told of the UPS when it was last looked at */
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

struct discovery *
discovery_new(const struct conf_mqtt *conf, const struct topics *topics)
{
	struct discovery *d = xcalloc(1, sizeof(*d));

	d->conf = conf;
	d->topics = topics;
	d->prefix = conf->discovery != NULL ? conf->discovery : PREFIX;
	d->devices = conf->devices;
	discovery_known(d, "");
	return d;
}

static void
entity_drop(struct node *n, size_t i)
{
	free(n->entities[i].id);
	json_decref(n->entities[i].config);
	n->entities[i] = n->entities[--n->nentities];
}

static void
old_drop(struct node *n, size_t i)
{
	free(n->olds[i].topic);
	n->olds[i] = n->olds[--n->nolds];
}

static void
node_free(struct node *n)
{
	while (n->nentities > 0)
		entity_drop(n, 0);
	while (n->nolds > 0)
		old_drop(n, 0);
	free(n->entities);
	free(n->olds);
	free(n);
}

void
discovery_free(struct discovery *d)
{
	if (d == NULL)
		return;
	for (size_t i = 0; i < d->nnodes; i++)
		node_free(d->nodes[i]);
	free(d->nodes);
	free(d);
}

void
discovery_begin(struct discovery *d)
{
	for (size_t i = 0; i < d->nnodes; i++)
		d->nodes[i]->asked = d->nodes[i]->reads = false;
}

/* The filter for what is kept of a node. */
static const char *
filter_of(struct discovery *d, const struct node *n)
{
	char node[ANNOUNCE_NODE_MAX];

	snprintf(d->filter, sizeof(d->filter), "%s/+/%s/+/config", d->prefix,
	    announce_node(d->topics, node, n->word));
	return d->filter;
}

const char *
discovery_filter(struct discovery *d, uint64_t now_ms)
{
	for (size_t i = 0; i < d->nnodes; i++) {
		struct node *n = d->nodes[i];

		if (n->asked)
			continue;
		n->asked = n->reads = true;
		n->asked_ms = now_ms;
		n->again = true;
		return filter_of(d, n);
	}
	return NULL;
}

const char *
discovery_filtered(struct discovery *d, uint64_t now_ms)
{
	for (size_t i = 0; i < d->nnodes; i++) {
		struct node *n = d->nodes[i];

		if (!n->reads || now_ms < n->asked_ms + DISCOVERY_READ_MS)
			continue;
		n->reads = false;
		return filter_of(d, n);
	}
	return NULL;
}

static struct node *
node_find(const struct discovery *d, const char *word)
{
	for (size_t i = 0; i < d->nnodes; i++)
		if (strcmp(d->nodes[i]->word, word) == 0)
			return d->nodes[i];
	return NULL;
}

void
discovery_known(struct discovery *d, const char *word)
{
	struct node *n = node_find(d, word);

	if (n != NULL)
		n->dirty = true;
	if (n != NULL || strcmp(word, TOPIC_HOUSE) == 0 ||
	    strlen(word) >= TOPIC_WORD_MAX || d->nnodes == DISCOVERY_NODES_MAX)
		return;
	n = xcalloc(1, sizeof(*n));
	snprintf(n->word, sizeof(n->word), "%s", word);
	n->due_ms = UINT64_MAX;
	d->nodes = xreallocarray(d->nodes, d->nnodes + 1, sizeof(struct node *));
	d->nodes[d->nnodes++] = n;
}

/* The entity, made when it is not there (with `wanted` and `config` as nothing); NULL: there
 * are too many. */
static struct entity *
entity_get(struct node *n, enum entity_component component, const char *id)
{
	for (size_t i = 0; i < n->nentities; i++)
		if (n->entities[i].component == component &&
		    strcmp(n->entities[i].id, id) == 0)
			return &n->entities[i];
	if (n->nentities == DISCOVERY_ENTITIES_MAX)
		return NULL;
	n->entities = xreallocarray(n->entities, n->nentities + 1, sizeof(*n->entities));
	n->entities[n->nentities] =
	    (struct entity){.component = component, .id = xstrdup(id)};
	return &n->entities[n->nentities++];
}

/* The topic of an entity / of all of them. */
static const char *
topic_of(const struct discovery *d, const struct node *n, const struct entity *e,
    char out[TOPIC_MAX])
{
	char node[ANNOUNCE_NODE_MAX];

	announce_node(d->topics, node, n->word);
	if (e != NULL)
		snprintf(out, TOPIC_MAX, "%s/%s/%s/%s/config", d->prefix,
		    entity_words[e->component], node, e->id);
	else
		snprintf(out, TOPIC_MAX, "%s/device/%s/all/config", d->prefix, node);
	return out;
}

/* A topic of discovery, taken apart. */
struct place {
	char component[32], id[ENTITY_ID_MAX];
	struct node *node;
};

/* The level at `at`, copied; where the next begins, NULL when it is too long or the last. */
static const char *
level(const char *at, char *out, size_t size)
{
	size_t len = strcspn(at, "/");

	if (len >= size || at[len] == '\0')
		return NULL;
	memcpy(out, at, len);
	out[len] = '\0';
	return at + len + 1;
}

/* PREFIX/component/node/id/config; false when it is not of this house. */
static bool
place_of(const struct discovery *d, const char *topic, struct place *p)
{
	char name[ANNOUNCE_NODE_MAX], node[ANNOUNCE_NODE_MAX];
	size_t len = strlen(d->prefix);

	if (strncmp(topic, d->prefix, len) != 0 || topic[len] != '/')
		return false;
	topic = level(topic + len + 1, p->component, sizeof(p->component));
	if (topic != NULL)
		topic = level(topic, name, sizeof(name));
	if (topic != NULL)
		topic = level(topic, p->id, sizeof(p->id));
	if (topic == NULL || strcmp(topic, "config") != 0)
		return false;
	for (size_t i = 0; i < d->nnodes; i++) {
		p->node = d->nodes[i];
		if (strcmp(announce_node(d->topics, node, p->node->word), name) == 0)
			return true;
	}
	return false;
}

/* What our message for a whole UPS announced. */
static void
found_device(struct node *n, const char *payload, size_t len)
{
	json_t *root = json_loadb(payload, len, 0, NULL), *config;
	const char *id;

	json_object_foreach(json_object_get(root, "components"), id, config)
	{
		const char *word = json_string_value(json_object_get(config, "platform"));
		int component = word == NULL ? -1 : entity_named(word);
		struct entity *e;

		/* With nothing but its platform, it was taken back. */
		if (component < 0 || json_object_size(config) < 2)
			continue;
		e = entity_get(n, (enum entity_component)component, id);
		if (e != NULL && e->config == NULL)
			e->config = json_incref(config);
	}
	json_decref(root);
}

static void
found_old(struct node *n, const char *topic)
{
	for (size_t i = 0; i < n->nolds; i++)
		if (strcmp(n->olds[i].topic, topic) == 0)
			return;
	if (n->nolds == DISCOVERY_ENTITIES_MAX)
		return;
	n->olds = xreallocarray(n->olds, n->nolds + 1, sizeof(*n->olds));
	n->olds[n->nolds++] = (struct old){.topic = xstrdup(topic)};
}

bool
discovery_found(struct discovery *d, const char *topic, const char *payload, size_t len,
    bool retained)
{
	struct place p;
	bool device;
	int component;

	if (!place_of(d, topic, &p))
		return false;
	if (len == 0 || !retained) /* what we say comes back to us */
		return true;
	device = strcmp(p.component, "device") == 0;
	component = entity_named(p.component);
	p.node->again = true;
	if (device != d->devices || (component < 0 && strcmp(p.id, "all") != 0))
		found_old(p.node, topic);
	else if (!device)
		entity_get(p.node, (enum entity_component)component, p.id);
	else {
		p.node->whole = true;
		if (len <= FOUND_MAX)
			found_device(p.node, payload, len);
	}
	return true;
}

void
discovery_changed(struct discovery *d, const struct feed *f, const struct feed_change *c)
{
	char word[TOPIC_WORD_MAX];
	struct node *n;

	if (!f->whole || c->kind == FEED_NOTHING)
		return;
	if (c->ups != NULL && c->kind != FEED_UPS && c->kind != FEED_SNAPSHOT) {
		n = node_find(d, topic_word(word, c->ups->name));
		if (n != NULL)
			n->dirty = true;
		return;
	}
	for (size_t i = 0; i < f->nupses; i++)
		discovery_known(d, topic_word(word, f->upses[i]->name));
	for (size_t i = 0; i < d->nnodes; i++)
		d->nodes[i]->again = true;
}

/* The UPS of a node, NULL when there is none (any more). */
static const struct feed_ups *
ups_of(const struct feed *f, const struct node *n)
{
	char word[TOPIC_WORD_MAX];

	for (size_t i = 0; i < f->nupses; i++)
		if (strcmp(topic_word(word, f->upses[i]->name), n->word) == 0)
			return f->upses[i];
	return NULL;
}

/* One look at a node. */
struct look {
	struct discovery *d;
	struct node *node;
	const struct feed_ups *ups; /* NULL: the house, or a UPS that is no more */
	struct wanted *wanted;
	uint64_t now_ms;
	json_t *device;
};

static void
put(struct wanted *w, const char *topic, json_t *config)
{
	char *text = json_dumps(config, JSON_COMPACT);

	wanted_set(w, topic, text, WANTED_SOON);
	free(text);
}

/* An entity that is announced: as a message, or as a part of one. */
static void
tell(void *arg, enum entity_component component, const char *id, json_t *config)
{
	struct look *l = arg;
	struct entity *e = entity_get(l->node, component, id);
	char topic[TOPIC_MAX];

	if (e == NULL || e->wanted) { /* too many, or two with one name */
		json_decref(config);
		return;
	}
	e->wanted = true;
	e->gone_ms = 0;
	if (l->d->devices) {
		json_object_set_new(
		    config, "platform", json_string(entity_words[component]));
		json_decref(e->config);
		e->config = config;
		return;
	}
	json_object_set(config, "device", l->device);
	json_object_set_new(config, "origin", announce_origin());
	put(l->wanted, topic_of(l->d, l->node, e, topic), config);
	json_decref(config);
}

/* What is told no more is taken back: at once with the whole UPS, after a while with a UPS
 * that is heard, not as long as it is not. Returns when to look again. */
static uint64_t
take_back(struct look *l, bool all)
{
	bool heard = l->ups == NULL || l->ups->source == FEED_OK;
	uint64_t due = UINT64_MAX;
	char topic[TOPIC_MAX];

	for (size_t i = 0; i < l->node->nentities;) {
		struct entity *e = &l->node->entities[i];

		if (!e->wanted && e->gone_ms == 0)
			e->gone_ms = l->now_ms;
		if (!heard)
			e->gone_ms = 0;
		if (!all &&
		    (e->gone_ms == 0 || l->now_ms - e->gone_ms < DISCOVERY_GONE_MS)) {
			if (e->gone_ms != 0 && e->gone_ms + DISCOVERY_GONE_MS < due)
				due = e->gone_ms + DISCOVERY_GONE_MS;
			i++;
		} else if (l->d->devices && !all) {
			/* Only its platform is said from now on. */
			json_decref(e->config);
			e->config = NULL;
			i++;
		} else {
			if (!l->d->devices)
				wanted_drop(l->wanted, topic_of(l->d, l->node, e, topic));
			entity_drop(l->node, i);
		}
	}
	return due;
}

/* The one message for a UPS. */
static void
put_device(struct look *l)
{
	json_t *root = json_object(), *components = json_object();
	char topic[TOPIC_MAX];

	for (size_t i = 0; i < l->node->nentities; i++) {
		struct entity *e = &l->node->entities[i];

		if (e->config != NULL)
			json_object_set(components, e->id, e->config);
		else if (json_object_get(components, e->id) == NULL)
			json_object_set_new(components, e->id,
			    json_pack("{s:s}", "platform", entity_words[e->component]));
	}
	json_object_set(root, "device", l->device);
	json_object_set_new(root, "origin", announce_origin());
	json_object_set_new(root, "components", components);
	put(l->wanted, topic_of(l->d, l->node, NULL, topic), root);
	json_decref(root);
}

/*
 * Messages of the other form go in Home Assistant's own way, so that what people have named
 * and ordered stays: they are told of the change, ours come, and then they are emptied.
 * Returns when to look again, *wait: ours are not to come yet.
 */
static uint64_t
leave(struct look *l, bool wanted, bool *wait)
{
	uint64_t due = UINT64_MAX;

	*wait = false;
	for (size_t i = 0; i < l->node->nolds;) {
		struct old *o = &l->node->olds[i];
		bool over = o->step != LEAVE_FOUND &&
			    l->now_ms - o->at_ms >= DISCOVERY_MIGRATE_MS;

		if (!wanted || (o->step == LEAVE_READY && over)) {
			wanted_drop(l->wanted, o->topic);
			old_drop(l->node, i);
			continue;
		}
		if (o->step == LEAVE_FOUND)
			wanted_set(l->wanted, o->topic, "{\"migrate_discovery\":true}",
			    WANTED_SOON);
		if (o->step == LEAVE_FOUND || over) {
			o->step = o->step == LEAVE_FOUND ? LEAVE_WARNED : LEAVE_READY;
			o->at_ms = l->now_ms;
		}
		*wait |= o->step == LEAVE_WARNED;
		if (o->at_ms + DISCOVERY_MIGRATE_MS < due)
			due = o->at_ms + DISCOVERY_MIGRATE_MS;
		i++;
	}
	return due;
}

/* All of a node, anew. Returns when to look again. */
static uint64_t
look(struct look *l, const struct announce *a)
{
	bool house = l->node->word[0] == '\0', wait;
	bool all = l->d->conf->silent || (l->ups == NULL && !house);
	uint64_t due, back;
	char topic[TOPIC_MAX];

	due = leave(l, !all, &wait);
	if (wait)
		return due;
	for (size_t i = 0; i < l->node->nentities; i++)
		l->node->entities[i].wanted = false;
	l->device = announce_device(a, l->ups);
	if (!all && house)
		announce_house(a, tell, l);
	else if (!all)
		announce_ups(a, l->ups, tell, l);
	back = take_back(l, all);
	if (all && l->node->whole)
		wanted_drop(l->wanted, topic_of(l->d, l->node, NULL, topic));
	l->node->whole = !all && l->d->devices;
	if (l->node->whole)
		put_device(l);
	json_decref(l->device);
	return back < due ? back : due;
}

/* True when a node is to be looked at now; else *due may become earlier. */
static bool
look_due(const struct node *n, uint64_t now_ms, uint64_t *due)
{
	uint64_t at = n->due_ms;

	if (!n->asked)
		return false;
	if (n->again)
		at = 0;
	else if (n->dirty && n->seen_ms + DISCOVERY_PAUSE_MS < at)
		at = n->seen_ms + DISCOVERY_PAUSE_MS;
	if (at < n->asked_ms + DISCOVERY_READ_MS)
		at = n->asked_ms + DISCOVERY_READ_MS;
	if (at > now_ms && at < *due)
		*due = at;
	return at <= now_ms;
}

uint64_t
discovery_settle(
    struct discovery *d, const struct feed *f, uint64_t now_ms, struct wanted *w)
{
	const struct announce a = {d->conf, d->topics, w};
	uint64_t due = UINT64_MAX, mark;

	if (!f->whole && !d->conf->silent)
		return UINT64_MAX;
	for (size_t i = 0; i < d->nnodes; i++) {
		struct node *n = d->nodes[i];
		struct look l = {.d = d, .node = n, .wanted = w, .now_ms = now_ms};

		if (!look_due(n, now_ms, &due))
			continue;
		l.ups = ups_of(f, n);
		mark = l.ups == NULL ? 0 : announce_mark(&a, l.ups);
		n->seen_ms = now_ms;
		n->dirty = false;
		if (n->again || n->due_ms <= now_ms || mark != n->mark) {
			n->again = false;
			n->mark = mark;
			n->due_ms = look(&l, &a);
		}
		if (n->due_ms < due)
			due = n->due_ms;
	}
	return due == UINT64_MAX ? due : due > now_ms ? due - now_ms : 0;
}
