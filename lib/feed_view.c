/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/feed.h"
#include "lib/xmem.h"

/* What the machines of holdup.conf are in the feed: how each is to see a UPS, and how it
 * stands. */

static const char *const view_words[] = {
    [FEED_VIEW_NONE] = "none",
    [FEED_VIEW_LB] = "lb",
    [FEED_VIEW_FSD] = "fsd",
    [FEED_VIEW_HOLD] = "hold",
    [FEED_VIEW_OLD] = "old",
};
#define VIEWS 5

int
feed_view_named(const char *word)
{
	for (int i = 0; i < VIEWS; i++)
		if (strcmp(view_words[i], word) == 0)
			return i;
	return -1;
}

void
feed_word(struct buf *out, const char *word)
{
	buf_puts(out, " ");
	if (state_name_ok(word))
		buf_puts(out, word);
	else
		buf_quoted(out, word);
}

bool
feed_view_set(struct feed_ups *u, const char *machine, enum feed_view view)
{
	enum feed_view *at = &u->view;
	size_t i = 0;

	if (strcmp(machine, "*") != 0) {
		while (i < u->nfaces && strcmp(u->faces[i].machine, machine) != 0)
			i++;
		if (i == FEED_MACHINES_MAX)
			return false;
		if (i == u->nfaces) {
			u->faces =
			    xreallocarray(u->faces, u->nfaces + 1, sizeof(*u->faces));
			u->faces[u->nfaces++] =
			    (struct feed_face){xstrdup(machine), view};
			u->views++;
			return true;
		}
		at = &u->faces[i].view;
	}
	if (*at == view)
		return false;
	*at = view;
	u->views++;
	return true;
}

enum feed_view
feed_view_of(const struct feed_ups *u, const char *machine)
{
	for (size_t i = 0; machine != NULL && i < u->nfaces; i++)
		if (strcmp(u->faces[i].machine, machine) == 0)
			return u->faces[i].view;
	return u->view;
}

bool
feed_machine_set(struct feed *f, const char *name, const char *stand, const char *why)
{
	struct feed_machine *m;
	size_t i = 0;

	while (i < f->nmachines && strcmp(f->machines[i].name, name) != 0)
		i++;
	if (i == FEED_MACHINES_MAX)
		return false;
	if (i == f->nmachines) {
		f->machines =
		    xreallocarray(f->machines, f->nmachines + 1, sizeof(*f->machines));
		f->machines[f->nmachines++] = (struct feed_machine){0};
	}
	m = &f->machines[i];
	if (m->name != NULL && strcmp(m->stand, stand) == 0 && strcmp(m->why, why) == 0)
		return false;
	free(m->stand);
	free(m->why);
	if (m->name == NULL)
		m->name = xstrdup(name);
	m->stand = xstrdup(stand);
	m->why = xstrdup(why);
	return true;
}

void
feed_view_line(struct buf *out, const char *machine, enum feed_view view)
{
	buf_puts(out, "VIEW");
	if (strcmp(machine, "*") == 0)
		buf_puts(out, " *");
	else
		feed_word(out, machine);
	buf_printf(out, " %s", view_words[view]);
}

void
feed_machine_line(struct buf *out, const char *name, const char *stand, const char *why)
{
	buf_puts(out, "MACHINE");
	feed_word(out, name);
	buf_printf(out, " %s ", stand);
	buf_quoted(out, why);
}

/* The words of a status but LB and FSD. */
static void
hold_status(const char *status, char *out, size_t size)
{
	size_t len = 0;

	*out = '\0';
	while (*(status += strspn(status, " ")) != '\0') {
		size_t word = strcspn(status, " ");

		if ((word != 2 || strncmp(status, "LB", 2) != 0) &&
		    (word != 3 || strncmp(status, "FSD", 3) != 0) &&
		    len + word + 2 <= size)
			len += (size_t)snprintf(&out[len], size - len, "%s%.*s",
			    len > 0 ? " " : "", (int)word, status);
		status += word;
	}
}

const char *
feed_status(const struct feed_ups *u, enum feed_view view, char *out, size_t size)
{
	const char *status = state_get(u->state, "ups.status");

	if (status == NULL)
		return NULL;
	if (view == FEED_VIEW_HOLD)
		hold_status(status, out, size);
	else if (view == FEED_VIEW_FSD && !state_status_has(status, "FSD"))
		snprintf(out, size, *status == '\0' ? "FSD%s" : "FSD %s", status);
	else if (view == FEED_VIEW_LB && !state_status_has(status, "LB"))
		snprintf(out, size, *status == '\0' ? "%sLB" : "%s LB", status);
	else
		snprintf(out, size, "%s", status);
	return out;
}
