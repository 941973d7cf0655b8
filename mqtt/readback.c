/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "mqtt/readback.h"

#define KEY "ups."
#define KEY_LEN (sizeof(KEY) - 1)

bool
readback_knows(const struct readback *r, const char *word)
{
	for (size_t i = 0; i < r->nwords; i++)
		if (strcmp(r->words[i], word) == 0)
			return true;
	return false;
}

/* False when it is known already, or there are too many. */
static bool
add(struct readback *r, const char *word)
{
	if (readback_knows(r, word) || r->nwords == READBACK_WORDS)
		return false;
	snprintf(r->words[r->nwords++], TOPIC_WORD_MAX, "%s", word);
	return true;
}

const char *
readback_kept(struct readback *r, const char *key)
{
	if (strncmp(key, KEY, KEY_LEN) != 0)
		return NULL;
	add(r, key + KEY_LEN);
	return key + KEY_LEN;
}

static void
keep(struct link *l, const char *word, const char *value)
{
	char key[KEY_LEN + TOPIC_WORD_MAX];

	snprintf(key, sizeof(key), KEY "%s", word);
	link_keep(l, key, value);
}

void
readback_feed(struct readback *r, const struct feed *f, struct link *l)
{
	char word[TOPIC_WORD_MAX];

	for (size_t i = 0; i < f->nupses; i++)
		if (add(r, topic_word(word, f->upses[i]->name)))
			keep(l, word, "1");
}

void
readback_begin(
    struct readback *r, const struct topics *t, struct broker *b, uint64_t now_ms)
{
	char filter[TOPIC_MAX];

	if (r->over)
		return;
	r->until_ms = now_ms + READBACK_MS;
	for (size_t i = 0; i < r->nwords; i++)
		broker_subscribe(b, topics_ups(t, filter, r->words[i], "#"), 0);
}

uint64_t
readback_due(const struct readback *r, uint64_t now_ms)
{
	if (r->over || r->until_ms == 0)
		return UINT64_MAX;
	return r->until_ms > now_ms ? r->until_ms - now_ms : 0;
}

static bool
is_there(const struct feed *f, const char *word)
{
	char its[TOPIC_WORD_MAX];

	for (size_t i = 0; i < f->nupses; i++)
		if (strcmp(topic_word(its, f->upses[i]->name), word) == 0)
			return true;
	/* While core is away nobody knows. */
	return !f->whole || f->nupses == 0;
}

void
readback_end(struct readback *r, const struct topics *t, struct broker *b,
    const struct feed *f, struct link *l)
{
	char filter[TOPIC_MAX];

	r->over = true;
	for (size_t i = 0; i < r->nwords; i++) {
		broker_unsubscribe(b, topics_ups(t, filter, r->words[i], "#"));
		if (!is_there(f, r->words[i]))
			keep(l, r->words[i], "");
	}
}
