/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "lib/conf.h"
#include "lib/xmem.h"
#include "setup/undo.h"

#define ACTIVE "active"
#define INACTIVE "inactive"

void
undo_add_file(struct buf *text, const char *path, const char *copy)
{
	buf_puts(text, "file ");
	buf_quoted(text, path);
	buf_puts(text, " ");
	buf_quoted(text, copy == NULL ? "" : copy);
	buf_puts(text, "\n");
}

void
undo_add_unit(struct buf *text, const struct unit *unit)
{
	buf_puts(text, "unit ");
	buf_quoted(text, unit->name);
	buf_puts(text, " ");
	buf_quoted(text, unit->state);
	buf_printf(text, " %s\n", unit->active ? ACTIVE : INACTIVE);
}

void
undo_add_back(struct buf *text)
{
	buf_puts(text, "back\n");
}

/* What setup writes behind that has other copies, and these count. */
static void
forget_files(struct undo *u)
{
	for (size_t i = 0; i < u->nfiles; i++) {
		free(u->files[i].path);
		free(u->files[i].copy);
	}
	free(u->files);
	u->files = NULL;
	u->nfiles = 0;
}

static void
take_file(struct undo *u, const struct words *w)
{
	const char *path = w->argv[1], *copy = w->argv[2];

	for (size_t i = 0; i < u->nfiles; i++)
		if (strcmp(u->files[i].path, path) == 0)
			return;
	if (path[0] != '/' || (copy[0] != '/' && copy[0] != '\0'))
		return;
	u->files = xreallocarray(u->files, u->nfiles + 1, sizeof(*u->files));
	u->files[u->nfiles++] = (struct undo_file){
	    .path = xstrdup(path), .copy = copy[0] == '\0' ? NULL : xstrdup(copy)};
}

static void
take_unit(struct undo *u, const struct words *w)
{
	struct units *all = &u->units;
	enum unit_side side;

	if (units_find(all, w->argv[1]) != NULL || unit_side(w->argv[1], &side) != 0)
		return;
	all->list = xreallocarray(all->list, all->count + 1, sizeof(*all->list));
	all->list[all->count++] = (struct unit){.side = side,
	    .name = xstrdup(w->argv[1]),
	    .state = xstrdup(w->argv[2]),
	    .active = strcmp(w->argv[3], ACTIVE) == 0};
}

static void
take_line(void *arg, const struct conf_line *line)
{
	const struct words *w = line->words;

	if (w == NULL)
		return;
	if (w->argc == 3 && strcmp(w->argv[0], "file") == 0)
		take_file(arg, w);
	else if (w->argc == 4 && strcmp(w->argv[0], "unit") == 0)
		take_unit(arg, w);
	else if (w->argc == 1 && strcmp(w->argv[0], "back") == 0)
		forget_files(arg);
}

void
undo_read(struct undo *u, const char *text, size_t len)
{
	struct problems problems = {0};

	*u = (struct undo){0};
	/* A line without its end was not written as a whole. */
	while (len > 0 && text[len - 1] != '\n')
		len--;
	conf_walk("setup.undo", text, len, &problems, take_line, u);
	problems_free(&problems);
}

void
undo_free(struct undo *u)
{
	forget_files(u);
	units_free(&u->units);
	*u = (struct undo){0};
}
