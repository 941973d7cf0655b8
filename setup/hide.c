/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "setup/hide.h"

#define HIDDEN "\xe2\x80\xa6"

/* Words whose value is a secret, as a whole, or from which of its words on; where the rest
 * of the line is told again behind it, how many words there have to be. */
static const struct {
	const char *word;
	unsigned from;  /* words that are shown, `=` not counted */
	unsigned words; /* behind the first, if all are there; 0: any number */
} secrets[] = {
    {"password", 1, 0},
    {"token", 1, 0},
    {"header", 1, 0},
    {"MONITOR", 4, 5},
    {"CERTIDENT", 2, 0},
    {"authpassword", 1, 0},
    {"privpassword", 1, 0},
    {"community", 1, 0},
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

/* The words of a line from `at` on, but for a comment. */
static unsigned
words_count(const char *line, size_t len, size_t at)
{
	unsigned n = 0;

	for (at = word_begin(line, len, at); at < len && line[at] != '#'; n++)
		at = word_begin(line, len, word_end(line, len, at));
	return n;
}

/* Adds what is no secret itself; in a URL there may be a login before its host. */
static void
add_shown(struct buf *out, const char *line, size_t len)
{
	for (size_t at = 0; at < len; at++) {
		size_t host = 0;

		buf_add(out, &line[at], 1);
		if (line[at] != '/' || at < 2 || memcmp(&line[at - 2], "://", 3) != 0)
			continue;
		for (size_t end = at + 1; end < len && !is_blank(line[end]) &&
					  strchr("/?#\"", line[end]) == NULL;
		     end++)
			if (line[end] == '@')
				host = end;
		if (host > 0) {
			buf_puts(out, HIDDEN);
			at = host - 1;
		}
	}
}

void
hide_line(struct buf *out, const char *line, size_t len)
{
	size_t first = 0, end, at;
	bool whole;

	while (first < len && (is_blank(line[first]) || line[first] == '#'))
		first++;
	end = word_end(line, len, first);
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
		if (strlen(secrets[i].word) != end - first ||
		    strncasecmp(secrets[i].word, &line[first], end - first) != 0)
			continue;
		/* Where a word of the line is missing, any of the others may be it. */
		whole = secrets[i].words == 0 ||
			secrets[i].words == words_count(line, len, end);
		at = word_begin(line, len, end);
		for (unsigned k = 1; k < (whole ? secrets[i].from : 2); k++)
			at = word_begin(line, len, word_end(line, len, at));
		buf_add(out, line, at);
		if (at == len)
			return;
		buf_puts(out, HIDDEN);
		if (secrets[i].words > 0 && whole) {
			at = word_end(line, len, at);
			buf_add(out, &line[at], len - at);
		}
		return;
	}
	add_shown(out, line, len);
}
