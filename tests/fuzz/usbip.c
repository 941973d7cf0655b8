/* SPDX-License-Identifier: ISC */
/*
 * Any bytes in any pieces from a machine that speaks USB/IP, as sim/link_usbip.c takes
 * them: no request is longer than the bytes there are or than the bound, every transfer is
 * answered at most once, and what is taken back is not answered. The first byte chooses the
 * pieces, the second whether the device is imported already.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "sim/link.h"
#include "sim/urbs.h"
#include "sim/usbip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool holds)
{
	if (!holds)
		abort();
}

static const uint8_t *
get(void *arg, uint8_t id, size_t *len)
{
	static const uint8_t report[] = {0x0c, 100, 0, 0};

	(void)arg;
	*len = sizeof(report);
	return id == report[0] ? report : NULL;
}

static int
set(void *arg, const uint8_t *bytes, size_t len)
{
	uint8_t sum = 0;

	(void)arg;
	for (size_t i = 0; i < len; i++)
		sum ^= bytes[i];
	return sum % 2 == 0 ? 0 : -1;
}

static const char *
string(void *arg, uint8_t index)
{
	(void)arg;
	return index == 1 ? "Back-UPS" : NULL;
}

static struct recording recording = {.ident = {.vendor = 0x051d, .name = "Back-UPS"}};
static const struct link_device device = {
    .recording = &recording, .numbered = true, .get = get, .set = set, .string = string};

/* The transfer goes to the device as a whole, in exactly the memory that it says. */
static void
control(struct urbs *u, const struct usbip_request *r, struct buf *out)
{
	struct usbdev_setup setup = r->setup;
	uint8_t *answer, *given = malloc(r->len + 1);
	int len;

	memcpy(given, r->data, r->len);
	if (r->in && setup.length > r->length)
		setup.length = (uint16_t)r->length;
	answer = malloc((size_t)setup.length + 1);
	len = usbdev_control(&device, &setup, given, r->len, answer);
	check(len >= -1 && len <= setup.length);
	if (urbs_answer(u, r->seqnum))
		usbip_write_submit(out, r->seqnum, len < 0 ? -EPIPE : 0, answer,
		    len > 0 ? (size_t)len : 0);
	free(answer);
	free(given);
}

/* The link's part; a device that takes its time leaves those for index 7 waiting, and
 * endpoint 2 stands for an input report. */
static void
act(struct urbs *u, const struct usbip_request *r, bool *imported, struct buf *out)
{
	static const uint8_t report[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};

	switch (r->verb) {
	case USBIP_DEVLIST:
		usbip_write_devlist(out, &recording.ident);
		break;
	case USBIP_IMPORT:
		check(memchr(r->busid, '\0', sizeof(r->busid)) != NULL);
		*imported = strcmp(r->busid, USBIP_BUSID) == 0;
		usbip_write_import(
		    out, *imported ? USBIP_OK : USBIP_NO_DEVICE, &recording.ident);
		break;
	case USBIP_SUBMIT:
		if (r->endpoint != 0)
			urbs_poll(u, r->seqnum, r->length);
		else if (urbs_control(u, r->seqnum) && r->setup.index != 7)
			control(u, r, out);
		if (r->endpoint == 2)
			urbs_report(u, report, 1 + r->seqnum % sizeof(report), true);
		break;
	case USBIP_UNLINK:
		usbip_write_unlink(
		    out, r->seqnum, urbs_unlink(u, r->victim) ? -ECONNRESET : 0);
		break;
	}
}

static void
hand_out(struct urbs *u)
{
	const uint8_t *bytes;
	uint32_t seqnum;
	size_t len;

	while (urbs_next(u, &seqnum, &bytes, &len))
		check(len <= 9 && bytes[0] >= 1 && bytes[0] <= 9);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t descriptor[] = {0x05, 0x84, 0x09, 0x04};
	struct buf in = {0}, out = {0};
	struct usbip_request r;
	struct urbs urbs;
	char cause[128];
	bool imported;
	ssize_t n = 0;

	if (size < 2 || size > 65536)
		return 0;
	recording.descriptor = descriptor;
	recording.descriptor_len = sizeof(descriptor);
	urbs_init(&urbs);
	imported = data[1] % 2 == 1;
	for (size_t at = 2, piece; at < size && n != -1; at += piece) {
		piece = (size_t)data[0] + 1 < size - at ? (size_t)data[0] + 1 : size - at;
		buf_add(&in, data + at, piece);
		while ((n = usbip_read((const uint8_t *)buf_head(&in), in.len, imported,
			    &r, cause, sizeof(cause))) > 0) {
			check((size_t)n <= in.len && n <= USBIP_REQUEST_MAX);
			act(&urbs, &r, &imported, &out);
			buf_consume(&in, (size_t)n);
			buf_clear(&out);
		}
		check(n == -1 || in.len < USBIP_REQUEST_MAX);
		hand_out(&urbs);
	}
	urbs_clear(&urbs);
	buf_free(&in);
	buf_free(&out);
	return 0;
}
