/* SPDX-License-Identifier: ISC */
#ifndef HID_HIDUPS_H
#define HID_HIDUPS_H

#include "hid/desc.h"
#include "hid/hidups_options.h"
#include "lib/state.h"

/*
 * A HID power device as NUT sees it: reports go in, variables come out, commands become
 * reports. Pure: no descriptor, no clock. The tables are in map_*.c.
 */

struct hidups_ident {
	uint16_t vendor, product, version;
	char manufacturer[128], name[128], serial[128]; /* USB strings, "" when unknown */
};

struct hidups;

/* `desc` must outlive it; `ident` is copied: identity never changes afterwards. */
struct hidups *hidups_new(const struct hid_desc *desc, const struct hidups_ident *ident);
void hidups_free(struct hidups *u);

/* The vendor table in use, as driver.version.data says it ("APC HID"). */
const char *hidups_map_name(const struct hidups *u);

/* Takes a report (id byte first where the device has ids) of any length. Input and
 * feature reports of one id feed the same fields by usage path: the newest value counts.
 * Returns true when a mapped value changed. */
bool hidups_report(
    struct hidups *u, enum hid_type type, const uint8_t *bytes, size_t len);

/* The feature report could not be read: its fields are unknown from now on. */
void hidups_report_failed(struct hidups *u, uint8_t id);

/* What its maker's table knows of the talk: milliseconds from an answer to the next
 * request, 0 where it may be asked at once; true when a feature report may be asked for at
 * all; true when its input reports are no news and it is only asked. */
unsigned hidups_gap_ms(const struct hidups *u);
bool hidups_may_ask(const struct hidups *u, uint8_t id);
bool hidups_polled(const struct hidups *u);

/* Which feature reports to read: those that move (status, charge, runtime, voltages:
 * every poll) or all that are mapped (at the start and every full poll), of those that may
 * be asked for. Fills ids (at most 256), returns their number. */
size_t hidups_polls(const struct hidups *u, bool all, uint8_t ids[static 256]);

/* String indexes that are wanted (battery chemistry …) after the first full poll; answer
 * each with hidups_string(), "" when it cannot be had. */
size_t hidups_strings(const struct hidups *u, uint8_t indexes[static 16]);
void hidups_string(struct hidups *u, uint8_t index, const char *text);

/* Everything into `s`: variables with flags, ranges and enums, and commands. Variables
 * that are not known any more are removed; names of others ("driver.*") are left alone.
 * ups.status, ups.mfr, ups.model, ups.test.result are always there. */
void hidups_vars(const struct hidups *u, struct state *s);

/* A quirk of numbers in use: a field that is known, and whose value is not what the
 * descriptor makes of it; its maker's table says why. */
struct hidups_quirk {
	const char *path; /* as hid_usage_path() writes it */
	double factor;
	const char *why;
};

/* The next one from field `*at` on, 0 to begin with; false when there is none. */
bool hidups_quirk(const struct hidups *u, size_t *at, struct hidups_quirk *q);

/* A feature report to write, id byte first (0 where the device has no ids). */
struct hidups_write {
	uint8_t bytes[1 + HID_REPORT_BITS_MAX / 8];
	size_t len;
	uint8_t id;
};

enum hidups_answer {
	HIDUPS_OK,
	HIDUPS_UNKNOWN, /* this device has no such command or variable */
	HIDUPS_INVALID, /* the value is not allowed: reason in `cause` */
};

/*
 * Turns an instant command (value may be NULL) or a setting into the reports to write, in
 * order; at most HIDUPS_WRITES_MAX. ups.delay.shutdown and ups.delay.start (usbhid-ups:
 * offdelay, ondelay) are held here: setting them writes nothing and changes what the
 * delayed commands write (docs/outage.md, 6.1). Bytes of a report that the command does
 * not concern stay as last read, so poll all reports first.
 */
#define HIDUPS_WRITES_MAX 4
#define HIDUPS_GAP_MS \
	125 /* from one to the next: a Tripp Lite misses what comes sooner */
enum hidups_answer hidups_command(const struct hidups *u, const char *cmd,
    const char *value, struct hidups_write *writes, size_t *nwrites, char *cause,
    size_t size);
enum hidups_answer hidups_set(struct hidups *u, const char *var, const char *value,
    struct hidups_write *writes, size_t *nwrites, char *cause, size_t size);

/* A field of the descriptor for people: report, offset and size in bits, path, value as
 * the descriptor has it ("unknown" where it was not read). Returns `out`. */
char *hidups_field_text(const struct hidups *u, size_t field, char *out, size_t size);

/*
 * After the reports that a command (value NULL) or setting wrote were read again: true when
 * the device has kept what was asked for, or does not say. False, with what it says
 * instead in `cause`, for one that caps or ignores it. Commands that something else comes
 * of, a test or a countdown, are not judged here.
 */
bool hidups_kept(const struct hidups *u, const char *name, const char *value, char *cause,
    size_t size);

/* Takes over what ups.conf says; without it HIDUPS_OPTIONS_NONE. Copied. */
void hidups_options(struct hidups *u, const struct hidups_options *o);

/* It is now, of a clock that never steps: say so at the end of each round of reading and
 * before hidups_vars(). True when time alone has changed the variables. */
bool hidups_clock(struct hidups *u, uint64_t now_ms);

/* Something for people to see in the log, once each time that it is due; false: nothing. */
bool hidups_remark(struct hidups *u, char *out, size_t size);

/* Sets ups.delay.shutdown and ups.delay.start as text of ups.conf has them; NULL, or what
 * is no number of seconds, leaves the default. */
void hidups_delays(struct hidups *u, const char *offdelay, const char *ondelay);

/* Seconds that a command wants the output to stay on before it is cut, with its argument
 * or without (NULL); -1 for one that begins no countdown, or one of the device's own. */
long hidups_asked(const struct hidups *u, const char *cmd, const char *value);

/*
 * What the countdown to the cut is like, after the report of its timer was read again:
 * `left` is the seconds that it shows, -1 where it shows none. An order is obeyed where it
 * counts at least `asked`, less what may pass until it is read. Zero is how some timers
 * are idle: it counts only where no more was asked for.
 */
#define HIDUPS_LAG_S 3
enum hidups_count {
	HIDUPS_COUNTS,
	HIDUPS_SHORT,  /* it counts, but fewer */
	HIDUPS_IDLE,   /* it does not count */
	HIDUPS_UNREAD, /* nobody knows: there is no such timer, or it cannot be read */
};
enum hidups_count hidups_count(const struct hidups *u, long asked, long *left);

/* The device was seen to count no more than that, whatever is ordered: from now on
 * ups.delay.shutdown is no more either. */
void hidups_cap(struct hidups *u, long seconds);

#endif
