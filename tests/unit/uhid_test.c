/* SPDX-License-Identifier: ISC */
/*
 * The virtual UPS as the kernel sees it: the test is the other end of /dev/uhid, a
 * socket pair that keeps events apart as the real one does.
 */
#include <errno.h>
#include <event2/event.h>
#include <linux/uhid.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/link.h"

static struct event_base *base;
static struct recording recording;
static struct link_device device;
static struct link *link_;
static double stall;
static uint8_t report[] = {0x0c, 100, 0, 0}, written[8];
static int kernel; /* our end */

static const uint8_t *
get(void *arg, uint8_t id, size_t *len)
{
	(void)arg;
	*len = device.numbered ? sizeof(report) : sizeof(report) - 1;
	if (id != (device.numbered ? 0x0c : 0))
		return NULL;
	return device.numbered ? report : report + 1;
}

static int
set(void *arg, const uint8_t *bytes, size_t len)
{
	(void)arg;
	if (len > sizeof(written))
		return -1;
	memcpy(written, bytes, len);
	return bytes[0] == 0x0c ? 0 : -1;
}

static int
setup(void **state)
{
	static uint8_t descriptor[] = {0x05, 0x84, 0x09, 0x04};
	int pair[2];

	(void)state;
	memset(&recording, 0, sizeof(recording));
	recording.ident.vendor = 0x051d;
	strcpy(recording.ident.name, "Back-UPS");
	strcpy(recording.ident.serial, "4B10");
	recording.descriptor = descriptor;
	recording.descriptor_len = sizeof(descriptor);
	device = (struct link_device){.recording = &recording,
	    .numbered = true,
	    .stall = &stall,
	    .get = get,
	    .set = set};
	stall = 0.0;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, pair), 0);
	kernel = pair[1];
	base = event_base_new();
	link_ = link_uhid_new(base, pair[0], &device);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	link_->ops->free(link_);
	event_base_free(base);
	close(kernel);
	return 0;
}

/* The next event that the link wrote; its type is `type`. */
static struct uhid_event
take(uint32_t type)
{
	struct uhid_event e = {0};

	assert_true(recv(kernel, &e, sizeof(e), 0) > 0);
	assert_int_equal(e.type, type);
	return e;
}

static void
tell(const struct uhid_event *e)
{
	assert_true(send(kernel, e, sizeof(*e), 0) > 0);
	event_base_loop(base, EVLOOP_NONBLOCK);
}

static struct uhid_event
ask_get(uint8_t id)
{
	struct uhid_event e = {.type = UHID_GET_REPORT};

	e.u.get_report.id = 77;
	e.u.get_report.rnum = id;
	e.u.get_report.rtype = UHID_FEATURE_REPORT;
	tell(&e);
	e = take(UHID_GET_REPORT_REPLY);
	assert_int_equal(e.u.get_report_reply.id, 77);
	return e;
}

static void
test_create_and_destroy(void **state)
{
	char cause[128];
	struct uhid_event e;
	int round;

	(void)state;
	for (round = 0; round < 2; round++) {
		assert_int_equal(link_->ops->appear(link_, cause, sizeof(cause)), 0);
		e = take(UHID_CREATE2);
		assert_string_equal((char *)e.u.create2.name, "Back-UPS");
		assert_string_equal((char *)e.u.create2.uniq, "4B10");
		assert_int_equal(e.u.create2.vendor, 0x051d);
		assert_int_equal(e.u.create2.bus, 3);
		assert_int_equal(e.u.create2.rd_size, 4);
		assert_memory_equal(e.u.create2.rd_data, recording.descriptor, 4);
		link_->ops->vanish(link_);
		take(UHID_DESTROY);
	}
	recording.descriptor_len = HID_MAX_DESCRIPTOR_SIZE + 1;
	assert_int_equal(link_->ops->appear(link_, cause, sizeof(cause)), -1);
}

static void
test_reports(void **state)
{
	struct uhid_event e;

	(void)state;
	e = ask_get(0x0c);
	assert_int_equal(e.u.get_report_reply.err, 0);
	assert_int_equal(e.u.get_report_reply.size, 4);
	assert_memory_equal(e.u.get_report_reply.data, report, 4);
	assert_int_equal(ask_get(0x0d).u.get_report_reply.err, EIO);

	memset(&e, 0, sizeof(e));
	e.type = UHID_SET_REPORT;
	e.u.set_report.id = 5;
	e.u.set_report.rtype = UHID_FEATURE_REPORT;
	e.u.set_report.size = 2;
	memcpy(e.u.set_report.data, "\x0c\x07", 2);
	tell(&e);
	e = take(UHID_SET_REPORT_REPLY);
	assert_true(e.u.set_report_reply.id == 5 && e.u.set_report_reply.err == 0);
	assert_memory_equal(written, "\x0c\x07", 2);
}

/* The kernel's hidraw expects a zero in front of a report that has no id. */
static void
test_without_ids(void **state)
{
	struct uhid_event e;

	(void)state;
	device.numbered = false;
	e = ask_get(0);
	assert_int_equal(e.u.get_report_reply.size, 4);
	assert_memory_equal(e.u.get_report_reply.data, "\0\x64\0\0", 4);
}

static void
test_input(void **state)
{
	char cause[128];
	struct uhid_event e;

	(void)state;
	link_->ops->input(link_, report, sizeof(report));
	assert_int_equal(recv(kernel, &e, sizeof(e), 0), -1);
	link_->ops->appear(link_, cause, sizeof(cause));
	take(UHID_CREATE2);
	link_->ops->input(link_, report, sizeof(report));
	e = take(UHID_INPUT2);
	assert_int_equal(e.u.input2.size, 4);
	assert_memory_equal(e.u.input2.data, report, 4);
}

static void
test_stall(void **state)
{
	struct uhid_event e = {.type = UHID_GET_REPORT};

	(void)state;
	stall = 60.0;
	e.u.get_report.rnum = 0x0c;
	tell(&e);
	assert_int_equal(recv(kernel, &e, sizeof(e), 0), -1);
	stall = 0.0;
	link_->ops->retime(link_);
	take(UHID_GET_REPORT_REPLY);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_create_and_destroy, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_reports, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_without_ids, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_input, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_stall, setup, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_STDOUT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
