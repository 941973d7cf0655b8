/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hid/hidups.h"
#include "hid/hidups_in.h"
#include "hid/report.h"
#include "hid/usages.h"
#include "lib/xmem.h"

#define PATH_DEPTH (HID_DEPTH_MAX + 1)
#define PATH_CHARS 256 /* no row of a table has a longer path */
#define USAGE_FLOW 0x0084001eu
#define USAGE_OUTLET 0x00840020u
#define OFFDELAY_DEFAULT 20 /* seconds, as usbhid-ups has them */
#define ONDELAY_DEFAULT 30

static size_t
slot_index(const struct hidups *u, const struct hid_field *f)
{
	return (size_t)(f - u->desc->fields);
}

const struct slot *
hidups_slot(const struct hidups *u, const struct hid_field *f)
{
	return f == NULL ? NULL : &u->slots[slot_index(u, f)];
}

/* Notes that a table wants this field. */
static void
want(struct hidups *u, const struct hid_field *f)
{
	if (f == NULL)
		return;
	u->slots[slot_index(u, f)].mapped = true;
}

/* True when a field's path is this one but for collections with the number 1. The numbers
 * of flows and outlets mean something. */
static bool
is_first(const struct hid_field *f, const uint32_t *usages, size_t depth)
{
	size_t n = 0;

	for (size_t i = 0; i < f->depth; i++) {
		if (f->usages[i] == (HID_NUMBERED | 1) && i > 0 &&
		    f->usages[i - 1] != USAGE_FLOW && f->usages[i - 1] != USAGE_OUTLET)
			continue;
		if (n == depth || f->usages[i] != usages[n++])
			return false;
	}
	return n == depth;
}

/* A maker that nobody has heard of may number what there is one of. */
static const struct hid_field *
find(const struct hidups *u, enum hid_type type, const char *path)
{
	uint32_t usages[PATH_DEPTH];
	size_t depth = hid_usage_parse(path, usages, PATH_DEPTH);
	const struct hid_field *f;

	if (depth == 0)
		return NULL;
	f = hid_desc_find(u->desc, type, usages, depth);
	for (size_t i = 0; f == NULL && u->map == &map_generic && i < u->desc->nfields;
	     i++)
		if (u->desc->fields[i].type == type &&
		    is_first(&u->desc->fields[i], usages, depth))
			f = &u->desc->fields[i];
	return f;
}

/* The same in one report alone; `report` 0: in any. */
static const struct hid_field *
find_in(const struct hidups *u, enum hid_type type, const char *path, uint8_t report)
{
	const struct hid_field *f = find(u, type, path);
	const struct hid_field *end = u->desc->fields + u->desc->nfields, *g = f;

	if (report == 0)
		return f;
	for (; g != NULL && g < end; g++)
		if (g->type == type && g->report_id == report && g->depth == f->depth &&
		    memcmp(g->usages, f->usages, f->depth * sizeof(f->usages[0])) == 0)
			return g;
	return NULL;
}

/* A converter may read a report as a whole: any change in it counts. */
static void
want_report(struct hidups *u, uint8_t id)
{
	for (size_t i = 0; i < u->desc->nfields; i++)
		if (u->desc->fields[i].report_id == id)
			u->slots[i].mapped = true;
}

/* False when the device has no use for it. */
static bool
bind_row(struct hidups *u, const struct map_row *row)
{
	struct bound_row b = {.row = row, .lead = u->nrows};
	bool closed = false;

	if (row->path != NULL) {
		b.feature = find_in(u, HID_FEATURE, row->path, row->report);
		b.input = find_in(u, HID_INPUT, row->path, row->report);
	}
	if (b.feature == NULL && b.input == NULL && row->fixed == NULL &&
	    !(row->flags & MAP_ONLY))
		return false;
	for (size_t i = u->nrows; i-- > 0;) {
		if (strcmp(u->rows[i].row->name, row->name) == 0) {
			closed |= u->rows[i].row->flags & MAP_ONLY;
			b.lead = i;
		}
	}
	if (closed)
		return false;
	want(u, b.feature);
	want(u, b.input);
	if (row->report != 0 && row->text != NULL)
		want_report(u, row->report);
	u->rows = xreallocarray(u->rows, u->nrows + 1, sizeof(b));
	u->rows[u->nrows++] = b;
	return true;
}

/* Keeps what was made for this device alone, when it is of use. */
static void
keep_made(struct hidups *u, void *made, bool used)
{
	if (!used) {
		free(made);
		return;
	}
	u->made = xreallocarray(u->made, u->nmade + 1, sizeof(u->made[0]));
	u->made[u->nmade++] = made;
}

static void
bind_rows(struct hidups *u, const struct map_row *rows)
{
	const unsigned outlets = hidups_outlets(u->desc);
	const struct map_row *row;

	for (row = rows; row != NULL && row->name != NULL; row++) {
		if (!hidups_outlet_is(row->name)) {
			bind_row(u, row);
			continue;
		}
		for (unsigned n = 1; n <= outlets; n++) {
			struct map_row *one = hidups_outlet_row(row, n);

			keep_made(u, one, bind_row(u, one));
		}
	}
}

static void
bind_flag(struct hidups *u, const char *path, const struct map_status *row)
{
	static const enum hid_type types[] = {HID_FEATURE, HID_INPUT};
	struct bound_status b = {.row = *row};
	size_t i;

	if (row->given != NULL) {
		b.given = find(u, HID_FEATURE, row->given);
		if (b.given == NULL)
			return;
		want(u, b.given);
	}
	for (i = 0; i < 2; i++) {
		b.field = find(u, types[i], path);
		if (b.field == NULL)
			continue;
		want(u, b.field);
		u->status = xreallocarray(u->status, u->nstatus + 1, sizeof(b));
		u->status[u->nstatus++] = b;
	}
}

/* The usual flags in the usual places. */
static void
bind_places(struct hidups *u)
{
	const struct map_status_usage *usage;
	const struct map_place *place;

	for (place = map_places; place->path != NULL; place++) {
		for (usage = map_status_usages; usage->usage != NULL; usage++) {
			struct map_status row = {.flag = usage->flag,
			    .mask = UINT32_MAX,
			    .clear = usage->clear,
			    .rank = place->rank};
			char path[128];

			snprintf(path, sizeof(path), "%s.%s", place->path, usage->usage);
			bind_flag(u, path, &row);
		}
	}
}

/* True when the field can take what the command writes: data (not constant) and, for a
 * fixed value, within a range that makes sense. -1 is the idle value of every timer. */
static bool
takes(const struct hid_field *f, const struct map_cmd *cmd)
{
	if (f->flags & 1)
		return false;
	if (cmd->arg != MAP_RAW || cmd->value < 0 || f->logical_min >= f->logical_max)
		return true;
	return cmd->value >= f->logical_min && cmd->value <= f->logical_max;
}

static bool
bind_cmd(struct hidups *u, const struct map_cmd *cmd)
{
	struct bound_cmd b = {cmd, find(u, HID_FEATURE, cmd->path)};

	if (b.field == NULL || !takes(b.field, cmd))
		return false;
	want(u, b.field);
	u->cmds = xreallocarray(u->cmds, u->ncmds + 1, sizeof(b));
	u->cmds[u->ncmds++] = b;
	return true;
}

static void
bind_cmds(struct hidups *u, const struct map_cmd *cmds)
{
	const unsigned outlets = hidups_outlets(u->desc);
	const struct map_cmd *cmd;

	for (cmd = cmds; cmd != NULL && cmd->name != NULL; cmd++) {
		if (!hidups_outlet_is(cmd->name)) {
			bind_cmd(u, cmd);
			continue;
		}
		for (unsigned n = 1; n <= outlets; n++) {
			struct map_cmd *one = hidups_outlet_cmd(cmd, n);

			keep_made(u, one, bind_cmd(u, one));
		}
	}
}

static void
bind_map(struct hidups *u, const struct map *m)
{
	bind_rows(u, m->rows);
	bind_cmds(u, m->cmds);
	for (const struct map_status *s = m->status; s != NULL && s->path != NULL; s++)
		bind_flag(u, s->path, s);
}

/* The paths of the mapped fields, where the maker's fixes are found by them. */
static void
name_fields(struct hidups *u)
{
	char path[PATH_CHARS];
	bool fixes = false;

	for (const struct map *m = u->map; m != NULL; m = m->below)
		fixes |= m->fixes != NULL;
	for (size_t i = 0; fixes && i < u->desc->nfields; i++)
		if (u->slots[i].mapped)
			u->slots[i].path = xstrdup(hid_usage_path(path, sizeof(path),
			    u->desc->fields[i].usages, u->desc->fields[i].depth));
}

struct hidups *
hidups_new(const struct hid_desc *desc, const struct hidups_ident *ident)
{
	struct hidups *u = xcalloc(1, sizeof(*u));

	u->desc = desc;
	u->map = map_find(desc, ident);
	u->ident = *ident;
	u->slots = xcalloc(desc->nfields + 1, sizeof(*u->slots));
	u->offdelay = u->map->offdelay != 0 ? u->map->offdelay : OFFDELAY_DEFAULT;
	u->ondelay = u->map->ondelay != 0 ? u->map->ondelay : ONDELAY_DEFAULT;
	u->cap = -1;
	u->options = (struct hidups_options)HIDUPS_OPTIONS_NONE;
	for (const struct map *m = u->map; m != NULL; m = m->below)
		if (m != &map_generic)
			bind_map(u, m);
	bind_rows(u, map_generic.rows);
	bind_rows(u, map_outlets.rows);
	if (!u->map->own_cmds) {
		bind_cmds(u, map_generic.cmds);
		bind_cmds(u, map_outlets.cmds);
	}
	bind_places(u);
	name_fields(u);
	return u;
}

void
hidups_free(struct hidups *u)
{
	size_t i;

	if (u == NULL)
		return;
	for (i = 0; i < 256; i++) {
		free(u->features[i]);
		free(u->strings[i]);
	}
	for (i = 0; i < u->desc->nfields; i++)
		free(u->slots[i].path);
	for (i = 0; i < u->nmade; i++)
		free(u->made[i]);
	free(u->made);
	free(u->slots);
	free(u->rows);
	free(u->status);
	free(u->cmds);
	free(u);
}

const char *
hidups_map_name(const struct hidups *u)
{
	return u->map->name;
}

/* Keeps a feature report: what a later write does not change is sent back as read. */
static void
keep(struct hidups *u, uint8_t id, const uint8_t *bytes, size_t len)
{
	if (len > HID_REPORT_BITS_MAX / 8)
		len = HID_REPORT_BITS_MAX / 8;
	u->features[id] = xrealloc(u->features[id], len + 1);
	memcpy(u->features[id], bytes, len);
	u->feature_len[id] = len;
}

bool
hidups_report(struct hidups *u, enum hid_type type, const uint8_t *bytes, size_t len)
{
	bool changed = false;
	uint8_t id = 0;
	size_t i;

	if (len == 0)
		return false;
	if (u->desc->report_ids) {
		id = *bytes++;
		len--;
	}
	if (type == HID_FEATURE)
		keep(u, id, bytes, len);
	u->seq++;
	for (i = 0; i < u->desc->nfields; i++) {
		const struct hid_field *f = &u->desc->fields[i];
		struct slot *slot = &u->slots[i];
		int64_t raw;

		if (f->type != type || f->report_id != id || !slot->mapped ||
		    !hid_report_get(f, bytes, len, &raw))
			continue;
		changed |= !slot->known || slot->raw != raw;
		slot->known = true;
		slot->raw = raw;
		slot->seq = u->seq;
	}
	return changed;
}

void
hidups_report_failed(struct hidups *u, uint8_t id)
{
	size_t i;

	for (i = 0; i < u->desc->nfields; i++) {
		const struct hid_field *f = &u->desc->fields[i];

		if (f->type == HID_FEATURE && f->report_id == id)
			u->slots[i].known = false;
	}
}

unsigned
hidups_gap_ms(const struct hidups *u)
{
	return u->map->gap_ms;
}

bool
hidups_may_ask(const struct hidups *u, uint8_t id)
{
	if (u->map->told)
		return false;
	for (const struct map_never *n = u->map->never; n != NULL && n->product >= 0; n++)
		if (n->id == id && (n->product == 0 || n->product == u->ident.product))
			return false;
	return true;
}

bool
hidups_polled(const struct hidups *u)
{
	return u->map->polled;
}

size_t
hidups_strings(const struct hidups *u, uint8_t indexes[static 16])
{
	bool listed[256] = {false};
	size_t i, n = 0;

	for (i = 0; i < u->nrows && n < 16 && !u->map->mute; i++) {
		const struct hid_field *f = hidups_newest(u, &u->rows[i]);
		int64_t index;

		if (f == NULL || !(u->rows[i].row->flags & MAP_STRING))
			continue;
		index = hidups_slot(u, f)->raw;
		if (index < 1 || index > 255 || listed[index] ||
		    u->strings[index] != NULL)
			continue;
		listed[index] = true;
		indexes[n++] = (uint8_t)index;
	}
	return n;
}

void
hidups_string(struct hidups *u, uint8_t index, const char *text)
{
	free(u->strings[index]);
	u->strings[index] = xstrdup(text);
}
