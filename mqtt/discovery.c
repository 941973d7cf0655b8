/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "mqtt/discovery_in.h"

#define PREFIX "homeassistant"

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

void
discovery_release(struct entity *e)
{
	free(e->id);
	json_decref(e->config);
}

static void
node_free(struct node *n)
{
	for (size_t i = 0; i < n->nentities; i++)
		discovery_release(&n->entities[i]);
	for (size_t i = 0; i < n->nolds; i++)
		free(n->olds[i].topic);
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

struct node *
discovery_node(const struct discovery *d, const char *word)
{
	for (size_t i = 0; i < d->nnodes; i++)
		if (strcmp(d->nodes[i]->word, word) == 0)
			return d->nodes[i];
	return NULL;
}

void
discovery_known(struct discovery *d, const char *word)
{
	struct node *n = discovery_node(d, word);

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

struct entity *
discovery_entity(struct node *n, enum entity_component component, const char *id)
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

const char *
discovery_topic(const struct discovery *d, const struct node *n, const struct entity *e,
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

void
discovery_changed(struct discovery *d, const struct feed *f, const struct feed_change *c)
{
	char word[TOPIC_WORD_MAX];
	struct node *n;

	if (!f->whole || c->kind == FEED_NOTHING)
		return;
	if (c->kind != FEED_UPS && c->kind != FEED_SNAPSHOT) {
		if (c->ups != NULL &&
		    (n = discovery_node(d, topic_word(word, c->ups->name))) != NULL)
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
			n->due_ms = discovery_look(&l, &a);
		}
		if (n->due_ms < due)
			due = n->due_ms;
	}
	return due == UINT64_MAX ? due : due > now_ms ? due - now_ms : 0;
}
