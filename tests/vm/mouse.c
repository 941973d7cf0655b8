/* SPDX-License-Identifier: ISC */
/*
 * Plugs a mouse in through /dev/uhid, so that a guest has a hidraw node that is no power
 * device. Answers every question with an error; lives until its standard input ends.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <linux/uhid.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* Three buttons, two axes: USB's HID specification, appendix E.10. */
static const unsigned char descriptor[] = {0x05, 0x01, 0x09, 0x02, 0xa1, 0x01, 0x09, 0x01,
    0xa1, 0x00, 0x05, 0x09, 0x19, 0x01, 0x29, 0x03, 0x15, 0x00, 0x25, 0x01, 0x95, 0x03,
    0x75, 0x01, 0x81, 0x02, 0x95, 0x01, 0x75, 0x05, 0x81, 0x01, 0x05, 0x01, 0x09, 0x30,
    0x09, 0x31, 0x15, 0x81, 0x25, 0x7f, 0x75, 0x08, 0x95, 0x02, 0x81, 0x06, 0xc0, 0xc0};

static void
say(int fd, const struct uhid_event *e)
{
	if (write(fd, e, sizeof(*e)) < 0)
		err(1, "/dev/uhid");
}

static void
plug(int fd)
{
	struct uhid_event e = {.type = UHID_CREATE2};

	memcpy(e.u.create2.name, "Test Mouse", sizeof("Test Mouse"));
	memcpy(e.u.create2.rd_data, descriptor, sizeof(descriptor));
	e.u.create2.rd_size = sizeof(descriptor);
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
main(void)
{
	struct pollfd p[2] = {{.fd = 0, .events = POLLIN}, {.events = POLLIN}};

	if ((p[1].fd = open("/dev/uhid", O_RDWR | O_CLOEXEC)) == -1)
		err(1, "/dev/uhid");
	plug(p[1].fd);
	while (poll(p, 2, -1) > 0 && p[0].revents == 0) {
		if (p[1].revents != 0)
			answer(p[1].fd);
	}
	return 0;
}
