/* SPDX-License-Identifier: ISC */
#ifndef HID_HIDUPS_IN_H
#define HID_HIDUPS_IN_H

#include "hid/hidups.h"
#include "hid/map.h"

/*
 * What hidups.c (reports in), hidups_vars.c (variables out), hidups_write.c (commands and
 * settings) and hidups_delay.c (the countdown to the cut) share; nobody else's business.
 */

#define DELAY_MAX 7200 /* seconds, of ups.delay.* */

/* The last value of one field of the descriptor. */
struct slot {
	bool known;
	bool mapped; /* some table wants it */
	int64_t raw;
	unsigned long seq; /* when it came; the highest is the newest */
	char *path;        /* for the maker's fixes; NULL where there are none */
};

/* A row of a map whose field the device has, as feature, input or both. */
struct bound_row {
	const struct map_row *row;
	const struct hid_field *feature, *input; /* one may be NULL */
	size_t lead; /* index of the first bound row with the same name */
};

struct bound_status {
	const struct hid_field *field;
	const struct hid_field *given; /* NULL: it counts in any case */
	struct map_status row;
};

struct bound_cmd {
	const struct map_cmd *cmd;
	const struct hid_field *field;
};

struct hidups {
	const struct hid_desc *desc;
	const struct map *map;
	struct slot *slots; /* one per field of `desc` */
	unsigned long seq;

	struct bound_row *rows;
	size_t nrows;
	struct bound_status *status;
	size_t nstatus;
	struct bound_cmd *cmds; /* several with one name: the first counts */
	size_t ncmds;
	void **made; /* rows and commands of numbered outlets */
	size_t nmade;

	uint8_t *features[256]; /* as last read, without the id byte */
	size_t feature_len[256];
	char *strings[256]; /* USB strings by index, NULL until answered */

	struct hidups_ident ident;

	struct hidups_options options;
	struct {
		uint64_t now_ms;
		uint64_t low_ms, replace_ms; /* LB, RB wait since; 0: they do not stand */
		uint64_t remark_ms;          /* the last remark; 0: none yet */
		double remark_charge;        /* ... and the charge at it */
	} shape;

	long offdelay, ondelay; /* ups.delay.shutdown, ups.delay.start; seconds */
	long cap;               /* seconds that the device was seen to cap at, or -1 */
};

/* hidups_outlet.c: the outlets that the descriptor numbers beyond Outlet.[1]; true for a
 * name of a table with # in the place of their number; its row or command for one of them,
 * 1 for Outlet.[2], freed with free(). */
unsigned hidups_outlets(const struct hid_desc *d);
bool hidups_outlet_is(const char *name);
struct map_row *hidups_outlet_row(const struct map_row *row, unsigned n);
struct map_cmd *hidups_outlet_cmd(const struct map_cmd *cmd, unsigned n);

/* The slot of a field; NULL for NULL. */
const struct slot *hidups_slot(const struct hidups *u, const struct hid_field *f);

/* The newer of a row's two fields; NULL when neither is known. */
const struct hid_field *hidups_newest(const struct hidups *u, const struct bound_row *b);

/* hidups_capacity.c: true for a capacity that may be in percent or not, and what makes
 * percent of it: 1 where it is. */
bool hidups_is_capacity(const struct hid_field *f);
double hidups_percent(const struct hidups *u, const struct hid_field *f);

/* A raw number of a field as descriptor and fixes mean it, capacities in percent; `fix` (may
 * be NULL) is told the fix in use, or NULL. */
double hidups_scale(const struct hidups *u, const struct hid_field *f, int64_t raw,
    const struct map_fix **fix);

/* The way back, for writing. */
int64_t hidups_unscale(const struct hidups *u, const struct hid_field *f, double value);

/* True when a source says something of its flag, and what. */
bool hidups_speaks(const struct hidups *u, const struct bound_status *b, bool *raised);

/* The flags as their sources say: lowest rank first, then the newest. */
struct status hidups_gather(const struct hidups *u);

/* battery.charge as a number; NAN when it is not known. */
double hidups_charge(const struct hidups *u);

/* hidups_shape.c: what ups.conf makes of them. */
void hidups_shape(const struct hidups *u, struct status *st, double charge);

/* The row that a variable has its value from; NULL when it has none. */
const struct bound_row *hidups_shown(const struct hidups *u, const char *name);

/* The first bound command of this name, or NULL. */
const struct bound_cmd *hidups_cmd(const struct hidups *u, const char *name);

/* True when shutdown.return and shutdown.stayoff are made of the two delays. */
bool hidups_has_delays(const struct hidups *u);

/* True when SET VAR may change this row. */
bool hidups_writable(const struct bound_row *b);

/* Reads whole seconds from 0. */
bool hidups_seconds(const char *text, long *seconds);

/* The longest delay that shutdown.return can order; -1 where it orders none: the device
 * has no such command, or cuts after a delay of its own. */
long hidups_offdelay_max(const struct hidups *u);

/* SET of ups.delay.*; HIDUPS_UNKNOWN for another variable. */
enum hidups_answer hidups_set_delay(
    struct hidups *u, const char *var, const char *value, char *cause, size_t size);

/* Smallest and largest value that may be set; false when nothing sensible is known. */
bool hidups_range(
    const struct hidups *u, const struct bound_row *b, long *min, long *max);

#endif
