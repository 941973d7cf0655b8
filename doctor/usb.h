/* SPDX-License-Identifier: ISC */
#ifndef DOCTOR_USB_H
#define DOCTOR_USB_H

#include "doctor/facts.h"

/* Adds the HID interfaces on USB for which there is no hidraw node: the kernel did not bind
 * them, or nothing made a node; not those that a program has through usbfs. `sys` is the path
 * of sysfs ("/sys"). */
void usb_unbound(const char *sys, struct facts_devices *f);

#endif
