/* SPDX-License-Identifier: ISC */
#ifndef HID_MAP_H
#define HID_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hid/desc.h"
#include "hid/status.h"

/*
 * The tables between HID usages and NUT's names, all constant data. A new vendor is one
 * new file map_VENDOR.c with a `struct map` and one row in map.c. Paths are written as
 * hid_usage_parse() reads them. Of several rows for one name the first whose value is
 * known counts; the vendor's rows stand before the generic ones.
 */

/* A text for a raw value; a list ends with text NULL. */
struct map_word {
	int64_t raw;
	const char *text;
};

/* Turns a value into text; false when it means "not known" or "not set". `raw` is the
 * number in the report, `value` the scaled one. */
typedef bool map_text(
    char *out, size_t size, const struct hid_field *f, int64_t raw, double value);

/* The way back: text to the raw number; false when the text is not allowed. */
typedef bool map_raw(const char *text, int64_t *raw);

enum map_flag {
	MAP_MOVES = 1 << 0,  /* read at every poll */
	MAP_RW = 1 << 1,     /* SET VAR writes it */
	MAP_STRING = 1 << 2, /* the raw value is the index of a USB string */
};

struct map_row {
	const char *name; /* NUT's variable; NULL ends a table */
	const char *path;
	unsigned flags;
	int decimals;                 /* of a plain number */
	const struct map_word *words; /* or: a word for each raw value */
	map_text *text;               /* or: converters (dates, temperature) */
	map_raw *raw;
	long min, max; /* of a number that may be set, besides the field's own range */
};

/* Where status flags stand. The flag of a lower rank is asked first; within a rank the
 * newest report counts. A place is the path without the field's own usage. */
struct map_place {
	const char *path; /* NULL ends a table */
	int rank;
};

struct map_status_usage {
	const char *usage; /* NULL ends a table */
	enum status_flag flag;
	bool clear; /* the flag is raised by 0 instead of by anything else */
};

/* A vendor's own status field; `mask` picks bits. */
struct map_status {
	const char *path; /* NULL ends a table */
	enum status_flag flag;
	uint32_t mask;
	bool clear;
	int rank;
};

enum map_arg {
	MAP_RAW,      /* write `value` as it is (-1: the idle value of timers) */
	MAP_SECONDS,  /* write the command's own argument, else `value`, in seconds */
	MAP_OFFDELAY, /* the same with ups.delay.shutdown as default */
	MAP_ONDELAY,  /* the same with ups.delay.start as default */
};

/* An instant command that writes one field; the first row whose field exists counts. */
struct map_cmd {
	const char *name; /* NULL ends a table */
	const char *path;
	enum map_arg arg;
	int64_t value;
};

struct map {
	const char *name;           /* as driver.version.data says it */
	const char *vendor;         /* ups.mfr where the device gives none */
	const char *chemistry;      /* battery.type where its string cannot be read */
	const struct map_row *rows; /* any of the tables may be NULL */
	const struct map_status *status;
	const struct map_cmd *cmds;
	bool tenths;           /* quirk: see map_tenths.c */
	bool firmware_in_name; /* product string "Model FW:firmware USB FW:aux" */
};

extern const struct map map_generic, map_apc, map_legrand, map_liebert, map_minuteman;
extern const struct map_place map_places[];
extern const struct map_status_usage map_status_usages[];

/* The table for a device; never NULL. */
const struct map *map_find(uint16_t vendor, uint16_t product);

/* Converters that several tables use. */
map_text map_date;        /* the packed ManufacturerDate, as 2004/07/03 */
map_text map_temperature; /* kelvin, fahrenheit or celsius by the unit, as "29.2" */
map_text map_timer;       /* seconds; "-1" for one that is idle with all bits set */

/* True for what a timer reads that does not run: below zero, or all bits set. */
bool map_idle(const struct hid_field *f, int64_t raw);

/* The value of a field as the vendor means it: hid_report_scale() and the quirks. */
double map_scale(const struct map *m, const struct hid_field *f, int64_t raw);

/* A row's value as text; false when it has none. Strings are not its business. */
bool map_row_text(const struct map *m, const struct map_row *row,
    const struct hid_field *f, int64_t raw, char *out, size_t size);

#endif
