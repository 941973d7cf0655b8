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

struct hidups;

/* What a converter is told: a number in a report, and the device that it is of, for whom
 * one number is not enough: map_other(), map_device(). */
struct map_in {
	const struct hidups *ups;
	const struct hid_field *field;
	int64_t raw;  /* as it stands in the report */
	double value; /* as descriptor and fixes mean it */
};

/* Turns a value into text; false when it means "not known" or "not set". */
typedef bool map_text(char *out, size_t size, const struct map_in *in);

/* The way back: text to the raw number; false when the text is not allowed. */
typedef bool map_raw(const char *text, int64_t *raw);

enum map_flag {
	MAP_MOVES = 1 << 0,  /* read at every poll */
	MAP_RW = 1 << 1,     /* SET VAR writes it */
	MAP_STRING = 1 << 2, /* the raw value is the index of a USB string */
	MAP_ONLY = 1 << 3,   /* no row below counts for this name, known or not */
	MAP_ACTS = 1 << 4,   /* what is written does something, it need not stay */
};

struct map_row {
	const char *name; /* NUT's variable, "outlet.#.status" for each numbered outlet,
			     or ".": for the others' converters; NULL ends */
	const char *path; /* NULL: there is no field, `fixed` is what is known */
	unsigned flags;
	int decimals;                 /* of a plain number */
	const char *fixed;            /* what every device of this maker has */
	const struct map_word *words; /* or: a word for each raw value */
	map_text *text;               /* or: converters (dates, temperature) */
	map_raw *raw;
	long min, max;  /* of a number that may be set, besides the field's own range */
	uint8_t report; /* only a field of this report; 0: the first that has the path */
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

/* A vendor's own status field; `mask` picks bits. The flag is raised when one of them is
 * set or, where `equals` is not 0, when they are exactly that or, where `among` is not 0,
 * when the number is one of a set: bit n of `among` stands for n. */
struct map_status {
	const char *path; /* NULL ends a table */
	enum status_flag flag;
	uint32_t mask;
	bool clear; /* … or rather when not */
	int rank;
	uint32_t equals, among;
	bool raises;       /* it can only raise the flag: not to raise it says nothing */
	const char *given; /* it counts only while this field is known and not 0 */
};

/*
 * A quirk of numbers: what the descriptor says of a field is multiplied by `factor`, and
 * what is written to it divided. The first that fits the field and, at each reading, its
 * value counts. `why` is the reason and its source, in one sentence: `holdup probe` says
 * it.
 */
struct map_fix {
	/* "*.Voltage": each that ends so; "*": all; NULL ends a table. */
	const char *path;
	double factor;
	const char *why;
	int product;      /* 0: any */
	uint32_t unit;    /* only where the descriptor says this unit and */
	int exponent;     /* … this exponent; 0: whatever it says */
	double low, high; /* only for what the descriptor makes of it, low <= x < high; */
	bool (*when)(const struct map_in *in); /* … and only then; NULL: always */
};

/* A report that must not be asked for: the device would fall over. */
struct map_never {
	int product; /* 0: any; -1 ends a table */
	uint8_t id;
};

/* Who the device says it is: trimmed strings, changed in place by a maker's own ways. */
struct map_names {
	char mfr[128], model[128], serial[128], firmware[128], firmware_aux[128];
};
typedef void map_rename(struct map_names *n, const struct hidups *u);

/* The number that a field takes for so many seconds; false when it cannot. */
typedef bool map_order(const struct map_in *in, long seconds, int64_t *raw);

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
	map_order
	    *order; /* seconds as this maker codes them, in place of the descriptor */
	bool stays; /* the field says `value` from then on, or the command was in vain */
};

struct map {
	const struct map *below; /* whose rows, status, commands and fixes come next; the
				    generic ones come last in any case */
	const char *name;        /* as driver.version.data says it */
	const char *vendor;      /* ups.mfr where the device gives none */
	const char *chemistry;   /* battery.type where its string cannot be read */
	const struct map_row *rows; /* any of the tables may be NULL */
	const struct map_status *status;
	const struct map_cmd *cmds;
	const struct map_fix *fixes;
	const struct map_never *never;
	map_rename *rename; /* asked whenever the variables are made; may be NULL */
	unsigned gap_ms;    /* between two requests: it must not be asked faster */
	bool polled;   /* what it says by itself is something else: it is only asked */
	bool own_cmds; /* the generic commands do nothing on it */
	bool told;     /* it does not answer: what it says by itself is all there is */
	bool mute;     /* to ask it for strings by their index breaks it: never done */
	long offdelay, ondelay; /* seconds, where ups.conf is silent; 0: 20 and 30 */
};

extern const struct map map_outlets; /* of all devices, below the generic rows */
extern const struct map map_generic, map_apc, map_apc_bx, map_apc_smart, map_cps, map_mge,
    map_phoenixtec, map_legrand, map_keor_dk, map_salicru, map_ecoflow, map_liebert,
    map_minuteman;
extern const struct map map_tripplite, map_tripplite_mute, map_hp, map_delta;
extern const struct map map_belkin, map_gxt5, map_powercom, map_powercom_old;
extern const struct map map_idowell, map_ever, map_powervar, map_openups, map_arduino;
extern const struct map_word map_beeper[];
extern const struct map_place map_places[];
extern const struct map_status_usage map_status_usages[];

/* The table for a device; never NULL. Ids that several makers share are told apart by what
 * the descriptor has. */
struct hidups_ident;
const struct map *map_find(const struct hid_desc *desc, const struct hidups_ident *ident);

/* Another number of the same device, fixes included, by its path; false when it is not
 * known, or no row names it (one with the name "." does). */
bool map_other(const struct hidups *u, const char *path, double *value);

/* Another variable of it as text, by the rows of its tables; false when not known. */
bool map_variable(const struct hidups *u, const char *name, char *out, size_t size);

/* A feature report as last read, without its id; NULL when it was not. */
const uint8_t *map_report(const struct hidups *u, uint8_t id, size_t *len);

/* What ups.conf says of it. */
const struct hidups_options *map_options(const struct hidups *u);

/* Its ids and strings as the bus gave them. */
const struct hidups_ident *map_device(const struct hidups *u);

/* Text of a USB string by index; NULL when it is not known (yet). Rows with MAP_STRING
 * make it be asked for. */
const char *map_string(const struct hidups *u, int64_t index);

/* Takes the serial number from PowerSummary where USB has none. For `rename`; a row with
 * the name "." has to ask for UPS.PowerSummary.iSerialNumber. */
map_rename map_own_serial;

/* Converters that several tables use. */
map_text map_date;        /* the packed ManufacturerDate, as 2004/07/03 */
map_text map_date_unset;  /* "not set", as NUT has it, for a date of 0 and that alone */
map_raw map_date_raw;     /* ... and back; 1980 to 2107 */
map_text map_charge;      /* percent, at most 100 where they are computed */
map_text map_temperature; /* kelvin, fahrenheit or celsius by the unit, as "29.2" */
map_text map_timer;       /* seconds; "-1" for one that is idle with all bits set */

/* Reads YYYY/MM/DD into year, month, day; false when it is none of these years. */
bool map_date_parse(
    const char *text, unsigned first, unsigned last, unsigned date[static 3]);

/* True for what a timer reads that does not run: below zero, or all bits set. */
bool map_idle(const struct hid_field *f, int64_t raw);

/* Copies `len` bytes of text without blanks at either end. */
void map_trim(char *out, size_t size, const char *text, size_t len);

/* A number as text, without the sign of a zero that rounding left. */
void map_number(char *out, size_t size, int decimals, double value);

/* The quirk that counts for a number, whose `value` is what the descriptor makes of it;
 * NULL for none. `path` is the field's, as hid_usage_path() writes it. */
const struct map_fix *map_fix(
    const struct map *m, const char *path, const struct map_in *in);

/* A row's value as text; false when it has none. Strings are not its business. */
bool map_row_text(
    const struct map_row *row, const struct map_in *in, char *out, size_t size);

#endif
