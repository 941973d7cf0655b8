/* SPDX-License-Identifier: ISC */
#ifndef HID_LATE_H
#define HID_LATE_H

#include "hid/options.h"

#define LATE_FIND_MS 4000   /* a device that is not there by then is gone */
#define LATE_ALL_MS 14000   /* the whole run, whatever the device does */
#define LATE_REPORT_MS 6000 /* one report; the kernel itself gives up after 5 s */

/*
 * `hid -k`: finds the device of a section, tells it to cut its output and says what it
 * found, in one self-contained run (docs/outage.md, 6): no other process of ours, no
 * writable file, no network, at most LATE_ALL_MS. Returns an exit status: 0 once the
 * device has taken the command.
 */
int late_cut(const struct options *o);

#endif
