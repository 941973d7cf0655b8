/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hid/hidups_in.h"

/*
 * Which reports a round asks for. Each is a way to the device and back, every two seconds
 * for years: of what says the same twice only what counts is read in the quick rounds.
 */

/* Marks the report of a feature. */
static void
ask(bool *wanted, const struct hid_field *f)
{
	if (f != NULL && f->type == HID_FEATURE)
		wanted[f->report_id] = true;
}

/* The rows of a variable down to the one that it has its value from. */
static void
ask_rows(const struct hidups *u, bool *wanted)
{
	for (size_t i = 0; i < u->nrows; i++) {
		const struct bound_row *b = &u->rows[i], *shown = NULL;

		if (!(b->row->flags & MAP_MOVES))
			continue;
		if (b->row->name[0] != '.')
			shown = hidups_shown(u, b->row->name);
		if (shown == NULL || b <= shown)
			ask(wanted, b->feature);
	}
}

/* True when a flag is told in a place that is asked before this one, whatever this says. */
static bool
is_overruled(const struct hidups *u, const struct bound_status *b)
{
	bool raised;

	for (size_t i = 0; i < u->nstatus; i++) {
		const struct bound_status *other = &u->status[i];

		if (other->row.flag == b->row.flag && other->row.rank < b->row.rank &&
		    !other->row.raises && hidups_speaks(u, other, &raised))
			return true;
	}
	return false;
}

static void
ask_flags(const struct hidups *u, bool *wanted)
{
	for (size_t i = 0; i < u->nstatus; i++) {
		const struct bound_status *b = &u->status[i];

		ask(wanted, b->given);
		if (!is_overruled(u, b))
			ask(wanted, b->field);
	}
}

/* Everything that a table names. */
static void
ask_all(const struct hidups *u, bool *wanted)
{
	for (size_t i = 0; i < u->desc->nfields; i++)
		if (u->slots[i].mapped)
			ask(wanted, &u->desc->fields[i]);
}

size_t
hidups_polls(const struct hidups *u, bool all, uint8_t ids[static 256])
{
	bool wanted[256] = {false};
	size_t n = 0;

	if (all) {
		ask_all(u, wanted);
	} else {
		ask_rows(u, wanted);
		ask_flags(u, wanted);
	}
	for (unsigned id = 0; id < 256; id++)
		if (wanted[id] && hidups_may_ask(u, (uint8_t)id))
			ids[n++] = (uint8_t)id;
	return n;
}
