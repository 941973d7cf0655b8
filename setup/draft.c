/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/conf.h"
#include "lib/xmem.h"
#include "setup/draft.h"

void
draft_init(struct draft *d, const char *text, size_t len)
{
	*d = (struct draft){.there = text != NULL};
	if (text != NULL)
		buf_add(&d->text, text, len);
}

void
draft_add(struct draft *d, const char *format, ...)
{
	va_list args;
	char *lines;

	va_start(args, format);
	lines = xvasprintf(format, args);
	va_end(args);
	if (d->text.len > 0) {
		if (buf_head(&d->text)[d->text.len - 1] != '\n')
			buf_puts(&d->text, "\n");
		buf_puts(&d->text, "\n");
	}
	buf_puts(&d->text, lines);
	d->changed = true;
	explicit_bzero(lines, strlen(lines));
	free(lines);
}

/* The search for a line. */
struct search {
	const char *section, *word;
	int found;
};

/* True when the line stands in "kind name", or in "kind". */
static bool
stands_in(const struct conf_line *line, const char *section)
{
	size_t len;

	if (section == NULL || line->section == NULL)
		return section == line->section;
	len = strlen(line->section);
	if (strncasecmp(section, line->section, len) != 0)
		return false;
	if (line->name == NULL)
		return section[len] == '\0';
	return section[len] == ' ' && strcmp(&section[len + 1], line->name) == 0;
}

static void
search_line(void *arg, const struct conf_line *line)
{
	struct search *s = arg;

	if (line->words != NULL && stands_in(line, s->section) &&
	    strcasecmp(line->words->argv[0], s->word) == 0)
		s->found = line->line;
}

int
draft_find(struct draft *d, const char *section, const char *word)
{
	struct search s = {section, word, 0};
	struct problems p = {0};

	conf_walk_named("", buf_str(&d->text), d->text.len, &p, search_line, &s);
	problems_free(&p);
	return s.found;
}

/* Offset of a line's begin; that of the end when there are fewer. */
static size_t
offset_of(const char *text, int number)
{
	const char *at = text;

	while (number-- > 1 && (at = strchr(at, '\n')) != NULL)
		at++;
	/* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): a draft has a text */
	return at == NULL ? strlen(text) : (size_t)(at - text);
}

/* The end of a line and of what continues it, at its LF. */
static const char *
line_end(const char *at)
{
	const char *end = at + strcspn(at, "\n");

	while (*end == '\n' && end > at && end[-1] == '\\')
		end += 1 + strcspn(end + 1, "\n");
	return end;
}

void
draft_replace(struct draft *d, int number, const char *line)
{
	char *old = xstrdup(buf_str(&d->text));
	size_t from = offset_of(old, number);
	const char *end = line_end(&old[from]);

	from += strspn(&old[from], " \t");
	buf_clear(&d->text);
	buf_add(&d->text, old, from);
	buf_puts(&d->text, line);
	buf_puts(&d->text, end);
	d->changed = true;
	explicit_bzero(old, strlen(old));
	free(old);
}

char *
draft_take(struct draft *d)
{
	char *text = d->changed ? xstrdup(buf_str(&d->text)) : NULL;

	if (d->text.data != NULL)
		explicit_bzero(d->text.data, d->text.cap);
	buf_free(&d->text);
	return text;
}
