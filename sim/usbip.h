/* SPDX-License-Identifier: ISC */
#ifndef SIM_USBIP_H
#define SIM_USBIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "sim/usbdev.h"

struct buf;
struct hidups_ident;

/*
 * The wire of USB/IP, version 1.1.1, as the kernel's Documentation/usb/usbip_protocol.rst
 * has it: a host asks which devices there are and imports one; from then on the same
 * connection carries that device's transfers. All numbers are big-endian but those of the
 * setup packet. Pure.
 */
#define USBIP_BUSID "1-1" /* of the one device here */
#define USBIP_BUSID_MAX 32
#define USBIP_DEVID 0x10001 /* bus 1, device 1: how transfers name it */
#define USBIP_TRANSFER_MAX 65536
#define USBIP_REQUEST_MAX (48 + USBIP_TRANSFER_MAX)

enum usbip_verb {
	USBIP_DEVLIST, /* before the import, as the next */
	USBIP_IMPORT,
	USBIP_SUBMIT, /* behind it, as the next */
	USBIP_UNLINK,
};

struct usbip_request {
	enum usbip_verb verb;
	char busid[USBIP_BUSID_MAX]; /* IMPORT */
	uint32_t seqnum;             /* SUBMIT, UNLINK */
	uint32_t victim;             /* UNLINK: the seqnum that is not wanted any more */
	/* SUBMIT: */
	uint32_t endpoint, length; /* of the transfer */
	bool in;                   /* the device gives the data */
	struct usbdev_setup setup; /* for endpoint 0 */
	const uint8_t *data;       /* what the host gives, within what was read; */
	size_t len;                /* `length` bytes if not `in`, else none */
};

/* Reads the request at the front of `bytes`. Returns its length; 0 if there is more to
 * come, at most to USBIP_REQUEST_MAX bytes; -1 with the reason in `cause` when this is no
 * request that a host of this device has. */
ssize_t usbip_read(const uint8_t *bytes, size_t len, bool imported,
    struct usbip_request *r, char *cause, size_t size);

/* Why an import fails, as Linux's usbip understands it. */
enum usbip_status { USBIP_OK = 0, USBIP_BUSY = 2, USBIP_NO_DEVICE = 4 };

/* Appends the list of devices: the one there is, or with NULL none. */
void usbip_write_devlist(struct buf *out, const struct hidups_ident *ident);

/* Appends the answer to an import. */
void usbip_write_import(
    struct buf *out, enum usbip_status status, const struct hidups_ident *ident);

/* Appends the end of a transfer with what the device gave, or the number of bytes that it
 * took if `data` is NULL. `status`: 0 or a negative errno, -EPIPE for a stall. */
void usbip_write_submit(
    struct buf *out, uint32_t seqnum, int status, const uint8_t *data, size_t len);

/* Appends the answer to an unlink: -ECONNRESET if the transfer was waiting and will not be
 * answered, 0 if it was answered before. */
void usbip_write_unlink(struct buf *out, uint32_t seqnum, int status);

#endif
