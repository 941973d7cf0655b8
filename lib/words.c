/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "lib/words.h"

/* Where the splitter stands: the input that is left, and the room for word text. */
struct splitter {
	const char *at, *end;
	char *out, *out_end;
	enum words_mode mode;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static int
put(struct splitter *s, char c)
{
	if (s->out >= s->out_end)
		return -1;
	*s->out++ = c;
	return 0;
}

/* True where an unquoted word ends: at a blank, and in a file at `=` and `#`. */
static bool
ends_word(const struct splitter *s)
{
	return s->at == s->end || is_blank(*s->at) ||
	       (s->mode == WORDS_CONFIG && (*s->at == '=' || *s->at == '#'));
}

/* Takes what means itself up to the end of the word, or as far as that goes: nearly all of
 * nearly every line, thousands of times a second. */
static void
take_plain(struct splitter *s)
{
	const char *at = s->at, *end = s->end;
	bool config = s->mode == WORDS_CONFIG;
	char *out = s->out;

	if (s->out_end - out < end - at)
		end = at + (s->out_end - out);
	while (at < end && (unsigned char)*at > ' ' && *at != '"' && *at != '\\' &&
	       !(config && (*at == '=' || *at == '#')))
		*out++ = *at++;
	s->at = at;
	s->out = out;
}

/* Reads one word; a quote may open and close in the middle of it. */
static int
take_word(struct splitter *s, bool *quoted, const char **why)
{
	bool inside = false;

	take_plain(s);
	while (inside ? s->at < s->end : !ends_word(s)) {
		char c = *s->at++;

		if (c == '"') {
			inside = !inside;
			*quoted = true;
			continue;
		}
		if (c == '\\') {
			if (s->at == s->end) {
				*why = "backslash at end of line";
				return -1;
			}
			c = *s->at++;
		}
		if ((unsigned char)c < ' ' && c != '\t') {
			*why = "control character in line";
			return -1;
		}
		if (put(s, c) < 0) {
			*why = "line too long";
			return -1;
		}
	}
	if (inside) {
		*why = "unbalanced quote";
		return -1;
	}
	return put(s, '\0');
}

int
words_split(
    struct words *w, enum words_mode mode, const char *line, size_t len, const char **why)
{
	struct splitter s = {.at = line, .end = line + len, .mode = mode};

	w->argc = 0;
	w->argv[0] = NULL;
	s.out = w->text;
	s.out_end = w->text + sizeof(w->text);
	if (len > WORDS_LINE_MAX) {
		*why = "line too long";
		return -1;
	}
	for (;;) {
		while (s.at < s.end && is_blank(*s.at))
			s.at++;
		if (s.at == s.end || (mode == WORDS_CONFIG && *s.at == '#'))
			return 0;
		if (w->argc == WORDS_MAX) {
			*why = "too many words";
			return -1;
		}
		w->argv[w->argc] = s.out;
		w->quoted[w->argc] = false;
		if (mode == WORDS_CONFIG && *s.at == '=') {
			s.at++;
			if (put(&s, '=') < 0 || put(&s, '\0') < 0) {
				*why = "line too long";
				return -1;
			}
		} else if (take_word(&s, &w->quoted[w->argc], why) < 0)
			return -1;
		w->argv[++w->argc] = NULL;
	}
}
