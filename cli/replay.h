/* SPDX-License-Identifier: ISC */
#ifndef CLI_REPLAY_H
#define CLI_REPLAY_H

#include <stdbool.h>
#include <stddef.h>

#include "hid/desc.h"
#include "lib/buf.h"
#include "lib/recording.h"
#include "lib/state.h"

/* What a recording of a device says, field by field or as NUT's variables. Pure. */

/* Shortest decimal text that reads back as the same number: "13.58", "100". At least 32
 * bytes of `size`. Returns `out`. */
char *replay_number(char *out, size_t size, double value);

/*
 * The physical value that a field has in the recording: from the last report of its type
 * and id that is long enough. An input field may also take it from a recorded feature
 * report of the same id, when the descriptor declares the same field there. False when
 * no report holds it.
 */
bool replay_value(const struct hid_desc *d, const struct recording *r,
    const struct hid_field *f, double *value);

/* The field's usages, "00840004.00840024.00850066". The caller frees. */
char *replay_usages(const struct hid_field *f);

/* One line per input and feature field, in descriptor order: "feature|input REPORT_ID
 * BIT_OFFSET BIT_SIZE USAGES VALUE PATH". */
void replay_fields(struct buf *out, const struct hid_desc *d, const struct recording *r);

/* Gives all its reports to a device that is decoded. */
void replay_reports(struct hidups *u, const struct recording *r);

/* The device with all that the recording knows of it: reports and strings. The caller
 * frees with hidups_free(). */
struct hidups *replay_device(const struct hid_desc *d, const struct recording *r);

/* What may be ordered and set, one a line: "cmd NAME BYTES", and "rw NAME KIND BYTES" with
 * "range MIN MAX", "enum \"VALUE\" ...", "string LENGTH" or "number" for KIND. BYTES is what
 * the device would get, a setting as it stands: the reports in hex, joined by commas, "-"
 * for none. `vars` are the device's. */
void replay_commands(struct buf *out, struct hidups *u, const struct state *vars);

/* The quirks in use, one a line: "PATH FACTOR WHY". */
void replay_quirks(struct buf *out, const struct hidups *u);

#endif
