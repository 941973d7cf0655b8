/* SPDX-License-Identifier: ISC */
#ifndef SETUP_UNDO_H
#define SETUP_UNDO_H

#include <stddef.h>

#include "lib/buf.h"
#include "setup/units.h"

/*
 * setup.undo: what `holdup setup` has changed on this machine, for `holdup setup --undo`. A
 * line each, on the disk before it is done; setup that runs again adds to it. Of two lines for
 * the same thing the first one counts: it knows how that was before holdup. Pure.
 *
 *	file "/etc/nut/ups.conf" "/etc/nut/ups.conf.before-holdup-2026-11-23-171500"
 *	file "/etc/nut/holdup.conf" ""           there was none
 *	unit "nut-server.service" "enabled" active
 *	back                                     the files above have been given back
 */

struct undo_file {
	char *path;
	char *copy; /* NULL: there was none */
};

struct undo {
	struct undo_file *files;
	size_t nfiles;
	struct units units;
};

/* Append a line. */
void undo_add_file(struct buf *text, const char *path, const char *copy);
void undo_add_unit(struct buf *text, const struct unit *unit);
void undo_add_back(struct buf *text);

/* Reads the lines. One that is damaged is passed over: what was cut off by the power was not
 * done yet. Only files by their full path, and units that unit_side() knows. */
void undo_read(struct undo *u, const char *text, size_t len);
void undo_free(struct undo *u);

#endif
