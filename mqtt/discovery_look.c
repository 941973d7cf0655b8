/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "mqtt/discovery_in.h"

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
	struct entity *e = discovery_entity(l->node, component, id);
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
	put(l->wanted, discovery_topic(l->d, l->node, e, topic), config);
	json_decref(config);
}

/* One that is told no more. True when it stays for now, or for good as the mark that it was
 * taken back. */
static bool
lingers(struct look *l, struct entity *e, bool all, uint64_t *due)
{
	bool heard = l->ups == NULL || l->ups->source == FEED_OK;
	char topic[TOPIC_MAX];

	if (!heard)
		e->gone_ms = 0;
	else if (e->gone_ms == 0)
		e->gone_ms = l->now_ms;
	if (!all && e->gone_ms == 0)
		return true;
	if (!all && l->now_ms - e->gone_ms < DISCOVERY_GONE_MS) {
		if (e->gone_ms + DISCOVERY_GONE_MS < *due)
			*due = e->gone_ms + DISCOVERY_GONE_MS;
		return true;
	}
	if (!l->d->devices)
		wanted_drop(l->wanted, discovery_topic(l->d, l->node, e, topic));
	if (!l->d->devices || all)
		return false;
	json_decref(e->config); /* only its platform is said from now on */
	e->config = NULL;
	return true;
}

/* What is told no more is taken back: at once with the whole UPS, after a while with a UPS
 * that is heard, not as long as it is not. Returns when to look again. */
static uint64_t
take_back(struct look *l, bool all)
{
	uint64_t due = UINT64_MAX;
	size_t stay = 0;

	for (size_t i = 0; i < l->node->nentities; i++) {
		struct entity e = l->node->entities[i];

		if (e.wanted || lingers(l, &e, all, &due))
			l->node->entities[stay++] = e;
		else
			discovery_release(&e);
	}
	l->node->nentities = stay;
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
	put(l->wanted, discovery_topic(l->d, l->node, NULL, topic), root);
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
	size_t stay = 0;

	*wait = false;
	for (size_t i = 0; i < l->node->nolds; i++) {
		struct old o = l->node->olds[i];
		bool over =
		    o.step != LEAVE_FOUND && l->now_ms - o.at_ms >= DISCOVERY_MIGRATE_MS;

		if (!wanted || (o.step == LEAVE_READY && over)) {
			wanted_drop(l->wanted, o.topic);
			free(o.topic);
			continue;
		}
		if (o.step == LEAVE_FOUND)
			wanted_set(l->wanted, o.topic, "{\"migrate_discovery\":true}",
			    WANTED_SOON);
		if (o.step == LEAVE_FOUND || over) {
			o.step = o.step == LEAVE_FOUND ? LEAVE_WARNED : LEAVE_READY;
			o.at_ms = l->now_ms;
		}
		*wait |= o.step == LEAVE_WARNED;
		if (o.at_ms + DISCOVERY_MIGRATE_MS < due)
			due = o.at_ms + DISCOVERY_MIGRATE_MS;
		l->node->olds[stay++] = o;
	}
	l->node->nolds = stay;
	return due;
}

uint64_t
discovery_look(struct look *l, const struct announce *a)
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
		wanted_drop(l->wanted, discovery_topic(l->d, l->node, NULL, topic));
	l->node->whole = !all && l->d->devices;
	if (l->node->whole)
		put_device(l);
	json_decref(l->device);
	return back < due ? back : due;
}
