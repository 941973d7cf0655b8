/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mqtt/events.h"
#include "mqtt/topics.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No topic that is made of whatever name has an empty level or a letter that a broker minds;
 * and what was made is taken apart again. */
static void
look_at_topics(const char *name, const char *topic)
{
	char made[TOPIC_MAX], path[TOPIC_PATH_MAX], word[TOPIC_WORD_MAX];
	struct topics_parts parts;
	struct topics t;

	topics_init(&t, name, name);
	topics_ups(&t, made, name, topic_path(path, name));
	if (strlen(made) >= TOPIC_MAX - 1 || strpbrk(made, "+#. ") != NULL ||
	    strstr(made, "//") != NULL || made[0] == '/' || made[strlen(made) - 1] == '/')
		abort();
	if (!topics_split(&t, made, &parts) || strcmp(parts.tail, path) != 0 ||
	    strcmp(parts.ups, topic_word(word, name)) != 0)
		abort();
	if (topics_split(&t, topic, &parts) &&
	    (parts.tail < topic || parts.tail > topic + strlen(topic)))
		abort();
}

/* The first line is a name, of a site and others; the rest is a topic, and a message. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *rest;
	struct events_said said;

	memcpy(text, data, size);
	text[size] = '\0';
	rest = strchr(text, '\n');
	if (rest != NULL) {
		*rest++ = '\0';
		events_read(&said, text, rest, size - (size_t)(rest - text));
		if (said.id > INT64_MAX || said.mark > INT64_MAX)
			abort();
		look_at_topics(text, rest);
	}
	free(text);
	return 0;
}
