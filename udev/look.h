/* SPDX-License-Identifier: ISC */
#ifndef UDEV_LOOK_H
#define UDEV_LOOK_H

#include <stddef.h>

/* What hangs on one USB device at most; what has more cannot be told. */
#define LOOK_INTERFACES_MAX 32 /* the kernel's USB_MAXINTERFACES */
#define LOOK_HIDS_MAX 8        /* HID devices on one of them; usbhid makes one */

enum look {
	LOOK_OTHER,  /* no UPS */
	LOOK_UPS,    /* a UPS and nothing that is anybody else's */
	LOOK_SHARED, /* no UPS alone: its USB device has one, on another interface */
};

/*
 * Is a device of sysfs a UPS? `folder` is that of a hidraw node or of a USB device.
 *  - A hidraw node is judged by the report descriptor of its HID device.
 *  - A USB device is judged by those of all its interfaces. Who holds its node can read any
 *    of them, so beside an input device, or one that cannot be told, a UPS is LOOK_SHARED.
 *
 * The judge is hid_desc_is_power(). Reads files `report_descriptor` and names of folders,
 * nothing else. `cause` says what could not be read or parsed ("" when all could); a device
 * that goes meanwhile is LOOK_OTHER.
 */
enum look look_at(const char *folder, char *cause, size_t size);

#endif
