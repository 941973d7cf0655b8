/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "check/check.h"
#include "lib/conf.h"

/* What word processors and web pages make of a straight quote. */
static const char *const signs[] = {"\u201c", "\u201d", "\u201e", "\u201f", "\u2018",
    "\u2019", "\u201a", "\u201b", "\u00ab", "\u00bb"};

static const char *
sign_of(const char *word)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (strncmp(word, signs[i], strlen(signs[i])) == 0)
			return signs[i];
	return NULL;
}

/* Once a line: the words behind it were meant to be of the same text. */
static void
take_line(void *arg, const struct conf_line *line)
{
	const struct words *w = line->words;
	struct check_list *out = arg;
	const char *sign;

	for (int i = 0; w != NULL && i < w->argc; i++)
		if (!w->quoted[i] && (sign = sign_of(w->argv[i])) != NULL) {
			check_add(out, CHECK_WARNING, line->file, line->line,
			    "%s is a letter like others: it begins no text, and is part "
			    "of it. "
			    "Write straight quotes: \"",
			    sign);
			return;
		}
}

/* Quotes that are none. */
void
check_quotes(const struct check_conf *c, struct check_list *out)
{
	for (size_t i = 0; i < CHECK_FILES; i++) {
		const struct check_file *f = &c->files[i];
		struct problems known = {0}; /* told by the file's reader */

		if (f->text != NULL)
			conf_walk_named(f->path, f->text, f->len, &known, take_line, out);
		problems_free(&known);
	}
}
