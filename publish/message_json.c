/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/xmem.h"
#include "publish/message.h"

void
message_stamp(int64_t at, char *out)
{
	const time_t s = (time_t)(at / 1000);
	char text[24];
	struct tm tm;

	gmtime_r(&s, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out, MESSAGE_STAMP, "%.19s.%03dZ", text, (int)(at % 1000));
}

/* A text, in UTF-8 whatever it was. */
static json_t *
string(const char *text)
{
	struct buf clean = {0};
	json_t *s = json_string(text);

	if (s != NULL)
		return s;
	template_json(&clean, text);
	s = json_string(buf_str(&clean));
	buf_free(&clean);
	return s;
}

/* A value of NUT: a number as one. */
static json_t *
value_of(const char *text)
{
	const bool number = text[strspn(text, "-.0123456789")] == '\0';
	const bool whole = number && strchr(text, '.') == NULL;
	char *end;
	const double real = strtod(text, &end);

	if (!number || end == text || *end != '\0')
		return string(text);
	return whole ? json_integer(strtoll(text, NULL, 10)) : json_real(real);
}

/* The facts of an event. */
static json_t *
facts_of(const struct tale *t)
{
	json_t *facts = json_object();

	for (size_t i = 0; t != NULL && i < t->nfacts; i++) {
		const size_t len = strcspn(t->facts[i], "=");
		char name[EVENT_FACT_MAX + 1];

		if (t->facts[i][len] != '=')
			continue;
		snprintf(name, sizeof(name), "%.*s", (int)len, t->facts[i]);
		json_object_set_new(facts, name, value_of(&t->facts[i][len + 1]));
	}
	return facts;
}

char *
message_json(
    const struct message *m, const struct saying_house *h, const struct tale *about)
{
	char stamp[MESSAGE_STAMP];
	json_t *o = json_object();
	char *text;

	message_stamp(m->at, stamp);
	json_object_set_new(o, "id", string(m->key));
	json_object_set_new(o, "at", string(stamp));
	json_object_set_new(o, "late", json_boolean(m->late));
	json_object_set_new(o, "site", string(h->site));
	if (about != NULL && *about->ups != '\0')
		json_object_set_new(o, "ups", string(about->ups));
	if (about != NULL && *about->who != '\0')
		json_object_set_new(o, "who", string(about->who));
	json_object_set_new(o, "event", string(m->event));
	json_object_set_new(o, "priority", json_integer(m->priority));
	json_object_set_new(o, "title", string(m->title));
	json_object_set_new(o, "text", string(m->text));
	json_object_set_new(o, "facts", facts_of(about));
	text = json_dumps(o, JSON_COMPACT | JSON_REAL_PRECISION(12));
	json_decref(o);
	return text == NULL ? xstrdup("{}") : text;
}
