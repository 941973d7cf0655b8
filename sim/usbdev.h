/* SPDX-License-Identifier: ISC */
#ifndef SIM_USBDEV_H
#define SIM_USBDEV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct link_device;

/*
 * The virtual UPS as a USB device (USB 2.0, chapter 9; HID 1.11, chapters 6 and 7): one
 * configuration, one HID interface, one interrupt endpoint. Full speed, for then an input
 * report of any real device fits one packet. Pure.
 */
#define USBDEV_ENDPOINT 0x81
#define USBDEV_PACKET_MAX 64
#define USBDEV_INTERVAL 10 /* ms between two looks of the host at the endpoint */

/* The eight bytes that begin a control transfer. */
struct usbdev_setup {
	uint8_t type, request;
	uint16_t value, index, length;
};

/* True for the requests that a slow device is slow at: reading and writing reports. */
bool usbdev_is_report(const struct usbdev_setup *s);

/* Does what a control transfer asks; `data` is what the host sends along. Writes at most
 * s->length bytes to `answer`, which has room for as many, and returns their number; -1:
 * the device stalls, for it has no such thing. */
int usbdev_control(const struct link_device *d, const struct usbdev_setup *s,
    const uint8_t *data, size_t len, uint8_t *answer);

#endif
