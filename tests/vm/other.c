/* SPDX-License-Identifier: ISC */
/*
 * Plugs something that is no UPS in through /dev/uhid, so that a guest has a hidraw node
 * that is none of ours. Answers every question with an error; lives until its standard
 * input ends.
 *
 * usage: other mouse | keyboard | pen      the last two tell of the battery inside
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <linux/uhid.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* "Charging" and "charge left" of the Battery System page. */
#define INSIDE                                                                        \
	0x05, 0x85, 0x09, 0x44, 0x15, 0x00, 0x25, 0x01, 0x75, 0x01, 0x95, 0x01, 0x81, \
	    0x02, 0x95, 0x07, 0x81, 0x03, 0x09, 0x65, 0x25, 0x64, 0x75, 0x08, 0x95,   \
	    0x01, 0x81, 0x02

/* Three buttons, two axes: USB's HID specification, appendix E.10. */
static const unsigned char mouse[] = {0x05, 0x01, 0x09, 0x02, 0xa1, 0x01, 0x09, 0x01,
    0xa1, 0x00, 0x05, 0x09, 0x19, 0x01, 0x29, 0x03, 0x15, 0x00, 0x25, 0x01, 0x95, 0x03,
    0x75, 0x01, 0x81, 0x02, 0x95, 0x01, 0x75, 0x05, 0x81, 0x01, 0x05, 0x01, 0x09, 0x30,
    0x09, 0x31, 0x15, 0x81, 0x25, 0x7f, 0x75, 0x08, 0x95, 0x02, 0x81, 0x06, 0xc0, 0xc0};

/* Modifiers and six keys at once (E.6), and a collection for its battery alone. */
static const unsigned char keyboard[] = {0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0x85, 0x01,
    0x05, 0x07, 0x19, 0xe0, 0x29, 0xe7, 0x15, 0x00, 0x25, 0x01, 0x75, 0x01, 0x95, 0x08,
    0x81, 0x02, 0x95, 0x06, 0x75, 0x08, 0x25, 0x65, 0x19, 0x00, 0x29, 0x65, 0x81, 0x00,
    0xc0, 0x05, 0x85, 0x09, 0x01, 0xa1, 0x01, 0x85, 0x02, INSIDE, 0xc0};

/* Tip, barrel button, place. */
static const unsigned char pen[] = {0x05, 0x0d, 0x09, 0x02, 0xa1, 0x01, 0x85, 0x01, 0x09,
    0x20, 0xa1, 0x00, 0x09, 0x42, 0x09, 0x44, 0x15, 0x00, 0x25, 0x01, 0x75, 0x01, 0x95,
    0x02, 0x81, 0x02, 0x95, 0x06, 0x81, 0x03, 0x05, 0x01, 0x09, 0x30, 0x09, 0x31, 0x26,
    0xff, 0x7f, 0x75, 0x10, 0x95, 0x02, 0x81, 0x02, INSIDE, 0xc0, 0xc0};

static const struct kind {
	const char *name;
	const unsigned char *descriptor;
	size_t len;
} kinds[] = {
    {"mouse", mouse, sizeof(mouse)},
    {"keyboard", keyboard, sizeof(keyboard)},
    {"pen", pen, sizeof(pen)},
};

static void
say(int fd, const struct uhid_event *e)
{
	if (write(fd, e, sizeof(*e)) < 0)
		err(1, "/dev/uhid");
}

static void
plug(int fd, const struct kind *kind)
{
	struct uhid_event e = {.type = UHID_CREATE2};

	snprintf(
	    (char *)e.u.create2.name, sizeof(e.u.create2.name), "Test %s", kind->name);
	memcpy(e.u.create2.rd_data, kind->descriptor, kind->len);
	e.u.create2.rd_size = (__u16)kind->len;
	e.u.create2.bus = BUS_USB;
	e.u.create2.vendor = 0x1d6b;
	e.u.create2.product = 0x0104;
	say(fd, &e);
}

static void
answer(int fd)
{
	struct uhid_event e, a = {0};

	if (read(fd, &e, sizeof(e)) < 0)
		err(1, "/dev/uhid");
	if (e.type == UHID_GET_REPORT) {
		a.type = UHID_GET_REPORT_REPLY;
		a.u.get_report_reply.id = e.u.get_report.id;
		a.u.get_report_reply.err = EIO;
		say(fd, &a);
	} else if (e.type == UHID_SET_REPORT) {
		a.type = UHID_SET_REPORT_REPLY;
		a.u.set_report_reply.id = e.u.set_report.id;
		a.u.set_report_reply.err = EIO;
		say(fd, &a);
	}
}

int
main(int argc, char **argv)
{
	struct pollfd p[2] = {{.fd = 0, .events = POLLIN}, {.events = POLLIN}};
	const struct kind *kind = kinds, *end = kinds + sizeof(kinds) / sizeof(kinds[0]);

	while (kind < end && argc == 2 && strcmp(kind->name, argv[1]) != 0)
		kind++;
	if (argc != 2 || kind == end)
		errx(1, "usage: other mouse | keyboard | pen");
	if ((p[1].fd = open("/dev/uhid", O_RDWR | O_CLOEXEC)) == -1)
		err(1, "/dev/uhid");
	plug(p[1].fd, kind);
	while (poll(p, 2, -1) > 0 && p[0].revents == 0) {
		if (p[1].revents != 0)
			answer(p[1].fd);
	}
	return 0;
}
