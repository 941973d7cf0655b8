/* SPDX-License-Identifier: ISC */
#include <endian.h>
#include <stdio.h>
#include <string.h>

#include "hid/hidups.h"
#include "lib/buf.h"
#include "sim/usbip.h"

#define VERSION 0x0111
#define SPEED_FULL 2
#define CLASS_HID 3
#define PATH_BYTES 256

/* Before the import: version, code, status. */
enum { OP_LEN = 8, OP_ASKS = 0x8000, OP_IMPORT = 3, OP_DEVLIST = 5 };

/* Behind it: every message begins with 48 bytes. */
enum { CMD_LEN = 48, CMD_SUBMIT = 1, CMD_UNLINK, RET_SUBMIT, RET_UNLINK };

/* Words of 32 bits in them. */
enum {
	WORD_COMMAND,
	WORD_SEQNUM,
	WORD_DEVID,
	WORD_DIRECTION,
	WORD_ENDPOINT,
	WORD_VICTIM = 5, /* UNLINK */
	WORD_STATUS = 5, /* answers */
	WORD_LENGTH = 6,
	WORD_PACKETS = 8,
	WORD_SETUP = 10,
};

#define NOT_ISOCHRONOUS 0xffffffff /* packets, for some hosts; for others it is 0 */

static uint32_t
word(const uint8_t *bytes, int n)
{
	uint32_t value;

	memcpy(&value, bytes + (size_t)n * sizeof(value), sizeof(value));
	return be32toh(value);
}

static void
add8(struct buf *out, uint8_t value)
{
	buf_add(out, &value, sizeof(value));
}

static void
add16(struct buf *out, uint16_t value)
{
	value = htobe16(value);
	buf_add(out, &value, sizeof(value));
}

static void
add32(struct buf *out, uint32_t value)
{
	value = htobe32(value);
	buf_add(out, &value, sizeof(value));
}

static void
add_zeros(struct buf *out, size_t len)
{
	static const char zeros[PATH_BYTES];

	buf_add(out, zeros, len);
}

/* Text in a field of so many bytes, with a NUL at least. */
static void
add_text(struct buf *out, const char *text, size_t field)
{
	buf_puts(out, text);
	add_zeros(out, field - strlen(text));
}

/* A request before the import. */
static ssize_t
read_op(
    const uint8_t *bytes, size_t len, struct usbip_request *r, char *cause, size_t size)
{
	unsigned version, code;

	if (len < OP_LEN)
		return 0;
	version = (unsigned)bytes[0] << 8 | bytes[1];
	code = (unsigned)bytes[2] << 8 | bytes[3];
	if (version != VERSION) {
		snprintf(cause, size, "it speaks version %04x of USB/IP, not %04x",
		    version, (unsigned)VERSION);
		return -1;
	}
	if (code == (OP_ASKS | OP_DEVLIST)) {
		r->verb = USBIP_DEVLIST;
		return OP_LEN;
	}
	if (code != (OP_ASKS | OP_IMPORT)) {
		snprintf(cause, size, "it asks for %04x, which is not known", code);
		return -1;
	}
	if (len < OP_LEN + USBIP_BUSID_MAX)
		return 0;
	r->verb = USBIP_IMPORT;
	memcpy(r->busid, bytes + OP_LEN, sizeof(r->busid));
	r->busid[sizeof(r->busid) - 1] = '\0';
	return OP_LEN + USBIP_BUSID_MAX;
}

/* A transfer, whose 48 bytes are there. */
static ssize_t
read_submit(
    const uint8_t *bytes, size_t len, struct usbip_request *r, char *cause, size_t size)
{
	const uint8_t *setup = bytes + (size_t)WORD_SETUP * sizeof(uint32_t);
	uint32_t packets = word(bytes, WORD_PACKETS);

	r->verb = USBIP_SUBMIT;
	r->in = word(bytes, WORD_DIRECTION) == 1;
	r->endpoint = word(bytes, WORD_ENDPOINT);
	r->length = word(bytes, WORD_LENGTH);
	r->setup = (struct usbdev_setup){.type = setup[0],
	    .request = setup[1],
	    .value = (uint16_t)(setup[2] | setup[3] << 8),
	    .index = (uint16_t)(setup[4] | setup[5] << 8),
	    .length = (uint16_t)(setup[6] | setup[7] << 8)};
	if (r->length > USBIP_TRANSFER_MAX) {
		snprintf(cause, size, "a transfer of %u bytes is more than %d", r->length,
		    USBIP_TRANSFER_MAX);
		return -1;
	}
	if (packets != 0 && packets != NOT_ISOCHRONOUS) {
		snprintf(cause, size, "the device has no isochronous endpoint");
		return -1;
	}
	r->data = bytes + CMD_LEN;
	r->len = r->in ? 0 : r->length;
	return len < CMD_LEN + r->len ? 0 : (ssize_t)(CMD_LEN + r->len);
}

/* A request behind the import. */
static ssize_t
read_cmd(
    const uint8_t *bytes, size_t len, struct usbip_request *r, char *cause, size_t size)
{
	if (len < CMD_LEN)
		return 0;
	if (word(bytes, WORD_DEVID) != USBIP_DEVID) {
		snprintf(cause, size, "it has imported device %x, and asks %x",
		    (unsigned)USBIP_DEVID, word(bytes, WORD_DEVID));
		return -1;
	}
	r->seqnum = word(bytes, WORD_SEQNUM);
	switch (word(bytes, WORD_COMMAND)) {
	case CMD_SUBMIT:
		return read_submit(bytes, len, r, cause, size);
	case CMD_UNLINK:
		r->verb = USBIP_UNLINK;
		r->victim = word(bytes, WORD_VICTIM);
		return CMD_LEN;
	default:
		snprintf(cause, size, "%08x is no command", word(bytes, WORD_COMMAND));
		return -1;
	}
}

ssize_t
usbip_read(const uint8_t *bytes, size_t len, bool imported, struct usbip_request *r,
    char *cause, size_t size)
{
	*r = (struct usbip_request){0};
	return imported ? read_cmd(bytes, len, r, cause, size)
			: read_op(bytes, len, r, cause, size);
}

static void
add_op(struct buf *out, uint16_t code, uint32_t status)
{
	add16(out, VERSION);
	add16(out, code);
	add32(out, status);
}

/* Who the device is. Its class stands in its interface. */
static void
add_device(struct buf *out, const struct hidups_ident *ident)
{
	add_text(out, "/sys/devices/holdup/usb1/" USBIP_BUSID, PATH_BYTES);
	add_text(out, USBIP_BUSID, USBIP_BUSID_MAX);
	add32(out, USBIP_DEVID >> 16);
	add32(out, USBIP_DEVID & 0xffff);
	add32(out, SPEED_FULL);
	add16(out, ident->vendor);
	add16(out, ident->product);
	add16(out, ident->version);
	add_zeros(out, 3); /* class, subclass, protocol */
	add8(out, 1);      /* the configuration that is set */
	add8(out, 1);      /* of so many */
	add8(out, 1);      /* interfaces */
}

void
usbip_write_devlist(struct buf *out, const struct hidups_ident *ident)
{
	add_op(out, OP_DEVLIST, 0);
	add32(out, ident != NULL);
	if (ident == NULL)
		return;
	add_device(out, ident);
	add8(out, CLASS_HID);
	add_zeros(out, 3); /* subclass, protocol, nothing */
}

void
usbip_write_import(
    struct buf *out, enum usbip_status status, const struct hidups_ident *ident)
{
	add_op(out, OP_IMPORT, status);
	if (status == USBIP_OK)
		add_device(out, ident);
}

/* The words that all answers begin with. Who is asked, and where, stays 0 in them. */
static void
add_ret(struct buf *out, uint32_t command, uint32_t seqnum, int status)
{
	add32(out, command);
	add32(out, seqnum);
	add_zeros(out, (WORD_STATUS - WORD_DEVID) * sizeof(uint32_t));
	add32(out, (uint32_t)status);
}

void
usbip_write_submit(
    struct buf *out, uint32_t seqnum, int status, const uint8_t *data, size_t len)
{
	add_ret(out, RET_SUBMIT, seqnum, status);
	add32(out, (uint32_t)len);
	add_zeros(out, CMD_LEN - (WORD_LENGTH + 1) * sizeof(uint32_t));
	if (data != NULL)
		buf_add(out, data, len);
}

void
usbip_write_unlink(struct buf *out, uint32_t seqnum, int status)
{
	add_ret(out, RET_UNLINK, seqnum, status);
	add_zeros(out, CMD_LEN - (WORD_STATUS + 1) * sizeof(uint32_t));
}
