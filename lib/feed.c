/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/dline.h"
#include "lib/feed.h"
#include "lib/words.h"
#include "lib/xmem.h"

static const char *const source_words[] = {
    [FEED_LOST] = "LOST",
    [FEED_STALE] = "DATASTALE",
    [FEED_OK] = "DATAOK",
};

/* Index of a word in one of the tables above, or -1. */
static int
word_index(const char *const *table, int count, const char *word)
{
	for (int i = 0; i < count; i++)
		if (strcmp(table[i], word) == 0)
			return i;
	return -1;
}

const char *
feed_source_word(enum feed_source source)
{
	return source_words[source];
}

/* Reads a whole decimal number without a sign. */
static bool
number(const char *text, unsigned long *n)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*n = strtoul(text, &end, 10);
	return *end == '\0' && errno == 0;
}

static void
login_free(struct feed_login *l)
{
	free(l->address);
	free(l->account);
}

static void
ups_free(struct feed_ups *u)
{
	for (size_t i = 0; i < u->nlogins; i++)
		login_free(&u->logins[i]);
	free(u->logins);
	while (u->nreaders > 0)
		feed_reader_del(u, u->readers[0].address);
	free(u->readers);
	for (size_t i = 0; i < u->nfaces; i++)
		free(u->faces[i].machine);
	free(u->faces);
	state_free(u->state);
	free(u->name);
	free(u->desc);
	free(u);
}

static void
machine_free(struct feed_machine *m)
{
	free(m->name);
	free(m->stand);
	free(m->why);
}

void
feed_clear(struct feed *f)
{
	for (size_t i = 0; i < f->nmachines; i++)
		machine_free(&f->machines[i]);
	free(f->machines);
	for (size_t i = 0; i < f->nupses; i++)
		ups_free(f->upses[i]);
	free(f->upses);
	*f = (struct feed){0};
}

struct feed_ups *
feed_find(const struct feed *f, const char *name)
{
	for (size_t i = 0; i < f->nupses; i++)
		if (strcasecmp(f->upses[i]->name, name) == 0)
			return f->upses[i];
	return NULL;
}

/* Place of the UPS of exactly this name, as the feed means it; nupses when missing. */
static size_t
ups_place(const struct feed *f, const char *name)
{
	size_t i = 0;

	while (i < f->nupses && strcmp(f->upses[i]->name, name) != 0)
		i++;
	return i;
}

struct feed_ups *
feed_add(struct feed *f, const char *name, const char *desc)
{
	struct feed_ups *u = xcalloc(1, sizeof(*u));

	u->name = xstrdup(name);
	u->desc = xstrdup(desc);
	u->state = state_new();
	f->upses = xreallocarray(f->upses, f->nupses + 1, sizeof(struct feed_ups *));
	f->upses[f->nupses++] = u;
	return u;
}

void
feed_login_add(
    struct feed_ups *u, unsigned long session, const char *address, const char *account)
{
	u->logins = xreallocarray(u->logins, u->nlogins + 1, sizeof(*u->logins));
	u->logins[u->nlogins++] = (struct feed_login){
	    .session = session,
	    .address = xstrdup(address),
	    .account = xstrdup(account),
	};
}

bool
feed_login_del(struct feed_ups *u, unsigned long session)
{
	size_t i = 0;

	while (i < u->nlogins && u->logins[i].session != session)
		i++;
	if (i == u->nlogins)
		return false;
	login_free(&u->logins[i]);
	u->nlogins--;
	memmove(&u->logins[i], &u->logins[i + 1], (u->nlogins - i) * sizeof(*u->logins));
	return true;
}

/* "UPS name "desc"": a new UPS, or a new description of one. The quotes tell it from a
 * line about a UPS that happens to be named UPS. */
static enum feed_kind
apply_ups(struct feed *f, const struct words *w, int first, struct feed_change *change)
{
	const char *name = w->argv[first + 1], *desc = w->argv[first + 2];
	size_t place = ups_place(f, name);

	if (!state_name_ok(name) || (place == f->nupses && f->nupses == FEED_UPSES_MAX))
		return FEED_BROKEN;
	if (place == f->nupses)
		change->ups = feed_add(f, name, desc);
	else {
		change->ups = f->upses[place];
		free(change->ups->desc);
		change->ups->desc = xstrdup(desc);
	}
	snprintf(change->name, sizeof(change->name), "%s", name);
	return FEED_UPS;
}

static enum feed_kind
apply_gone(struct feed *f, size_t place, struct feed_change *change)
{
	snprintf(change->name, sizeof(change->name), "%s", f->upses[place]->name);
	change->ups = NULL;
	ups_free(f->upses[place]);
	f->nupses--;
	memmove(&f->upses[place], &f->upses[place + 1],
	    (f->nupses - place) * sizeof(struct feed_ups *));
	return FEED_UPS;
}

static enum feed_kind
apply_login(struct feed_ups *u, char *const *args)
{
	unsigned long session;

	if (!number(args[0], &session) || u->nlogins == FEED_LOGINS_MAX)
		return FEED_BROKEN;
	feed_login_del(u, session);
	feed_login_add(u, session, args[1], args[2]);
	return FEED_LOGINS;
}

static enum feed_kind
apply_reader(struct feed_ups *u, char *const *args)
{
	bool news;

	if (feed_reader_add(u, args[0], args[1], &news) == NULL)
		return FEED_BROKEN;
	return news ? FEED_READERS : FEED_NOTHING;
}

static enum feed_kind
apply_noreader(struct feed_ups *u, char *const *args)
{
	return feed_reader_del(u, args[0]) ? FEED_READERS : FEED_NOTHING;
}

static enum feed_kind
apply_view(struct feed_ups *u, char *const *args, struct feed_change *change)
{
	int view = feed_view_named(args[1]);

	if (view < 0)
		return FEED_BROKEN;
	if (!feed_view_set(u, args[0], (enum feed_view)view))
		return FEED_NOTHING;
	snprintf(change->name, sizeof(change->name), "%s", args[0]);
	return FEED_VIEW;
}

/* It happens and is over: a snapshot has none. */
static enum feed_kind
apply_deed(struct feed *f, char *const *args, int nargs)
{
	if (f->inside || !feed_deed_read(&f->deed, args, nargs))
		return FEED_BROKEN;
	return FEED_DEED;
}

/* `* MACHINE nas on "why"`, `* DEED …`: of the house, not of a UPS. */
static enum feed_kind
apply_house(struct feed *f, const struct words *w, int first, struct feed_change *change)
{
	char *const *args = &w->argv[first + 2];

	if (strcmp(w->argv[first + 1], "DEED") == 0)
		return apply_deed(f, args, w->argc - first - 2);
	if (w->argc != first + 5 || strcmp(w->argv[first + 1], "MACHINE") != 0 ||
	    !state_name_ok(args[1]))
		return FEED_BROKEN;
	if (!feed_machine_set(f, args[0], args[1], args[2]))
		return FEED_NOTHING;
	snprintf(change->name, sizeof(change->name), "%s", args[0]);
	return FEED_MACHINE;
}

/* A line of the driver protocol: hands it on and translates what it did. */
static enum feed_kind
apply_dline(
    struct feed_ups *u, const struct words *w, int first, struct feed_change *change)
{
	switch (dline_apply(u->state, w, first)) {
	case DLINE_CHANGED:
		break;
	case DLINE_BAD:
		return FEED_BROKEN;
	default:
		return FEED_NOTHING;
	}
	if (strcasecmp(w->argv[first], "ADDCMD") == 0 ||
	    strcasecmp(w->argv[first], "DELCMD") == 0)
		return FEED_CMDS;
	snprintf(change->name, sizeof(change->name), "%s", w->argv[first + 1]);
	return strcasecmp(w->argv[first], "DELINFO") == 0 ? FEED_DELVAR : FEED_VAR;
}

/* What stands behind the name of a UPS. */
static enum feed_kind
apply_to_ups(struct feed *f, const struct words *w, int first, struct feed_change *change)
{
	const char *word = w->argv[first + 1];
	char *const *args = &w->argv[first + 2];
	int nargs = w->argc - first - 2, source = word_index(source_words, 3, word);
	size_t place = ups_place(f, w->argv[first]);
	struct feed_ups *u;
	unsigned long session;

	if (place == f->nupses)
		return FEED_BROKEN;
	u = change->ups = f->upses[place];
	if (source >= 0) {
		if (u->source == (enum feed_source)source)
			return FEED_NOTHING;
		u->source = (enum feed_source)source;
		return FEED_SOURCE;
	}
	if (strcmp(word, "LOGIN") == 0)
		return nargs == 3 ? apply_login(u, args) : FEED_BROKEN;
	if (strcmp(word, "LOGOUT") == 0) {
		if (nargs != 1 || !number(args[0], &session))
			return FEED_BROKEN;
		return feed_login_del(u, session) ? FEED_LOGINS : FEED_NOTHING;
	}
	if (strcmp(word, "READER") == 0)
		return nargs == 2 ? apply_reader(u, args) : FEED_BROKEN;
	if (strcmp(word, "NOREADER") == 0)
		return nargs == 1 ? apply_noreader(u, args) : FEED_BROKEN;
	if (strcmp(word, "VIEW") == 0)
		return nargs == 2 ? apply_view(u, args, change) : FEED_BROKEN;
	if (strcmp(word, "DEED") == 0)
		return apply_deed(f, args, nargs);
	if (strcmp(word, "GONE") == 0)
		return apply_gone(f, place, change);
	return apply_dline(u, w, first + 1, change);
}

/* A line that begins with "UPS" or with the name of one. */
static enum feed_kind
apply_any(struct feed *f, const struct words *w, int first, struct feed_change *change)
{
	if (w->argc == first + 3 && w->quoted[first + 2] &&
	    strcmp(w->argv[first], "UPS") == 0)
		return apply_ups(f, w, first, change);
	if (w->argc < first + 2)
		return FEED_BROKEN;
	if (!w->quoted[first] && strcmp(w->argv[first], "*") == 0)
		return apply_house(f, w, first, change);
	return apply_to_ups(f, w, first, change);
}

/* Between BEGIN and END: lines without numbers. */
static enum feed_kind
apply_inside(struct feed *f, const struct words *w, struct feed_change *change)
{
	unsigned long n;

	if (w->argc == 2 && strcmp(w->argv[0], "END") == 0 && number(w->argv[1], &n)) {
		if (n != f->number)
			return FEED_BROKEN;
		f->inside = false;
		f->whole = true;
		return FEED_SNAPSHOT;
	}
	return apply_any(f, w, 0, change) == FEED_BROKEN ? FEED_BROKEN : FEED_NOTHING;
}

/* Outside: BEGIN, or a change that carries the next number. */
static enum feed_kind
apply_outside(struct feed *f, const struct words *w, struct feed_change *change)
{
	unsigned long n;

	if (w->argc == 2 && strcmp(w->argv[0], "BEGIN") == 0 && number(w->argv[1], &n)) {
		feed_clear(f);
		f->inside = true;
		f->number = n;
		return FEED_NOTHING;
	}
	if (!f->whole || w->argc == 0 || !number(w->argv[0], &n) || n != f->number + 1)
		return FEED_BROKEN;
	f->number = n;
	return apply_any(f, w, 1, change);
}

struct feed_change
feed_apply(struct feed *f, const char *line, size_t len)
{
	struct feed_change change = {.kind = FEED_BROKEN};
	struct words w;
	const char *why;

	if (words_split(&w, WORDS_PROTOCOL, line, len, &why) < 0)
		return change;
	change.kind =
	    f->inside ? apply_inside(f, &w, &change) : apply_outside(f, &w, &change);
	if (change.kind == FEED_BROKEN || change.kind == FEED_NOTHING)
		change.ups = NULL;
	return change;
}

static void
snapshot_ups(struct buf *out, const struct feed_ups *u)
{
	char *prefix = xasprintf("%s ", u->name);

	buf_printf(out, "UPS %s ", u->name);
	buf_quoted(out, u->desc);
	buf_puts(out, "\n");
	dline_diff(out, prefix, NULL, u->state);
	buf_printf(out, "%s%s\n", prefix, source_words[u->source]);
	for (size_t i = 0; i < u->nlogins; i++) {
		buf_printf(out, "%sLOGIN %lu", prefix, u->logins[i].session);
		feed_word(out, u->logins[i].address);
		feed_word(out, u->logins[i].account);
		buf_puts(out, "\n");
	}
	for (size_t i = 0; i < u->nreaders; i++) {
		buf_printf(out, "%sREADER", prefix);
		feed_word(out, u->readers[i].address);
		feed_word(out, u->readers[i].kind);
		buf_puts(out, "\n");
	}
	buf_puts(out, prefix);
	feed_view_line(out, "*", u->view);
	buf_puts(out, "\n");
	for (size_t i = 0; i < u->nfaces; i++) {
		buf_puts(out, prefix);
		feed_view_line(out, u->faces[i].machine, u->faces[i].view);
		buf_puts(out, "\n");
	}
	free(prefix);
}

void
feed_snapshot(struct buf *out, const struct feed *f)
{
	buf_printf(out, "BEGIN %lu\n", f->number);
	for (size_t i = 0; i < f->nupses; i++)
		snapshot_ups(out, f->upses[i]);
	for (size_t i = 0; i < f->nmachines; i++) {
		const struct feed_machine *m = &f->machines[i];

		buf_puts(out, "* ");
		feed_machine_line(out, m->name, m->stand, m->why);
		buf_puts(out, "\n");
	}
	buf_printf(out, "END %lu\n", f->number);
}
