/* SPDX-License-Identifier: ISC */
#ifndef LIB_NOTIFY_H
#define LIB_NOTIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/conf_upsmon.h"

/*
 * The notify table: one row for each MONITOR line and notify type. core says a row's
 * number, run executes the row; both compute it from the same upsmon.conf, so what a shell
 * is given comes from that file. The one exception is what a UPS says in words, for ALARM
 * (ups.alarm) and OTHER (the words of ups.status that nobody knows): it travels, is made
 * harmless here, and is a part of the message, never of a command. Pure.
 */

#define NOTIFY_EXTRA_MAX \
	256 /* bytes of what a UPS says, with NUL: as long as a value of NUT */

/* "ONBATT" for NOTIFY_ONBATT, as NOTIFYTYPE has it / the type of a name, or -1. */
const char *notify_name(enum notify_type type);
int notify_type(const char *name);

/* True for what concerns the whole machine, not one UPS: SHUTDOWN and its like. */
bool notify_whole(enum notify_type type);

struct notify_row {
	enum notify_type type;
	unsigned flags; /* of enum notify_flag */
	char ups[256];  /* "qnapups@localhost", as the MONITOR line has it: UPSNAME */
	char text[512]; /* the message for people */
};

/* The row's number for a MONITOR line (index) and a type. */
uint32_t notify_row_number(size_t monitor, enum notify_type type);

/*
 * Fills in a row; 0, or -1 when the table has no such row. What concerns the whole machine
 * belongs to monitor 0, and its message names no UPS. In a message %s is the UPS; in one of
 * ALARM and OTHER each further %s is `extra` (NULL or empty: "n/a"), in which whatever is
 * not printable ASCII, or means something to sh(1) between double quotes, is a "?".
 */
int notify_row(const struct upsmon_conf *c, uint32_t number, const char *extra,
    struct notify_row *row);

#endif
