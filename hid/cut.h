/* SPDX-License-Identifier: ISC */
#ifndef HID_CUT_H
#define HID_CUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hid/driver.h"
#include "hid/hidups.h"
#include "hid/options.h"

/*
 * The late cut (docs/outage.md, 6): tells a UPS to switch its output off in a moment and
 * to come back with the mains. Pure: the caller sends what cut_ask() wants, one request
 * at a time, and brings the answers.
 *
 * Of the ways that the device's table offers, in the order of options_way(), the first
 * that the device takes is used. Only the reports that it writes are read, before, so that
 * the rest of their bytes stays as it is, and after, for what their timers say. One that
 * counts already and takes no further order is as good. One that counts longer than this
 * order would let it is left alone: core has ordered that for those who need longer to stop
 * (docs/outage.md, 6.1).
 */
struct cut;

/* `desc` stays the caller's and must outlive it, and so do the names of options_way(); of
 * `o`, offdelay and ondelay are used, too. */
struct cut *cut_new(const struct hid_desc *desc, const struct hidups_ident *ident,
    const struct options *o);
void cut_free(struct cut *c);

/* The next request, or false when there is nothing more to do. `ask->data` is valid until
 * the answer. */
bool cut_ask(struct cut *c, struct driver_ask *ask);

/* Its answer: `error` is 0 or an errno value, ETIMEDOUT when none came. */
void cut_answer(struct cut *c, int error, const uint8_t *data, size_t len);

/* Milliseconds to wait before the next request: a timer may show an order late. It is
 * looked at for CUT_PROOF_MS, then it counts or it does not. */
#define CUT_PROOF_MS 2000
#define CUT_WATCH_MS 1200 /* a timer that counts already has moved by then */
unsigned cut_pause(const struct cut *c);

enum cut_outcome {
	CUT_REFUSED, /* no command was taken */
	CUT_OFF,     /* the output goes off: the timer counts, or cannot be read */
	CUT_COUNTS,  /* ... as was ordered before: nothing was written */
	CUT_IGNORED, /* a command was taken, but the timer does not count */
};
enum cut_outcome cut_outcome(const struct cut *c);

/* What came of it, for people, to stand behind "ups NAME": when the output goes off, or
 * why it does not. Valid until cut_free(). */
const char *cut_text(struct cut *c);

#endif
