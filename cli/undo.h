/* SPDX-License-Identifier: ISC */
#ifndef CLI_UNDO_H
#define CLI_UNDO_H

#include "lib/buf.h"
#include "setup/units.h"

/* setup.undo on the disk, and the units that it is about: what takeover.c and takeover_undo.c
 * share. */

#define UNDO_PATTERNS_MAX 8

/* Adds lines (undo_add_file(), undo_add_unit()) to paths_memory("setup.undo"), which are on
 * the disk when it returns. Returns 0, or -1 after a message. */
int undo_keep(struct buf *lines);

/* How the units of unit_patterns[] are now; 0, or -1 when systemctl cannot be run. */
int undo_units(struct units *units);

/* systemctl ACT NAME; 0, or -1. */
int undo_step(enum unit_act act, const char *name);

#endif
