/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <linux/hidraw.h>
#include <linux/usbdevice_fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "hid/io.h"
#include "lib/xmem.h"

#define USB_REQ_GET_DESCRIPTOR 6
#define USB_DT_STRING 3
#define USB_LANG_EN_US 0x0409
#define STRING_TIMEOUT_MS 1000
#define REPORT_MAX 4096 /* as HID_REPORT_BITS_MAX; an ioctl counts to 16,383 only */

static ssize_t
hidraw_descriptor(struct io *io, uint8_t *out, size_t size)
{
	struct hidraw_report_descriptor d = {0};
	int len;

	if (ioctl(io->fd, HIDIOCGRDESCSIZE, &len) == -1)
		return -1;
	d.size = (uint32_t)len;
	if (ioctl(io->fd, HIDIOCGRDESC, &d) == -1)
		return -1;
	if (d.size > size)
		d.size = (uint32_t)size;
	memcpy(out, d.value, d.size);
	return (ssize_t)d.size;
}

/* The kernel puts a zero in front of the reports of a device without ids. */
static ssize_t
hidraw_get(struct io *io, uint8_t id, uint8_t *out, size_t size)
{
	int len;

	if (size > REPORT_MAX)
		size = REPORT_MAX;
	memset(out, 0, size);
	out[0] = id;
	if ((len = ioctl(io->fd, HIDIOCGFEATURE(size), out)) == -1)
		return -1;
	if (id == 0 && len > 0)
		memmove(out, out + 1, (size_t)--len);
	return len;
}

static int
hidraw_set(struct io *io, const uint8_t *bytes, size_t len)
{
	uint8_t copy[REPORT_MAX];

	if (len > sizeof(copy)) {
		errno = EMSGSIZE;
		return -1;
	}
	memcpy(copy, bytes, len);
	return ioctl(io->fd, HIDIOCSFEATURE(len), copy) == -1 ? -1 : 0;
}

/* Reads a string descriptor into `out`; returns its length or -1. */
static int
string_descriptor(int fd, uint8_t index, uint16_t language, uint8_t out[static 255])
{
	struct usbdevfs_ctrltransfer transfer = {
	    .bRequestType = 0x80, /* device to host, standard, to the device */
	    .bRequest = USB_REQ_GET_DESCRIPTOR,
	    .wValue = (uint16_t)(USB_DT_STRING << 8 | index),
	    .wIndex = language,
	    .wLength = 255,
	    .timeout = STRING_TIMEOUT_MS,
	    .data = out,
	};
	int len = ioctl(fd, USBDEVFS_CONTROL, &transfer);

	if (len >= 2 && out[0] < len)
		len = out[0];
	if (len >= 0 && (len < 2 || out[1] != USB_DT_STRING)) {
		errno = EPROTO;
		return -1;
	}
	return len;
}

/* hidraw does not give strings: the USB node does, without claiming an interface. */
static ssize_t
hidraw_string(struct io *io, uint8_t index, char *out, size_t size)
{
	uint8_t d[255];
	uint16_t language = USB_LANG_EN_US;
	size_t n = 0;
	int len;

	if (io->usb_fd == -1) {
		errno = ENOENT;
		return -1;
	}
	if (string_descriptor(io->usb_fd, 0, 0, d) >= 4)
		language = (uint16_t)(d[2] | d[3] << 8);
	if ((len = string_descriptor(io->usb_fd, index, language, d)) == -1)
		return -1;
	for (int i = 2; i + 1 < len && n + 1 < size; i += 2)
		out[n++] = d[i + 1] == 0 && d[i] >= ' ' && d[i] < 0x7f ? (char)d[i] : '?';
	out[n] = '\0';
	return (ssize_t)n;
}

static ssize_t
hidraw_input(struct io *io, uint8_t *out, size_t size)
{
	ssize_t len = read(io->fd, out, size);

	if (len == -1 && errno == EIO)
		errno = ENODEV; /* so says a hidraw node whose device went */
	return len;
}

static const struct io_ops hidraw_ops = {
    .descriptor = hidraw_descriptor,
    .get = hidraw_get,
    .set = hidraw_set,
    .string = hidraw_string,
    .input = hidraw_input,
};

struct io *
io_hidraw_open(const char *path, const char *usb, enum io_use use)
{
	struct io *io;
	int fd;

	if ((fd = open(path, O_RDWR | O_CLOEXEC | (use == IO_ASK ? 0 : O_NONBLOCK))) ==
	    -1)
		return NULL;
	if (use == IO_OWN && flock(fd, LOCK_EX | LOCK_NB) == -1) {
		if (errno == EWOULDBLOCK)
			errno = EBUSY;
		close(fd);
		return NULL;
	}
	io = xcalloc(1, sizeof(*io));
	io->ops = &hidraw_ops;
	io->fd = fd;
	io->usb_fd = io->own_fd = -1;
	if (use == IO_ASK && *usb != '\0')
		io->usb_fd = open(usb, O_RDWR | O_CLOEXEC);
	return io;
}

int
io_hidraw_reset(const char *usb)
{
	int error, result, fd;

	if (*usb == '\0') {
		errno = ENOENT;
		return -1;
	}
	if ((fd = open(usb, O_RDWR | O_CLOEXEC)) == -1)
		return -1;
	result = ioctl(fd, USBDEVFS_RESET, NULL) == -1 ? -1 : 0;
	error = errno;
	close(fd);
	errno = error;
	return result;
}
