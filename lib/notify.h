/* SPDX-License-Identifier: ISC */
#ifndef LIB_NOTIFY_H
#define LIB_NOTIFY_H

#include <stddef.h>
#include <stdint.h>

#include "lib/conf_upsmon.h"

/*
 * The notify table: one row for each MONITOR line and notify type. core says a row's
 * number, run executes the row; both compute it from the same upsmon.conf, so no text
 * travels from core to a shell. Pure.
 */

/* "ONBATT" for NOTIFY_ONBATT, as NOTIFYTYPE has it / the type of a name, or -1. */
const char *notify_name(enum notify_type type);
int notify_type(const char *name);

struct notify_row {
	enum notify_type type;
	unsigned flags; /* of enum notify_flag */
	char ups[256];  /* "qnapups@localhost", as the MONITOR line has it: UPSNAME */
	char text[512]; /* the message for people */
};

/* The row's number for a MONITOR line (index) and a type. */
uint32_t notify_row_number(size_t monitor, enum notify_type type);

/* Fills in a row; 0, or -1 when the table has no such row. SHUTDOWN concerns the whole
 * machine: it belongs to monitor 0, and its message names no UPS. */
int notify_row(const struct upsmon_conf *c, uint32_t number, struct notify_row *row);

#endif
