/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lib/names.h"
#include "mqtt/announce_in.h"
#include "mqtt/settings.h"

/* What can be set or ordered is there only while the UPS is heard, among the settings. */
static void
finish(const struct announce *a, const struct feed_ups *u, struct announce_one *one,
    enum entity_component component, announce_each *each, void *arg)
{
	announce_text(one->config, "entity_category", "config");
	announce_available(a, u, one->config, true);
	each(arg, component, one->id, one->config);
}

/* "set_battery_charge_low". */
static void
id_of(char out[ENTITY_ID_MAX], const char *before, const char *name)
{
	char full[ENTITY_ID_MAX];

	snprintf(full, sizeof(full), "%s%s", before, name);
	entity_fill(out, ENTITY_ID_MAX, full, "", true);
}

/* How people call a variable: as the sensor that it would be, or in NUT's words. */
static void
name_of(char out[ENTITY_NAME_MAX], const struct entity_variable *e, const char *part,
    const char *variable)
{
	const char *text = names_var(variable);

	if (e != NULL)
		entity_fill(out, ENTITY_NAME_MAX, e->name, part, false);
	else
		snprintf(out, ENTITY_NAME_MAX, "%s", text != NULL ? text : variable);
}

static void
add_options(json_t *config, const struct state_var *v)
{
	json_t *options = json_array();
	bool now = false;

	for (size_t i = 0; i < v->nenums; i++) {
		json_array_append_new(options, announce_said(v->enums[i]));
		now |= strcmp(v->enums[i], v->text) == 0;
	}
	if (!now) /* Home Assistant minds a state that is no option */
		json_array_append_new(options, announce_said(v->text));
	json_object_set_new(config, "options", options);
}

static void
add_number(json_t *config, const struct setting *s, const char *unit)
{
	json_object_set_new(config, "min", json_real(s->min));
	json_object_set_new(config, "max", json_real(s->max));
	json_object_set_new(config, "step", json_real(s->step));
	announce_text(config, "mode", "box");
	if (unit != NULL)
		announce_text(config, "unit_of_measurement", unit);
}

bool
announce_setting(const struct announce *a, const struct feed_ups *u,
    const struct state_var *v, announce_each *each, void *arg)
{
	char part[ENTITY_PART_MAX], id[ENTITY_ID_MAX], name[ENTITY_NAME_MAX];
	const struct entity_variable *e = entity_find(v->name, part);
	struct announce_one one = {0};
	struct setting s;

	if (!conf_mqtt_allows(a->conf, true, v->name) || !setting_of(&s, v))
		return false;
	id_of(id, "set_", v->name);
	name_of(name, e, part, v->name);
	announce_begin(&one, a, u, id, name);
	announce_variable_topic(a, u, one.config, "state_topic", "", v->name);
	announce_variable_topic(a, u, one.config, "command_topic", "set/", v->name);
	if (s.component == ENTITY_SELECT)
		add_options(one.config, v);
	else if (s.component == ENTITY_NUMBER)
		add_number(one.config, &s, e == NULL ? NULL : e->unit);
	else
		json_object_set_new(
		    one.config, "max", json_integer((json_int_t)s.longest));
	finish(a, u, &one, s.component, each, arg);
	return true;
}

/* True when both commands of a switch are there, and may be ordered. */
static bool
may_switch(const struct announce *a, const struct feed_ups *u,
    const struct entity_pair *p, const char *part)
{
	char on[STATE_NAME_MAX + 1], off[STATE_NAME_MAX + 1];

	entity_fill(on, sizeof(on), p->on, part, false);
	entity_fill(off, sizeof(off), p->off, part, false);
	return state_cmd_has(u->state, on) && state_cmd_has(u->state, off) &&
	       conf_mqtt_allows(a->conf, false, on) &&
	       conf_mqtt_allows(a->conf, false, off);
}

/* What a pair of commands switches, seen by somebody who may not. */
static void
seen(const struct announce *a, const struct feed_ups *u, const struct entity_pair *p,
    const char *part, const char *variable, announce_each *each, void *arg)
{
	char id[ENTITY_ID_MAX], name[ENTITY_NAME_MAX];
	struct announce_one one = {0};

	announce_begin(&one, a, u, entity_fill(id, sizeof(id), p->seen, part, true),
	    entity_fill(name, sizeof(name), p->name, part, false));
	announce_variable_topic(a, u, one.config, "state_topic", "", variable);
	announce_text(one.config, "payload_on", p->state_on);
	announce_text(one.config, "payload_off", p->state_off);
	announce_text(one.config, "device_class", "power");
	announce_available(a, u, one.config, true);
	each(arg, ENTITY_BINARY, one.id, one.config);
}

bool
announce_pair(const struct announce *a, const struct feed_ups *u,
    const struct state_var *v, announce_each *each, void *arg)
{
	char part[ENTITY_PART_MAX], id[ENTITY_ID_MAX], name[ENTITY_NAME_MAX];
	char base[STATE_NAME_MAX + 1];
	const struct entity_pair *p = entity_pairs;
	struct announce_one one = {0};

	while (p->id != NULL && !entity_match(p->variable, v->name, part))
		p++;
	if (p->id == NULL)
		return false;
	if (!may_switch(a, u, p, part)) {
		if (p->seen != NULL)
			seen(a, u, p, part, v->name, each, arg);
		return p->seen != NULL;
	}
	announce_begin(&one, a, u, entity_fill(id, sizeof(id), p->id, part, true),
	    entity_fill(name, sizeof(name), p->name, part, false));
	announce_variable_topic(a, u, one.config, "state_topic", "", v->name);
	announce_variable_topic(a, u, one.config, "command_topic", "command/",
	    entity_fill(base, sizeof(base), p->base, part, false));
	/* The words of the state as orders: Domoticz knows no others for the state. */
	announce_text(one.config, "payload_on", p->state_on);
	announce_text(one.config, "payload_off", p->state_off);
	announce_text(one.config, "icon", p->icon);
	finish(a, u, &one, ENTITY_SWITCH, each, arg);
	return true;
}

/* True for a command that is half of a switch which is announced. */
static bool
switched(const struct announce *a, const struct feed_ups *u, const char *command)
{
	char part[ENTITY_PART_MAX], variable[STATE_NAME_MAX + 1];

	for (const struct entity_pair *p = entity_pairs; p->id != NULL; p++) {
		if (!entity_match(p->on, command, part) &&
		    !entity_match(p->off, command, part))
			continue;
		entity_fill(variable, sizeof(variable), p->variable, part, false);
		return state_var(u->state, variable) != NULL && may_switch(a, u, p, part);
	}
	return false;
}

/* A command without "battery" in it: Domoticz hides what turns on or off with that. */
static void
shortened(char out[STATE_NAME_MAX + 1], const char *command)
{
	const char *at = strstr(command, "battery.");

	if (at == NULL)
		snprintf(out, STATE_NAME_MAX + 1, "%s", command);
	else
		snprintf(out, STATE_NAME_MAX + 1, "%.*s%s", (int)(at - command), command,
		    at + strlen("battery."));
}

void
announce_command(const struct announce *a, const struct feed_ups *u, const char *command,
    announce_each *each, void *arg)
{
	char brief[STATE_NAME_MAX + 1], id[ENTITY_ID_MAX], name[ENTITY_NAME_MAX];
	const char *text = names_cmd(command), *outlet = NULL;
	struct announce_one one = {0};

	if (!conf_mqtt_allows(a->conf, false, command) || switched(a, u, command))
		return;
	shortened(brief, command);
	id_of(id, "do_", brief);
	if (strncmp(command, "outlet.", strlen("outlet.")) == 0)
		outlet = command + strlen("outlet.");
	if (text == NULL)
		snprintf(name, sizeof(name), "%s", command);
	else if (outlet != NULL && isdigit((unsigned char)outlet[0]))
		snprintf(name, sizeof(name), "%s (%.*s)", text, (int)strcspn(outlet, "."),
		    outlet);
	else
		snprintf(name, sizeof(name), "%s", text);
	announce_begin(&one, a, u, id, name);
	announce_variable_topic(a, u, one.config, "command_topic", "command/", command);
	announce_text(one.config, "payload_press", "PRESS");
	finish(a, u, &one, ENTITY_BUTTON, each, arg);
}
