/* SPDX-License-Identifier: ISC */
#include "out/event.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/state.h"
#include "lib/utf8.h"
#include "lib/words.h"

#define ARGS_MIN 6 /* id, at, kind, ups, who, text */

void
event_cut(char *out, size_t size, const char *text)
{
	size_t len = utf8_cut(text, size - 1);

	memcpy(out, text, len);
	out[len] = '\0';
}

void
event_word(struct buf *out, const char *word)
{
	bool bare = state_name_ok(word) && strcmp(word, "-") != 0;

	buf_puts(out, bare ? " " : " \"");
	for (; *word != '\0'; word++) {
		char c = (unsigned char)*word < ' ' ? ' ' : *word;

		if (c == '"' || c == '\\')
			buf_puts(out, "\\");
		buf_add(out, &c, 1);
	}
	if (!bare)
		buf_puts(out, "\"");
}

/* "-" stands for none. */
static void
add_name(struct buf *out, const char *name)
{
	if (*name == '\0')
		buf_puts(out, " -");
	else
		event_word(out, name);
}

void
event_format(struct buf *out, const struct event *e)
{
	size_t start = out->len;

	buf_printf(
	    out, "EVENT %" PRIu64 " %" PRId64 " %s", e->id, e->at_ms, kind_word(e->kind));
	add_name(out, e->ups);
	add_name(out, e->who);
	event_word(out, e->text);
	for (size_t i = 0; i < e->nfacts; i++) {
		size_t len = out->len;

		event_word(out, e->facts[i].text);
		if (out->len - start > EVENT_LINE_MAX)
			out->len = len;
	}
	buf_puts(out, "\n");
}

/* Reads a whole decimal number without a sign. */
static bool
number(const char *text, uint64_t max, uint64_t *n)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*n = strtoull(text, &end, 10);
	return *end == '\0' && errno == 0 && *n <= max;
}

/* Takes a word that fits. */
static bool
take(char *out, size_t size, const char *word)
{
	size_t len = strlen(word);

	if (len >= size)
		return false;
	memcpy(out, word, len + 1);
	return true;
}

/* A word, or "-" for none. */
static bool
take_name(char *out, size_t size, const char *word)
{
	return take(out, size, strcmp(word, "-") == 0 ? "" : word);
}

int
event_parse(struct event *e, char *const *words, int nwords)
{
	uint64_t at;
	int kind;

	*e = (struct event){0};
	if (nwords < ARGS_MIN || nwords > ARGS_MIN + EVENT_FACTS_MAX ||
	    !number(words[0], UINT64_MAX, &e->id) || !number(words[1], INT64_MAX, &at) ||
	    (kind = kind_named(words[2])) < 0 ||
	    !take_name(e->ups, sizeof(e->ups), words[3]) ||
	    !take_name(e->who, sizeof(e->who), words[4]) ||
	    !take(e->text, sizeof(e->text), words[5]))
		return -1;
	e->at_ms = (int64_t)at;
	e->kind = (enum kind)kind;
	for (int i = ARGS_MIN; i < nwords; i++) {
		struct event_fact *fact = &e->facts[e->nfacts++];

		if (!take(fact->text, sizeof(fact->text), words[i]) ||
		    strchr(words[i], '=') == NULL || *words[i] == '=')
			return -1;
	}
	return 0;
}

int
event_read(struct event *e, const char *line, size_t len)
{
	struct words w;
	const char *why;

	if (words_split(&w, WORDS_PROTOCOL, line, len, &why) < 0 || w.argc < 1 ||
	    strcmp(w.argv[0], "EVENT") != 0)
		return -1;
	return event_parse(e, &w.argv[1], w.argc - 1);
}

const char *
event_fact(const struct event *e, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < e->nfacts; i++)
		if (strncmp(e->facts[i].text, name, len) == 0 &&
		    e->facts[i].text[len] == '=')
			return &e->facts[i].text[len + 1];
	return NULL;
}

void
event_fact_add(struct event *e, const char *name, const char *value)
{
	if (e->nfacts < EVENT_FACTS_MAX && *name != '\0' && strchr(name, '=') == NULL &&
	    strlen(name) + 1 + strlen(value) <= EVENT_FACT_MAX)
		snprintf(
		    e->facts[e->nfacts++].text, EVENT_FACT_MAX + 1, "%s=%s", name, value);
}
