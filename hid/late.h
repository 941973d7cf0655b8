/* SPDX-License-Identifier: ISC */
#ifndef HID_LATE_H
#define HID_LATE_H

#include "hid/options.h"

#define LATE_FIND_MS 4000 /* a device that is not there by then is gone */
#define LATE_ALL_MS 14000 /* the whole run, whatever the device does */

/* Exit statuses of `hid -k`. */
enum late_status {
	LATE_OFF,     /* the output goes off */
	LATE_NOT,     /* nothing is cut: no device, or it takes no command */
	LATE_IGNORED, /* a command was taken, but the timer does not count */
	LATE_COUNTS,  /* the output goes off later, as was ordered before */
};

/*
 * `hid -k`: finds the device of a section, tells it to cut its output, reads its timer
 * back and says what it found, in one self-contained run (docs/outage.md, 6.2): no other
 * process of ours, no writable file, no network, at most LATE_ALL_MS. What does not go as
 * it should is said in the kernel's log too, which is all that is left by then.
 */
enum late_status late_cut(const struct options *o);

/* `hid -m`: asks the device whether the mains is there, in one run of the same kind. An
 * exit status: 0 it is, 1 it is away, 2 nobody knows. */
int late_mains(const struct options *o);

#endif
