/* SPDX-License-Identifier: ISC */
#ifndef HID_IO_H
#define HID_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/hidsock.h"

/*
 * One opened HID device: a /dev/hidrawN, or a socket of the virtual bus.
 */
struct io {
	const struct io_ops *ops;
	int fd;     /* readable when an input report waits or the device is gone */
	int usb_fd; /* USB node for strings by index, -1 when there is none */
	int own_fd; /* says that the device is ours where `fd` cannot, or -1 */
};

/* Lengths are bytes; failures are -1 with errno set, ENODEV when the device is gone. */
struct io_ops {
	ssize_t (*descriptor)(struct io *io, uint8_t *out, size_t size);
	/* A feature report as struct hidups takes it: id first where the device has ids. */
	ssize_t (*get)(struct io *io, uint8_t id, uint8_t *out, size_t size);
	int (*set)(struct io *io, const uint8_t *bytes, size_t len);
	/* An indexed string, NUL-terminated. */
	ssize_t (*string)(struct io *io, uint8_t index, char *out, size_t size);
	/* The next input report; EAGAIN when there is none now. */
	ssize_t (*input)(struct io *io, uint8_t *out, size_t size);
};

enum io_use {
	IO_LISTEN, /* non-blocking, for input() */
	IO_OWN,    /* the same, and nobody else has it so: else EBUSY */
	IO_ASK, /* blocking, for the others; a socket that is silent fails after 10 s */
};

/* Opens a node by what it is; `usb` is the USB node or "". NULL with errno set. */
struct io *io_open(const char *path, const char *usb, enum io_use use);

/* The same for one kind of node. */
struct io *io_hidraw_open(const char *path, const char *usb, enum io_use use);
struct io *io_sock_open(const char *path, enum io_use use);

/* Sends a packet of lib/hidsock.h; `flags` as send(2) has them. 0, or -1 with errno set. */
int io_sock_send(
    int fd, enum hidsock_op op, uint8_t id, const void *data, size_t len, int flags);

/* What a virtual device says of itself and its descriptor, within half a second. */
int io_sock_info(const char *path, struct hidsock_info *info, uint8_t *descriptor,
    size_t size, size_t *len);

void io_close(struct io *io);

/* Resets the device on its bus, so that it begins anew; may take seconds. 0, or -1 with
 * errno set. */
int io_reset(const char *path, const char *usb);
int io_hidraw_reset(const char *usb);
int io_sock_reset(const char *path);

#endif
