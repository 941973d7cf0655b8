/* SPDX-License-Identifier: ISC */
#ifndef LIB_HIDSOCK_H
#define LIB_HIDSOCK_H

#include <stddef.h>
#include <stdint.h>

/*
 * The virtual bus (docs/architecture.md, 5): a Unix SOCK_SEQPACKET socket in
 * STATEPATH/sim stands for a /dev/hidrawN. `hid` asks, `sim` answers; one packet each,
 * answers in the order of the questions. Input reports come unasked, but only to a
 * connection that sent HIDSOCK_LISTEN.
 */
#define HIDSOCK_DATA_MAX 32768 /* more than any kernel lets through */

enum hidsock_op {
	HIDSOCK_INFO = 1,   /* answer: struct hidsock_info */
	HIDSOCK_DESCRIPTOR, /* answer: the report descriptor */
	HIDSOCK_GET,        /* id: feature report; answer: bytes, id first */
	HIDSOCK_SET,        /* data: feature report, id first; answer: no data */
	HIDSOCK_STRING,     /* id: string index; answer: ASCII text without NUL */
	HIDSOCK_LISTEN,     /* no answer */
	HIDSOCK_INPUT,      /* unasked: an input report, id first */
	HIDSOCK_RESET,      /* no answer; the device may leave the bus for a moment */
};

/* Every packet: this head, then `len` bytes of data. Host byte order: one machine. */
struct hidsock_packet {
	uint8_t op;     /* enum hidsock_op; an answer repeats the question's */
	uint8_t id;     /* report id or string index */
	uint16_t error; /* answers: 0 or an errno value */
	uint32_t len;   /* of data; packet length = 8 + len */
	uint8_t data[HIDSOCK_DATA_MAX];
};

struct hidsock_info {
	uint16_t vendor, product, version; /* as USB's idVendor, idProduct, bcdDevice */
	uint16_t bus;                      /* linux/input.h BUS_USB */
	char manufacturer[128], name[128], serial[128], path[128]; /* NUL-terminated */
};

#endif
