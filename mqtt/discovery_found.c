/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "mqtt/discovery_in.h"

#define FOUND_MAX 262144 /* bytes of a message that is looked into */

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
	char name[ANNOUNCE_NODE_MAX], house[ANNOUNCE_NODE_MAX];
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
	len = strlen(announce_node(d->topics, house, ""));
	if (strncmp(name, house, len) != 0 ||
	    (name[len] != '\0' && strncmp(name + len, "__", 2) != 0))
		return false;
	p->node = discovery_node(d, name[len] == '\0' ? "" : name + len + 2);
	return p->node != NULL;
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
		e = discovery_entity(n, (enum entity_component)component, id);
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
	if (device != d->devices || (device ? strcmp(p.id, "all") != 0 : component < 0))
		found_old(p.node, topic);
	else if (!device)
		discovery_entity(p.node, (enum entity_component)component, p.id);
	else {
		p.node->whole = true;
		if (len <= FOUND_MAX)
			found_device(p.node, payload, len);
	}
	return true;
}
