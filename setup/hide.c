/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "setup/hide.h"

#define HIDDEN "\xe2\x80\xa6"

/* Words whose value is a secret, as a whole, from which of its words on, and whether the
 * rest of the line is told again behind it. */
static const struct {
	const char *word;
	unsigned from; /* words that are shown, `=` not counted */
	bool rest;     /* the words behind the secret are shown */
} secrets[] = {
    {"password", 1, false},
    {"token", 1, false},
    {"header", 1, false},
    {"MONITOR", 4, true},
    {"CERTIDENT", 2, false},
    {"authpassword", 1, false},
    {"privpassword", 1, false},
    {"community", 1, false},
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Offset behind the word that begins at `at`, quotes and backslashes understood. */
static size_t
word_end(const char *line, size_t len, size_t at)
{
	bool quoted = false;

	for (; at < len && (quoted || (!is_blank(line[at]) && line[at] != '=')); at++) {
		if (line[at] == '\\')
			at++;
		else if (line[at] == '"')
			quoted = !quoted;
	}
	return at < len ? at : len;
}

/* Offset of the next word; an `=` in between is passed over. */
static size_t
word_begin(const char *line, size_t len, size_t at)
{
	while (at < len && (is_blank(line[at]) || line[at] == '='))
		at++;
	return at;
}

void
hide_line(struct buf *out, const char *line, size_t len)
{
	size_t first = 0, end, at;

	while (first < len && (is_blank(line[first]) || line[first] == '#'))
		first++;
	end = word_end(line, len, first);
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
		if (strlen(secrets[i].word) != end - first ||
		    strncasecmp(secrets[i].word, &line[first], end - first) != 0)
			continue;
		at = word_begin(line, len, end);
		for (unsigned k = 1; k < secrets[i].from; k++)
			at = word_begin(line, len, word_end(line, len, at));
		buf_add(out, line, at);
		if (at == len)
			return;
		buf_puts(out, HIDDEN);
		if (secrets[i].rest) {
			at = word_end(line, len, at);
			buf_add(out, &line[at], len - at);
		}
		return;
	}
	buf_add(out, line, len);
}
