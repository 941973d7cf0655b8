/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/record.h"
#include "cli/replay.h"
#include "hid/io.h"
#include "lib/recording.h"
#include "lib/xmem.h"

#define INPUT_MS 2000
#define REPORT_MAX 4096
#define INPUTS_MAX 64

static void
keep(
    struct recording *r, enum hid_type type, uint8_t id, const uint8_t *bytes, size_t len)
{
	struct recording_report *report;

	r->reports = xreallocarray(r->reports, r->nreports + 1, sizeof(*r->reports));
	report = &r->reports[r->nreports++];
	report->type = type;
	report->id = id;
	report->len = len;
	report->bytes = xmalloc(len + 1);
	memcpy(report->bytes, bytes, len);
}

static void
features(struct recording *r, const struct hid_desc *d, struct io *io)
{
	struct hidups *u = hidups_new(d, &r->ident);
	const struct timespec gap = {.tv_sec = hidups_gap_ms(u) / 1000,
	    .tv_nsec = hidups_gap_ms(u) % 1000 * 1000000L};
	uint8_t bytes[REPORT_MAX];
	ssize_t len;

	for (unsigned id = 0; id < 256; id++) {
		if (hid_desc_report_len(d, HID_FEATURE, (uint8_t)id) == 0 ||
		    !hidups_may_ask(u, (uint8_t)id))
			continue;
		nanosleep(&gap, NULL);
		len = io->ops->get(io, (uint8_t)id, bytes, sizeof(bytes));
		if (len > 0)
			keep(r, HID_FEATURE, (uint8_t)id, bytes, (size_t)len);
	}
	hidups_free(u);
}

/* What the device says by itself. */
static void
inputs(struct recording *r, const struct hid_desc *d, const struct bus_device *device)
{
	struct io *io = io_open(device->path, device->usb, IO_LISTEN);
	uint8_t bytes[REPORT_MAX];
	struct pollfd p;
	ssize_t len;

	if (io == NULL)
		return;
	p = (struct pollfd){.fd = io->fd, .events = POLLIN};
	for (int n = 0; n < INPUTS_MAX && poll(&p, 1, INPUT_MS) > 0; n++) {
		len = io->ops->input(io, bytes, sizeof(bytes));
		if (len > 0)
			keep(r, HID_INPUT, d->report_ids ? bytes[0] : 0, bytes,
			    (size_t)len);
		else if (errno != EAGAIN)
			break;
	}
	io_close(io);
}

/* Strings by index that the variables need. */
static void
strings(struct recording *r, const struct hid_desc *d, struct io *io)
{
	struct hidups *u = hidups_new(d, &r->ident);
	uint8_t indexes[16];
	char text[256];
	size_t n;

	replay_reports(u, r);
	n = hidups_strings(u, indexes);
	for (size_t i = 0; i < n; i++)
		if (io->ops->string(io, indexes[i], text, sizeof(text)) > 0)
			r->strings[indexes[i]] = xstrdup(text);
	hidups_free(u);
}

char *
record_device(const struct bus_device *device, char *cause, size_t size)
{
	struct recording *r;
	struct hid_desc *d;
	struct io *io;
	char *text = NULL;

	if (device->descriptor == NULL) {
		snprintf(cause, size, "%s", device->fault);
		return NULL;
	}
	d = hid_desc_parse(device->descriptor, device->descriptor_len, cause, size);
	if (d == NULL)
		return NULL;
	io = io_open(device->path, device->usb, IO_ASK);
	if (io == NULL) {
		snprintf(cause, size, "%s: %s", device->path, strerror(errno));
		hid_desc_free(d);
		return NULL;
	}
	r = xcalloc(1, sizeof(*r));
	r->ident = device->ident;
	r->descriptor = xmalloc(device->descriptor_len);
	memcpy(r->descriptor, device->descriptor, device->descriptor_len);
	r->descriptor_len = device->descriptor_len;
	features(r, d, io);
	strings(r, d, io);
	inputs(r, d, device);
	text = recording_write(r);
	recording_free(r);
	io_close(io);
	hid_desc_free(d);
	return text;
}
