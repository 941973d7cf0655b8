/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/conf.h"
#include "lib/xmem.h"

#define FILE_MAX (1024 * 1024) /* bytes in a configuration file */

static void __attribute__((format(printf, 4, 0))) add_problem(
    struct problems *p, const char *file, int line, const char *format, va_list args)
{
	char *text;

	if (p->count >= PROBLEMS_MAX)
		return;
	if (p->count == PROBLEMS_MAX - 1)
		text = xstrdup("there are more faults, which are not listed");
	else
		text = xvasprintf(format, args);
	p->list = xreallocarray(p->list, p->count + 1, sizeof(*p->list));
	p->list[p->count++] =
	    (struct problem){.file = xstrdup(file), .line = line, .text = text};
}

void
problems_add(struct problems *p, const char *file, int line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_problem(p, file, line, format, args);
	va_end(args);
}

void
conf_fault(const struct conf_line *line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_problem(line->problems, line->file, line->line, format, args);
	va_end(args);
}

void
problems_free(struct problems *p)
{
	for (size_t i = 0; i < p->count; i++) {
		free(p->list[i].file);
		free(p->list[i].text);
	}
	free(p->list);
	*p = (struct problems){0};
}

void
problems_each(const struct problems *p, void (*say)(const char *format, ...))
{
	for (size_t i = 0; i < p->count; i++) {
		const struct problem *q = &p->list[i];

		if (q->line > 0)
			say("%s:%d: %s", q->file, q->line, q->text);
		else
			say("%s: %s", q->file, q->text);
	}
}

/* A walk: the text that is left, and the line in the making. */
struct walk {
	const char *at, *end;
	int next;        /* number of the line that begins at `at` */
	struct buf text; /* of the current line, joined, without its comment */
	char *section, *name;
	bool named; /* heads may be of two words */
	bool skip;  /* the section's head is beyond repair: its lines are passed over */
	struct words words;
	struct conf_line line;
	void (*each)(void *arg, const struct conf_line *line);
	void *arg;
};

/* Length of a line end at `at`: 1 for LF, 2 for CR LF, else 0. */
static size_t
line_end(const char *at, const char *end)
{
	if (at < end && *at == '\n')
		return 1;
	return end - at >= 2 && at[0] == '\r' && at[1] == '\n' ? 2 : 0;
}

/* Collects one line. A comment goes up to the line's end, whatever stands there: a
 * backslash joins the next line only outside of it. */
static void
take_line(struct walk *w)
{
	bool quoted = false, comment = false;

	buf_clear(&w->text);
	w->line.line = w->next++;
	while (w->at < w->end) {
		char c = *w->at++;
		size_t joint;

		if (c == '\n')
			return;
		if (comment)
			continue;
		if (c == '\\' && (joint = line_end(w->at, w->end)) > 0) {
			w->at += joint;
			w->next++;
			continue;
		}
		comment = c == '#' && !quoted;
		if (comment)
			continue;
		quoted ^= c == '"';
		buf_add(&w->text, &c, 1);
		if (c == '\\' && w->at < w->end)
			buf_add(&w->text, w->at++, 1);
	}
}

/* A section of a kind and a name begins: [machine pi2]. */
static void
head_named(struct walk *w)
{
	const struct words *words = &w->words;
	size_t len = strlen(words->argv[1]);

	if (words->argc > 2 || len < 2 || words->argv[1][len - 1] != ']') {
		conf_fault(&w->line,
		    "a section begins with [word] or [word name]: %.40s %.40s and its "
		    "lines are ignored",
		    words->argv[0], words->argv[1]);
		return;
	}
	w->section = xstrdup(words->argv[0] + 1);
	w->name = xstrndup(words->argv[1], len - 1);
	w->skip = false;
	w->line.section = w->section;
	w->line.name = w->name;
	w->line.words = NULL;
	w->each(w->arg, &w->line);
}

/* A new section begins; with a name that cannot be one, its lines are skipped. */
static void
take_head(struct walk *w)
{
	const struct words *words = &w->words;
	const char *word = words->argv[0];
	size_t len = strlen(word);
	bool closed = word[len - 1] == ']';

	free(w->section);
	free(w->name);
	w->section = w->name = NULL;
	w->line.section = w->line.name = NULL;
	w->skip = true;
	if (!closed && w->named && words->argc > 1) {
		head_named(w);
		return;
	}
	if (!closed && words->argc > 1) {
		conf_fault(&w->line,
		    "a section's name has no blanks: %.40s %.40s and its lines are "
		    "ignored",
		    word, words->argv[1]);
		return;
	}
	w->section = xstrndup(word + 1, len - 1 - (closed ? 1 : 0));
	if (*w->section == '\0') {
		conf_fault(&w->line, "a section without a name: its lines are ignored");
		return;
	}
	if (!closed)
		conf_fault(&w->line, "\"]\" is missing, read as [%.40s]", w->section);
	else if (words->argc > 1)
		conf_fault(&w->line,
		    "\"%.40s\" behind the section head is ignored: it needs a line of "
		    "its own",
		    words->argv[1]);
	w->skip = false;
	w->line.section = w->section;
	w->line.words = NULL;
	w->each(w->arg, &w->line);
}

static void
walk_line(struct walk *w)
{
	const char *why;

	take_line(w);
	if (w->text.len == 0)
		return;
	if (words_split(&w->words, WORDS_CONFIG, buf_head(&w->text), w->text.len, &why) <
	    0) {
		conf_fault(&w->line, "%s: the line is ignored", why);
		return;
	}
	if (w->words.argc == 0)
		return;
	if (w->words.argv[0][0] == '[' && !w->words.quoted[0]) {
		take_head(w);
		return;
	}
	w->line.words = &w->words;
	if (!w->skip)
		w->each(w->arg, &w->line);
}

static void
walk_text(const char *file, const char *text, size_t len, struct problems *problems,
    bool named, void (*each)(void *arg, const struct conf_line *line), void *arg)
{
	static const char byte_order_mark[] = "\xef\xbb\xbf";
	const char *end = len > 0 ? text + len : text; /* text may be NULL then */
	const char *nul = len > 0 ? memchr(text, '\0', len) : NULL;
	struct walk w = {
	    .at = text,
	    .end = nul != NULL ? nul : end,
	    .next = 1,
	    .named = named,
	    .line = {.file = file, .problems = problems},
	    .each = each,
	    .arg = arg,
	};

	if (w.end - w.at >= 3 && memcmp(w.at, byte_order_mark, 3) == 0)
		w.at += 3;
	while (w.at < w.end)
		walk_line(&w);
	if (nul != NULL)
		problems_add(problems, file, w.next - 1 > 0 ? w.next - 1 : 1,
		    "a NUL byte: this is no text, the file is read up to here");
	buf_free(&w.text);
	free(w.section);
	free(w.name);
}

void
conf_walk(const char *file, const char *text, size_t len, struct problems *problems,
    void (*each)(void *arg, const struct conf_line *line), void *arg)
{
	walk_text(file, text, len, problems, false, each, arg);
}

void
conf_walk_named(const char *file, const char *text, size_t len, struct problems *problems,
    void (*each)(void *arg, const struct conf_line *line), void *arg)
{
	walk_text(file, text, len, problems, true, each, arg);
}

char *
conf_slurp_fd(int fd, size_t *len)
{
	struct buf b = {0};

	for (;;) {
		ssize_t n = pread(fd, buf_room(&b, BUFSIZ + 1), BUFSIZ, (off_t)b.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			break;
		if (n > 0)
			buf_grew(&b, (size_t)n);
		if (n < 0 || b.len > FILE_MAX) {
			int error = n < 0 ? errno : EFBIG;

			buf_free(&b);
			errno = error;
			return NULL;
		}
	}
	*len = b.len;
	/* Nothing was consumed, so the content begins where the memory does. */
	buf_str(&b);
	return b.data;
}

char *
conf_slurp(const char *path, size_t *len)
{
	/* Non-blocking, so that a FIFO by that name cannot hold us up. */
	int error, fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char *text;

	if (fd < 0)
		return NULL;
	text = conf_slurp_fd(fd, len);
	error = errno;
	close(fd);
	errno = error;
	return text;
}
