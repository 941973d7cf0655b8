/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hid/hidups_in.h"
#include "hid/usages.h"
#include "lib/xmem.h"

#define OUTLET_TEXT_MAX 64

/* A row or a command of one outlet, made of that of all; freed by its first member. */
struct outlet_row {
	struct map_row row;
	char name[OUTLET_TEXT_MAX], path[OUTLET_TEXT_MAX];
};

struct outlet_cmd {
	struct map_cmd cmd;
	char name[OUTLET_TEXT_MAX], path[OUTLET_TEXT_MAX];
};

unsigned
hidups_outlets(const struct hid_desc *d)
{
	uint32_t outlet[3], highest = 1;
	size_t depth = hid_usage_parse("UPS.OutletSystem.Outlet", outlet, 3);

	for (size_t i = 0; i < d->nfields; i++) {
		const uint32_t *u = d->fields[i].usages;

		if (d->fields[i].depth > depth &&
		    memcmp(u, outlet, sizeof(outlet)) == 0 &&
		    u[depth] >> 16 == HID_NUMBERED >> 16 && (u[depth] & 0xffff) > highest)
			highest = u[depth] & 0xffff;
	}
	return highest - 1;
}

bool
hidups_outlet_is(const char *name)
{
	return strchr(name, '#') != NULL;
}

/* The template with its # as a number. */
static void
expand(char out[static OUTLET_TEXT_MAX], const char *text, unsigned n)
{
	size_t head = strcspn(text, "#");

	snprintf(out, OUTLET_TEXT_MAX, "%.*s%u%s", (int)head, text, n, text + head + 1);
}

struct map_row *
hidups_outlet_row(const struct map_row *row, unsigned n)
{
	struct outlet_row *o = xcalloc(1, sizeof(*o));

	expand(o->name, row->name, n);
	expand(o->path, row->path, n + 1);
	o->row = *row;
	o->row.name = o->name;
	o->row.path = o->path;
	return &o->row;
}

struct map_cmd *
hidups_outlet_cmd(const struct map_cmd *cmd, unsigned n)
{
	struct outlet_cmd *o = xcalloc(1, sizeof(*o));

	expand(o->name, cmd->name, n);
	expand(o->path, cmd->path, n + 1);
	o->cmd = *cmd;
	o->cmd.name = o->name;
	o->cmd.path = o->path;
	return &o->cmd;
}
