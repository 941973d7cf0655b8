/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "mqtt/topics.h"

/* First levels below a UPS that are not those of a variable. */
static const char *const taken[] = {"command", "condition", "energy", "event", "link",
    "outage", "result", "set", "state", NULL};

/* A part of the configuration of a driver, which may be a password. */
static const char secret[] = "driver.parameter.";

/* Letters that no broker minds in a level. */
static bool
harmless(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* `text` as one level, or, where `parts` is one of its letters, as the levels between. A
 * letter makes two at most, and the end one. */
static char *
clean(char *out, size_t size, const char *text, char parts)
{
	size_t len = 0;

	for (; *text != '\0' && len + 3 < size; text++) {
		if (*text != parts)
			out[len++] = harmless(*text) ? *text : '_';
		else {
			/* No level is empty. */
			if (len == 0 || out[len - 1] == '/')
				out[len++] = '_';
			out[len++] = '/';
		}
	}
	if (len == 0 || out[len - 1] == '/')
		out[len++] = '_';
	out[len] = '\0';
	return out;
}

char *
topic_word(char out[TOPIC_WORD_MAX], const char *name)
{
	return clean(out, TOPIC_WORD_MAX, name, '\0');
}

char *
topic_path(char out[TOPIC_PATH_MAX], const char *name)
{
	return clean(out, TOPIC_PATH_MAX, name, '.');
}

void
topics_init(struct topics *t, const char *prefix, const char *site)
{
	char levels[TOPIC_BASE_MAX - TOPIC_WORD_MAX - 1];

	clean(levels, sizeof(levels), prefix, '/');
	topic_word(t->site, site);
	snprintf(t->base, sizeof(t->base), "%s/%s", levels, t->site);
}

char *
topics_house(const struct topics *t, char out[TOPIC_MAX], const char *tail)
{
	snprintf(out, TOPIC_MAX, "%s/%s", t->base, tail);
	return out;
}

char *
topics_ups(const struct topics *t, char out[TOPIC_MAX], const char *ups, const char *tail)
{
	char word[TOPIC_WORD_MAX];

	snprintf(out, TOPIC_MAX, "%s/%s/%s", t->base, topic_word(word, ups), tail);
	return out;
}

bool
topics_tells(const char *variable)
{
	size_t first = strcspn(variable, ".");

	if (strncmp(variable, secret, sizeof(secret) - 1) == 0)
		return false;
	for (size_t i = 0; taken[i] != NULL; i++)
		if (strlen(taken[i]) == first && strncmp(variable, taken[i], first) == 0)
			return false;
	return true;
}

bool
topics_split(const struct topics *t, const char *topic, struct topics_parts *parts)
{
	size_t len = strlen(t->base);
	const char *slash;

	if (strncmp(topic, t->base, len) != 0 || topic[len] != '/')
		return false;
	topic += len + 1;
	slash = strchr(topic, '/');
	if (slash == NULL) {
		parts->ups[0] = '\0';
		parts->tail = topic;
		return topic[0] != '\0';
	}
	if (slash == topic || (size_t)(slash - topic) >= TOPIC_WORD_MAX)
		return false;
	memcpy(parts->ups, topic, (size_t)(slash - topic));
	parts->ups[slash - topic] = '\0';
	parts->tail = slash + 1;
	return true;
}
