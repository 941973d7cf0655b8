/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/dline.h"

/* A driver that says more than this is out of order: no more of it is kept. */
#define VARS_MAX 2048
#define CMDS_MAX 512
#define ENUMS_MAX 256
#define RANGES_MAX 64

static enum dline_kind
changed(bool differs)
{
	return differs ? DLINE_CHANGED : DLINE_SAME;
}

/* Reads a whole decimal number. */
static bool
number(const char *text, long *n)
{
	char *end;

	errno = 0;
	*n = strtol(text, &end, 10);
	return end != text && *end == '\0' && errno == 0;
}

static enum dline_kind
set_info(struct state *s, char *const *a, int n)
{
	const char *name = a[0];

	if (!state_name_ok(name) || (s->nvars >= VARS_MAX && state_var(s, name) == NULL))
		return DLINE_BAD;
	return changed(state_set(s, name, a[1]));
}

static enum dline_kind
del_info(struct state *s, char *const *a, int n)
{
	return changed(state_del(s, a[0]));
}

/* IMMUTABLE and whatever comes after it say nothing that we act on. */
static enum dline_kind
set_flags(struct state *s, char *const *a, int n)
{
	unsigned flags = 0;

	for (int i = 1; i < n; i++) {
		if (strcasecmp(a[i], "RW") == 0)
			flags |= STATE_RW;
		else if (strcasecmp(a[i], "STRING") == 0)
			flags |= STATE_STRING;
		else if (strcasecmp(a[i], "NUMBER") == 0)
			flags |= STATE_NUMBER;
	}
	return changed(state_flags(s, a[0], flags));
}

static enum dline_kind
set_aux(struct state *s, char *const *a, int n)
{
	long aux;

	if (!number(a[1], &aux) || aux < 0)
		return DLINE_BAD;
	return changed(state_aux(s, a[0], aux));
}

static enum dline_kind
add_enum(struct state *s, char *const *a, int n)
{
	const struct state_var *v = state_var(s, a[0]);

	if (v != NULL && v->nenums >= ENUMS_MAX)
		return DLINE_BAD;
	return changed(state_enum_add(s, a[0], a[1]));
}

static enum dline_kind
del_enum(struct state *s, char *const *a, int n)
{
	return changed(state_enum_del(s, a[0], a[1]));
}

static enum dline_kind
add_range(struct state *s, char *const *a, int n)
{
	const struct state_var *v = state_var(s, a[0]);
	long min, max;

	if (!number(a[1], &min) || !number(a[2], &max) ||
	    (v != NULL && v->nranges >= RANGES_MAX))
		return DLINE_BAD;
	return changed(state_range_add(s, a[0], min, max));
}

static enum dline_kind
del_range(struct state *s, char *const *a, int n)
{
	long min, max;

	if (!number(a[1], &min) || !number(a[2], &max))
		return DLINE_BAD;
	return changed(state_range_del(s, a[0], min, max));
}

static enum dline_kind
add_cmd(struct state *s, char *const *a, int n)
{
	if (!state_name_ok(a[0]) || s->ncmds >= CMDS_MAX)
		return DLINE_BAD;
	return changed(state_cmd_add(s, a[0]));
}

static enum dline_kind
del_cmd(struct state *s, char *const *a, int n)
{
	return changed(state_cmd_del(s, a[0]));
}

/* What a driver says: the word, what it does, and the least number of arguments. More
 * arguments than needed are let pass, as NUT does. */
static const struct verb {
	const char *word;
	enum dline_kind (*apply)(struct state *s, char *const *args, int n);
	enum dline_kind kind; /* where there is nothing to apply */
	int args;
} verbs[] = {
    {"SETINFO", set_info, 0, 2},
    {"DELINFO", del_info, 0, 1},
    {"SETFLAGS", set_flags, 0, 1},
    {"SETAUX", set_aux, 0, 2},
    {"ADDENUM", add_enum, 0, 2},
    {"DELENUM", del_enum, 0, 2},
    {"ADDRANGE", add_range, 0, 3},
    {"DELRANGE", del_range, 0, 3},
    {"ADDCMD", add_cmd, 0, 1},
    {"DELCMD", del_cmd, 0, 1},
    {"DATAOK", NULL, DLINE_DATAOK, 0},
    {"DATASTALE", NULL, DLINE_DATASTALE, 0},
    {"DUMPDONE", NULL, DLINE_DUMPDONE, 0},
    {"PONG", NULL, DLINE_PONG, 0},
    {"TRACKING", NULL, DLINE_TRACKING, 2},
};

enum dline_kind
dline_apply(struct state *s, const struct words *w, int first)
{
	int n = w->argc - first - 1;

	if (n < 0)
		return DLINE_UNKNOWN;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		const struct verb *v = &verbs[i];

		if (strcasecmp(w->argv[first], v->word) != 0)
			continue;
		if (n < v->args)
			return DLINE_BAD;
		return v->apply == NULL ? v->kind : v->apply(s, &w->argv[first + 1], n);
	}
	return DLINE_UNKNOWN;
}

/* The lines written so far, and what stands in front of each. */
struct writer {
	struct buf *out;
	const char *prefix;
	size_t lines;
};

/* Writes "PREFIX WORD name", open for arguments. */
static void
begin(struct writer *w, const char *word, const char *name)
{
	buf_printf(w->out, "%s%s %s", w->prefix, word, name);
	w->lines++;
}

static void
write_text(struct writer *w, const char *word, const char *name, const char *text)
{
	begin(w, word, name);
	buf_puts(w->out, " ");
	buf_quoted(w->out, text);
	buf_puts(w->out, "\n");
}

static void
write_range(struct writer *w, const char *word, const char *name, struct state_range r)
{
	begin(w, word, name);
	buf_printf(w->out, " %ld %ld\n", r.min, r.max);
}

static void
write_bare(struct writer *w, const char *word, const char *name)
{
	begin(w, word, name);
	buf_puts(w->out, "\n");
}

static void
write_flags(struct writer *w, const struct state_var *v)
{
	begin(w, "SETFLAGS", v->name);
	if (v->flags & STATE_RW)
		buf_puts(w->out, " RW");
	if (v->flags & STATE_STRING)
		buf_puts(w->out, " STRING");
	if (v->flags & STATE_NUMBER)
		buf_puts(w->out, " NUMBER");
	buf_puts(w->out, "\n");
}

/* Enums keep their order: what differs is taken off the end and put there anew. */
static void
diff_enums(struct writer *w, const struct state_var *from, const struct state_var *to)
{
	size_t same = 0;

	while (same < from->nenums && same < to->nenums &&
	       strcmp(from->enums[same], to->enums[same]) == 0)
		same++;
	for (size_t i = same; i < from->nenums; i++)
		write_text(w, "DELENUM", to->name, from->enums[i]);
	for (size_t i = same; i < to->nenums; i++)
		write_text(w, "ADDENUM", to->name, to->enums[i]);
}

static void
diff_ranges(struct writer *w, const struct state_var *from, const struct state_var *to)
{
	size_t same = 0;

	while (same < from->nranges && same < to->nranges &&
	       from->ranges[same].min == to->ranges[same].min &&
	       from->ranges[same].max == to->ranges[same].max)
		same++;
	for (size_t i = same; i < from->nranges; i++)
		write_range(w, "DELRANGE", to->name, from->ranges[i]);
	for (size_t i = same; i < to->nranges; i++)
		write_range(w, "ADDRANGE", to->name, to->ranges[i]);
}

/* A variable that is new has nothing in common with `from`: an empty one stands in. */
static void
diff_var(struct writer *w, const struct state_var *from, const struct state_var *to)
{
	static const struct state_var nothing;

	if (from == NULL)
		from = &nothing;
	if (from->text == NULL || strcmp(from->text, to->text) != 0)
		write_text(w, "SETINFO", to->name, to->text);
	if (from->flags != to->flags)
		write_flags(w, to);
	if (from->aux != to->aux) {
		begin(w, "SETAUX", to->name);
		buf_printf(w->out, " %ld\n", to->aux);
	}
	diff_enums(w, from, to);
	diff_ranges(w, from, to);
}

/* Both lists are sorted: one walk over the two finds what went, came and changed. */
static void
diff_vars(struct writer *w, const struct state *from, const struct state *to)
{
	size_t i = 0, j = 0;

	while (i < from->nvars || j < to->nvars) {
		int order = i == from->nvars ? 1
			    : j == to->nvars
				? -1
				: strcmp(from->vars[i]->name, to->vars[j]->name);

		if (order < 0)
			write_bare(w, "DELINFO", from->vars[i++]->name);
		else if (order > 0)
			diff_var(w, NULL, to->vars[j++]);
		else
			diff_var(w, from->vars[i++], to->vars[j++]);
	}
}

static void
diff_cmds(struct writer *w, const struct state *from, const struct state *to)
{
	size_t i = 0, j = 0;

	while (i < from->ncmds || j < to->ncmds) {
		int order = i == from->ncmds ? 1
			    : j == to->ncmds ? -1
					     : strcmp(from->cmds[i], to->cmds[j]);

		if (order < 0)
			write_bare(w, "DELCMD", from->cmds[i++]);
		else if (order > 0)
			write_bare(w, "ADDCMD", to->cmds[j++]);
		else
			i++, j++;
	}
}

size_t
dline_diff(
    struct buf *out, const char *prefix, const struct state *from, const struct state *to)
{
	static const struct state nothing;
	struct writer w = {.out = out, .prefix = prefix};

	if (from == NULL)
		from = &nothing;
	diff_vars(&w, from, to);
	diff_cmds(&w, from, to);
	return w.lines;
}

void
dline_copy(struct state *to, const struct state *from)
{
	struct buf lines = {0};
	struct words w;
	const char *why;

	dline_diff(&lines, "", to, from);
	while (lines.len > 0) {
		const char *line = buf_head(&lines);
		size_t len = (size_t)((const char *)memchr(line, '\n', lines.len) - line);

		if (words_split(&w, WORDS_PROTOCOL, line, len, &why) == 0)
			dline_apply(to, &w, 0);
		buf_consume(&lines, len + 1);
	}
	buf_free(&lines);
}
