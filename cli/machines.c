/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "cli/line.h"
#include "cli/machines.h"
#include "lib/xmem.h"

/* MACHINE nas on "after 180 s on battery" */
static void
take(void *arg, const struct words *w)
{
	struct machines *m = arg;

	if (w->argc < 4)
		return;
	m->rows = xreallocarray(m->rows, m->count + 1, sizeof(*m->rows));
	m->rows[m->count++] = (struct machine_row){
	    xstrdup(w->argv[1]), xstrdup(w->argv[2]), xstrdup(w->argv[3])};
}

int
machines_ask(struct client *c, struct machines *m, char *cause, size_t size)
{
	client_arg(c, "LIST");
	client_arg(c, "MACHINE");
	if (client_list(c, take, m, cause, size) < 0 && client_error(c)[0] == '\0')
		return -1;
	return 0;
}

void
machines_free(struct machines *m)
{
	for (size_t i = 0; i < m->count; i++) {
		free(m->rows[i].name);
		free(m->rows[i].stand);
		free(m->rows[i].why);
	}
	free(m->rows);
	*m = (struct machines){0};
}

/* How good it is to stand so. */
static enum line_look
look_of(const char *stand)
{
	if (strcmp(stand, "on") == 0)
		return LINE_GOOD;
	return strcmp(stand, "off") == 0 ? LINE_BAD : LINE_WARN;
}

void
machines_view(struct buf *out, const struct machines *m, const struct view_style *style)
{
	int width = 0;

	for (size_t i = 0; i < m->count; i++)
		if (line_width(m->rows[i].name, style->utf8) > width)
			width = line_width(m->rows[i].name, style->utf8);
	for (size_t i = 0; i < m->count; i++) {
		struct line l = {out, style->columns, style->colour, style->utf8};

		line_printf(&l, LINE_BOLD, "%-*s", width, m->rows[i].name);
		line_text(&l, LINE_PLAIN, "  ");
		line_printf(&l, look_of(m->rows[i].stand), "%-7s", m->rows[i].stand);
		line_printf(&l, LINE_PLAIN, "  %s", m->rows[i].why);
		buf_puts(out, "\n");
	}
}

json_t *
machines_json(const struct machines *m)
{
	json_t *list = json_array();

	for (size_t i = 0; i < m->count; i++)
		json_array_append_new(
		    list, json_pack("{s:s, s:s, s:s}", "name", m->rows[i].name, "stands",
			      m->rows[i].stand, "why", m->rows[i].why));
	return list;
}
