/* SPDX-License-Identifier: ISC */
#ifndef SIM_LINK_H
#define SIM_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/recording.h"

struct event_base;

/*
 * How hosts reach the virtual UPS: a socket of the virtual bus, the kernel, a guest's USB
 * port, or the USB of a machine that imports it. All serve the same device.
 */

/* The device behind a link. */
struct link_device {
	const struct recording *recording; /* identity and descriptor */
	bool numbered;                     /* reports begin with an id byte */
	const double *stall; /* seconds that feature reads and writes take */
	/* A feature report, or NULL; valid until the next call. */
	const uint8_t *(*get)(void *arg, uint8_t id, size_t *len);
	/* A write, id byte first (0 without ids). 0, or -1: no such report. */
	int (*set)(void *arg, const uint8_t *bytes, size_t len);
	/* A string, or NULL. */
	const char *(*string)(void *arg, uint8_t index);
	void *arg;
};

struct link;

struct link_ops {
	/* Comes to the bus; 0, or -1 with the reason in `cause`. */
	int (*appear)(struct link *l, char *cause, size_t size);
	/* Leaves the bus: who has it open loses it. */
	void (*vanish)(struct link *l);
	/* Hands out an input report. */
	void (*input)(struct link *l, const uint8_t *bytes, size_t len);
	/* The device's *stall has changed. */
	void (*retime)(struct link *l);
	/* Vanishes and releases. */
	void (*free)(struct link *l);
};

struct link {
	const struct link_ops *ops;
};

/* A SOCK_SEQPACKET socket at `path`, spoken to as lib/hidsock.h says. */
struct link *link_sock_new(
    struct event_base *base, const char *path, const struct link_device *device);

/* A device of the kernel by an open /dev/uhid, which the link owns from now on. */
struct link *link_uhid_new(
    struct event_base *base, int fd, const struct link_device *device);

/* A USB device of one QEMU guest at a time (-chardev socket, -device usb-redir), which
 * connects to `place`: a TCP port of 127.0.0.1, or the path of a Unix socket. */
struct link *link_usbredir_new(
    struct event_base *base, const char *place, const struct link_device *device);

/* A USB device for the kernel of one machine at a time that imports it by USB/IP (vhci-hcd)
 * from `place`, ADDRESS:PORT. Who can connect there can have it. */
#define LINK_USBIP_PLACE "127.0.0.1:3240"
struct link *link_usbip_new(
    struct event_base *base, const char *place, const struct link_device *device);

#endif
