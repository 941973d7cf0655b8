/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/request.h"
#include "lib/state.h"
#include "lib/words.h"

#define HEAD_WORDS 7 /* id, session, account, address, machine, verb, ups */

/* The verbs as they stand on the line, with the arguments that follow the UPS. */
static const struct verb {
	const char *word;
	int args_min, args_max;
} verbs[] = {
    [REQUEST_LOGIN] = {"LOGIN", 0, 0},
    [REQUEST_LOGOUT] = {"LOGOUT", 0, 1}, /* ago_ms */
    [REQUEST_BROKEN] = {"BROKEN", 0, 0},
    [REQUEST_SEEN] = {"SEEN", 1, 1},
    [REQUEST_PRIMARY] = {"PRIMARY", 0, 0},
    [REQUEST_FSD] = {"FSD", 0, 0},
    [REQUEST_INSTCMD] = {"INSTCMD", 1, 2},
    [REQUEST_SET] = {"SET", 2, 2},
    [REQUEST_INSTCMD_TRACKED] = {"INSTCMD-TRACKED", 1, 2},
    [REQUEST_SET_TRACKED] = {"SET-TRACKED", 2, 2},
    [REQUEST_DRILL] = {"DRILL", 0, 0},
    [REQUEST_FORGET] = {"FORGET", 0, 0},
    [REQUEST_LEARNED] = {"LEARNED", 2, 2},
    [REQUEST_NEWS] = {"NEWS", 2, 2},
};

#define VERBS (sizeof(verbs) / sizeof(verbs[0]))

/* A blank and one word: "-" for none, quoted only where it would be read otherwise. */
static void
add_word(struct buf *out, const char *word)
{
	buf_puts(out, " ");
	if (word == NULL)
		buf_puts(out, "-");
	else if (state_name_ok(word) && strcmp(word, "-") != 0)
		buf_puts(out, word);
	else
		buf_quoted(out, word);
}

void
request_format(struct buf *out, const struct request *r)
{
	buf_printf(out, "%lu %lu", r->id, r->session);
	add_word(out, r->account);
	add_word(out, r->address);
	add_word(out, r->machine);
	buf_printf(out, " %s", verbs[r->verb].word);
	add_word(out, r->ups);
	if (r->verb == REQUEST_LOGOUT && r->ago_ms > 0)
		buf_printf(out, " %" PRIu64, r->ago_ms);
	if (verbs[r->verb].args_min > 0)
		add_word(out, r->name);
	if (verbs[r->verb].args_max > 1 && r->value != NULL) {
		buf_puts(out, " ");
		buf_quoted(out, r->value);
	}
	buf_puts(out, "\n");
}

/* Reads a whole decimal number without a sign. */
static int
number(const char *text, unsigned long *n)
{
	char *end;

	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	*n = strtoul(text, &end, 10);
	return *end == '\0' && errno == 0 ? 0 : -1;
}

/* Word i, or NULL where a bare "-" stands for none. */
static const char *
word_at(const struct words *w, int i)
{
	return !w->quoted[i] && strcmp(w->argv[i], "-") == 0 ? NULL : w->argv[i];
}

int
request_parse(struct request *r, struct words *store, const char *line, size_t len)
{
	const char *why;
	unsigned long ago = 0;
	size_t verb = 0;
	int args;

	*r = (struct request){0};
	if (words_split(store, WORDS_PROTOCOL, line, len, &why) < 0 ||
	    store->argc < HEAD_WORDS || number(store->argv[0], &r->id) < 0 ||
	    number(store->argv[1], &r->session) < 0)
		return -1;
	while (verb < VERBS && strcmp(store->argv[5], verbs[verb].word) != 0)
		verb++;
	args = store->argc - HEAD_WORDS;
	if (verb == VERBS || args < verbs[verb].args_min || args > verbs[verb].args_max)
		return -1;
	r->verb = (enum request_verb)verb;
	r->account = word_at(store, 2);
	r->address = word_at(store, 3);
	r->machine = word_at(store, 4);
	r->ups = store->argv[6];
	if (verb == REQUEST_LOGOUT) {
		if (args > 0 && number(store->argv[7], &ago) < 0)
			return -1;
		r->ago_ms = ago;
		return 0;
	}
	r->name = args > 0 ? store->argv[7] : NULL;
	r->value = args > 1 ? store->argv[8] : NULL;
	return 0;
}

int
request_answer(unsigned long *id, const char **word, struct words *store,
    const char *line, size_t len)
{
	const char *why;

	if (words_split(store, WORDS_PROTOCOL, line, len, &why) < 0 || store->argc < 2 ||
	    number(store->argv[1], id) < 0)
		return -1;
	*word = store->argv[2];
	if (strcmp(store->argv[0], "OK") == 0)
		return store->argc == 2 ? 0 : -1;
	return strcmp(store->argv[0], "ERR") == 0 && store->argc == 3 ? 0 : -1;
}

int
request_done(unsigned long *id, unsigned long *status, struct words *store,
    const char *line, size_t len)
{
	const char *why;

	if (words_split(store, WORDS_PROTOCOL, line, len, &why) < 0 || store->argc != 3 ||
	    strcmp(store->argv[0], "DONE") != 0 || number(store->argv[1], id) < 0)
		return -1;
	return number(store->argv[2], status);
}
