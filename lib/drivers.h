/* SPDX-License-Identifier: ISC */
#ifndef LIB_DRIVERS_H
#define LIB_DRIVERS_H

#include <stddef.h>

/*
 * The values of `driver` in ups.conf: ours, which are programs of holdup, and NUT's,
 * which are programs in a folder of NUT.
 */

/* Our program for a driver ("hid" for usbhid-ups, "dummy" for clone), or NULL: NUT's. */
const char *drivers_own(const char *driver);

/* The path of a driver of NUT: in `folder` (driverpath of ups.conf) unless that is NULL,
 * else where the distributions have them. The caller frees. NULL: nowhere, and `cause`
 * says where it was looked for and how it is had. */
char *drivers_find(const char *driver, const char *folder, char *cause, size_t size);

#endif
