/* SPDX-License-Identifier: ISC */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/jout.h"
#include "mqtt/events.h"
#include "mqtt/state_json.h"

#define SAID_MAX 16384 /* bytes of a message that is read; none of ours is as long */

static void
write_facts(struct jout *j, const struct event *event)
{
	jout_open(j, "facts", '{');
	for (size_t i = 0; i < event->nfacts; i++) {
		char name[EVENT_FACT_MAX + 1];
		char *value;

		snprintf(name, sizeof(name), "%s", event->facts[i].text);
		if ((value = strchr(name, '=')) == NULL)
			continue;
		*value++ = '\0';
		if (jout_is_number(value))
			jout_number(j, name, strtod(value, NULL));
		else
			jout_text(j, name, value);
	}
	jout_close(j, '}');
}

void
events_json(struct buf *out, const struct event *event, const char *site, int64_t wall_ms)
{
	struct jout j = {.out = out};
	char at[STATE_TIME_MAX];

	jout_open(&j, NULL, '{');
	jout_whole(&j, "id", (int64_t)event->id);
	jout_text(&j, "at", state_json_time(at, event->at_ms));
	jout_text(&j, "site", site);
	jout_text(&j, "ups", event->ups[0] == '\0' ? NULL : event->ups);
	jout_text(&j, "kind", kind_word(event->kind));
	/* The name that Home Assistant's event entities look for. */
	jout_text(&j, "event_type", kind_word(event->kind));
	jout_text(&j, "text", event->text);
	jout_text(&j, "who", event->who[0] == '\0' ? NULL : event->who);
	jout_bool(&j, "late", wall_ms - event->at_ms > EVENTS_LATE_MS);
	write_facts(&j, event);
	jout_close(&j, '}');
}

void
events_mark_json(struct buf *out, uint64_t mark, const char *site)
{
	struct jout j = {.out = out};

	jout_open(&j, NULL, '{');
	jout_text(&j, "site", site);
	jout_text(&j, "kind", "mark");
	jout_whole(&j, "mark", (int64_t)mark);
	jout_close(&j, '}');
}

bool
events_read(struct events_said *said, const char *site, const char *payload, size_t len)
{
	json_t *root = len > SAID_MAX ? NULL : json_loadb(payload, len, 0, NULL);
	const char *its = json_string_value(json_object_get(root, "site"));
	json_int_t id = json_integer_value(json_object_get(root, "id"));
	json_int_t mark = json_integer_value(json_object_get(root, "mark"));
	bool ours = its != NULL && strcmp(its, site) == 0;

	*said = (struct events_said){0};
	if (ours && id > 0)
		said->id = (uint64_t)id;
	if (ours && mark > 0)
		said->mark = (uint64_t)mark;
	json_decref(root);
	return ours;
}
