/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lib/kinds.h"
#include "lib/utf8.h"
#include "mqtt/announce.h"
#include "mqtt/announce_in.h"
#include "mqtt/condition.h"
#include "mqtt/settings.h"

/* What core has for one without desc in ups.conf, as NUT's upsd. */
static const char no_desc[] = "Description unavailable";

char *
announce_node(const struct topics *t, char out[ANNOUNCE_NODE_MAX], const char *word)
{
	snprintf(out, ANNOUNCE_NODE_MAX, "holdup_%s%s%s", t->site,
	    word[0] == '\0' ? "" : "__", word);
	return out;
}

json_t *
announce_said(const char *text)
{
	struct buf clean = {0};
	json_t *said;

	utf8_add(&clean, text);
	said = json_string(buf_str(&clean));
	buf_free(&clean);
	return said;
}

void
announce_text(json_t *o, const char *key, const char *text)
{
	json_object_set_new(o, key, announce_said(text));
}

void
announce_begin(struct announce_one *one, const struct announce *a,
    const struct feed_ups *u, const char *id, const char *name)
{
	char word[TOPIC_WORD_MAX] = "", node[ANNOUNCE_NODE_MAX];
	char unique[ANNOUNCE_NODE_MAX + ENTITY_ID_MAX];

	if (u != NULL)
		topic_word(word, u->name);
	snprintf(
	    unique, sizeof(unique), "%s_%s", announce_node(a->topics, node, word), id);
	snprintf(one->id, sizeof(one->id), "%s", id);
	one->config = json_object();
	announce_text(one->config, "name", name);
	announce_text(one->config, "unique_id", unique);
}

void
announce_variable_topic(const struct announce *a, const struct feed_ups *u,
    json_t *config, const char *key, const char *before, const char *name)
{
	char path[TOPIC_PATH_MAX], tail[TOPIC_PATH_MAX + 16], topic[TOPIC_MAX];

	snprintf(tail, sizeof(tail), "%s%s", before, topic_path(path, name));
	announce_text(config, key, topics_ups(a->topics, topic, u->name, tail));
}

void
announce_available(
    const struct announce *a, const struct feed_ups *u, json_t *config, bool heard)
{
	json_t *list = json_array();
	char topic[TOPIC_MAX];

	json_array_append_new(
	    list, json_pack("{s:s}", "topic", topics_house(a->topics, topic, "status")));
	if (heard && u != NULL)
		json_array_append_new(
		    list, json_pack("{s:s}", "topic",
			      topics_ups(a->topics, topic, u->name, "link")));
	json_object_set_new(config, "availability", list);
	announce_text(config, "availability_mode", "all");
}

/* What the flags of a row, its class and its unit say. */
static void
add_kind(json_t *config, const char *class, const char *unit, int digits, unsigned flags)
{
	if (class != NULL)
		announce_text(config, "device_class", class);
	if (unit != NULL) {
		announce_text(config, "unit_of_measurement", unit);
		if ((flags & ENTITY_FIXED) == 0)
			announce_text(config, "state_class",
			    flags & ENTITY_TOTAL ? "total_increasing" : "measurement");
	}
	if (digits != ENTITY_NO_DIGITS)
		json_object_set_new(
		    config, "suggested_display_precision", json_integer(digits));
	if (flags & ENTITY_DETAIL)
		announce_text(config, "entity_category", "diagnostic");
	if (flags & ENTITY_HIDDEN)
		json_object_set_new(config, "enabled_by_default", json_false());
}

/* "2026-11-23": what Home Assistant takes for a date. */
static bool
is_date(const char *text)
{
	static const char form[] = "dddd-dd-dd";

	for (size_t i = 0; i < sizeof(form); i++)
		if (form[i] == 'd' ? !isdigit((unsigned char)text[i])
				   : text[i] != form[i])
			return false;
	return true;
}

/* A variable as a sensor; one that is no number where one is expected is left out. */
static void
sensor(const struct announce *a, const struct feed_ups *u, const struct state_var *v,
    announce_each *each, void *arg)
{
	char part[ENTITY_PART_MAX], id[ENTITY_ID_MAX], name[ENTITY_NAME_MAX];
	const struct entity_variable *e = entity_find(v->name, part);
	struct announce_one one = {0};
	const char *class;
	double number;

	if (e == NULL || (e->unit != NULL && !setting_number(v->text, &number)))
		return;
	class = e->class;
	if (e->unit == NULL && class != NULL && !is_date(v->text))
		class = NULL;
	announce_begin(&one, a, u, entity_fill(id, sizeof(id), e->id, part, true),
	    entity_fill(name, sizeof(name), e->name, part, false));
	announce_variable_topic(a, u, one.config, "state_topic", "", v->name);
	add_kind(one.config, class, e->unit, e->digits, e->flags);
	if (e->icon != NULL)
		announce_text(one.config, "icon", e->icon);
	announce_available(a, u, one.config, (e->flags & ENTITY_STAYS) == 0);
	each(arg, ENTITY_SENSOR, one.id, one.config);
}

/* The kinds of events that are sent. */
static json_t *
event_types(const struct conf_mqtt *conf)
{
	json_t *list = json_array();

	for (int kind = 0; kind < KINDS; kind++)
		if (conf->events & CONF_EVENTS_BIT(kind))
			json_array_append_new(
			    list, json_string(kind_word((enum kind)kind)));
	return list;
}

/* What only some of our own topics have: options, kinds, words for ON and OFF. */
static void
add_words(const struct announce *a, const struct entity_own *e, json_t *config)
{
	json_t *options;

	if (e->component == ENTITY_EVENT) {
		json_object_set_new(config, "event_types", event_types(a->conf));
		json_object_set_new(config, "qos", json_integer(1));
	}
	if (e->class != NULL && strcmp(e->class, "connectivity") == 0) {
		announce_text(config, "payload_on", "online");
		announce_text(config, "payload_off", "offline");
	}
	if (e->class != NULL && strcmp(e->class, "enum") == 0) {
		options = json_array();
		for (size_t i = 0; condition_words[i] != NULL; i++)
			json_array_append_new(options, json_string(condition_words[i]));
		json_object_set_new(config, "options", options);
	}
}

/* A topic of ours; `u` NULL: of the house. */
static void
own(const struct announce *a, const struct feed_ups *u, const struct entity_own *e,
    announce_each *each, void *arg)
{
	struct announce_one one = {0};
	char topic[TOPIC_MAX];

	if (u == NULL)
		topics_house(a->topics, topic, e->topic);
	else
		topics_ups(a->topics, topic, u->name, e->topic);
	if (e->maybe && !wanted_has(a->wanted, topic))
		return;
	if (e->component == ENTITY_EVENT && a->conf->events == 0)
		return;
	announce_begin(&one, a, u, e->id, e->name);
	announce_text(one.config, "state_topic", topic);
	add_kind(one.config, e->class, e->unit, e->digits, e->flags);
	add_words(a, e, one.config);
	if (e->icon != NULL)
		announce_text(one.config, "icon", e->icon);
	/* The house says by its status whether it is there: that can always be seen. */
	if (u != NULL || e->component == ENTITY_EVENT)
		announce_available(a, u, one.config, (e->flags & ENTITY_STAYS) == 0);
	each(arg, e->component, one.id, one.config);
}

void
announce_ups(
    const struct announce *a, const struct feed_ups *u, announce_each *each, void *arg)
{
	const struct state *s = u->state;

	for (const struct entity_own *e = entity_owns; e->id != NULL; e++)
		own(a, u, e, each, arg);
	for (size_t i = 0; i < s->nvars; i++)
		if (topics_tells(s->vars[i]->name) &&
		    !announce_setting(a, u, s->vars[i], each, arg) &&
		    !announce_pair(a, u, s->vars[i], each, arg))
			sensor(a, u, s->vars[i], each, arg);
	for (size_t i = 0; i < s->ncmds; i++)
		announce_command(a, u, s->cmds[i], each, arg);
}

void
announce_house(const struct announce *a, announce_each *each, void *arg)
{
	for (const struct entity_own *e = entity_house; e->id != NULL; e++)
		own(a, NULL, e, each, arg);
}

/* The first of the variables that says something, as a member of the device. */
static void
add_identity(json_t *device, const char *key, const struct feed_ups *u, const char *first,
    const char *second)
{
	const char *text = state_get(u->state, first);

	if (text == NULL || text[0] == '\0')
		text = state_get(u->state, second);
	if (text != NULL && text[0] != '\0')
		announce_text(device, key, text);
}

/*
 * A UPS is known by site and name alone: with its serial number, which many have in common
 * and some tell late, one could become two, or two one.
 */
json_t *
announce_device(const struct announce *a, const struct feed_ups *u)
{
	char node[ANNOUNCE_NODE_MAX], house[ANNOUNCE_NODE_MAX], word[TOPIC_WORD_MAX] = "";
	json_t *device = json_object(), *list = json_array();

	if (u != NULL)
		topic_word(word, u->name);
	announce_node(a->topics, house, "");
	json_array_append_new(list, json_string(announce_node(a->topics, node, word)));
	json_object_set_new(device, "identifiers", list);
	if (u == NULL) {
		json_object_set_new(
		    device, "name", json_sprintf("holdup %s", a->topics->site));
		announce_text(device, "manufacturer", "holdup");
		announce_text(device, "model", "UPS server");
		announce_text(device, "sw_version", HOLDUP_VERSION);
		return device;
	}
	announce_text(device, "name",
	    u->desc[0] == '\0' || strcmp(u->desc, no_desc) == 0 ? u->name : u->desc);
	add_identity(device, "manufacturer", u, "device.mfr", "ups.mfr");
	add_identity(device, "model", u, "device.model", "ups.model");
	add_identity(device, "serial_number", u, "device.serial", "ups.serial");
	add_identity(device, "sw_version", u, "ups.firmware", "device.firmware");
	announce_text(device, "via_device", house);
	return device;
}

json_t *
announce_origin(void)
{
	return json_pack("{s:s, s:s}", "name", "holdup", "sw_version", HOLDUP_VERSION);
}

/* FNV-1a over a text and its end. */
static void
mark_text(uint64_t *mark, const char *text)
{
	do
		*mark = (*mark ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
	while (*text++ != '\0');
}

/* What of a variable decides how it is announced. */
static void
mark_variable(uint64_t *mark, const struct state_var *v)
{
	char kind[80];
	double number = 0;
	bool numeric = setting_number(v->text, &number);

	snprintf(kind, sizeof(kind), "%u %ld %d%d%d%d", v->flags, v->aux, numeric,
	    (number < 0), (number > SETTING_NUMBER_MAX), is_date(v->text));
	mark_text(mark, v->name);
	mark_text(mark, kind);
	for (size_t i = 0; i < v->nenums; i++)
		mark_text(mark, v->enums[i]);
	for (size_t i = 0; i < v->nranges; i++) {
		snprintf(
		    kind, sizeof(kind), "%ld %ld", v->ranges[i].min, v->ranges[i].max);
		mark_text(mark, kind);
	}
}

uint64_t
announce_mark(const struct announce *a, const struct feed_ups *u)
{
	static const char *const identity[] = {"device.mfr", "ups.mfr", "device.model",
	    "ups.model", "device.serial", "ups.serial", "ups.firmware",
	    "device.firmware"};
	uint64_t mark = UINT64_C(0xcbf29ce484222325);
	char topic[TOPIC_MAX];
	const char *text;

	mark_text(&mark, feed_source_word(u->source));
	mark_text(&mark, u->desc);
	for (size_t i = 0; i < sizeof(identity) / sizeof(identity[0]); i++)
		if ((text = state_get(u->state, identity[i])) != NULL)
			mark_text(&mark, text);
	for (size_t i = 0; i < u->state->nvars; i++)
		mark_variable(&mark, u->state->vars[i]);
	for (size_t i = 0; i < u->state->ncmds; i++)
		mark_text(&mark, u->state->cmds[i]);
	for (const struct entity_own *e = entity_owns; e->id != NULL; e++)
		if (e->maybe && wanted_has(a->wanted,
				    topics_ups(a->topics, topic, u->name, e->topic)))
			mark_text(&mark, e->id);
	return mark;
}
