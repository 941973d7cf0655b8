/* SPDX-License-Identifier: ISC */
/*
 * The virtual UPS as QEMU sees it: the test is the guest's side of the usbredir protocol,
 * played by the library that QEMU itself uses.
 */
#include <errno.h>
#include <event2/event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <usbredirparser.h>

#include <cmocka.h>

#include "lib/sock.h"
#include "sim/link.h"
#include "sim/usbdev.h"

/* What the guest has heard. */
struct heard {
	int connects, disconnects, inputs;
	uint64_t id; /* of the last answer */
	uint8_t status, configuration, alt, speed, class;
	uint16_t vendor, product, version, length;
	uint8_t data[4096];
	int len;
};

static struct event_base *base;
static struct recording recording;
static struct link_device device;
static struct link *link_;
static double stall;
static uint8_t report[] = {0x0c, 100, 0, 0}, written[8];
static size_t written_len;
static char place[64];
static struct usbredirparser *guest;
static int guest_fd;
static struct heard heard;

static const uint8_t *
get(void *arg, uint8_t id, size_t *len)
{
	(void)arg;
	*len = sizeof(report);
	return id == 0x0c ? report : NULL;
}

static int
set(void *arg, const uint8_t *bytes, size_t len)
{
	(void)arg;
	if (len > sizeof(written))
		return -1;
	memcpy(written, bytes, len);
	written_len = len;
	return 0;
}

static const char *
string(void *arg, uint8_t index)
{
	static const char *const strings[] = {NULL, "Back-UPS", "4B10", NULL, "PbAc"};

	(void)arg;
	return index < 5 ? strings[index] : NULL;
}

static void
say(void *arg, int level, const char *text)
{
	(void)arg;
	if (level <= usbredirparser_warning)
		fail_msg("the library complains: %s", text);
}

static int
take_bytes(void *arg, uint8_t *bytes, int count)
{
	ssize_t n = recv(guest_fd, bytes, (size_t)count, MSG_DONTWAIT);

	(void)arg;
	return n == -1 && errno == EAGAIN ? 0 : n > 0 ? (int)n : -1;
}

static int
give_bytes(void *arg, uint8_t *bytes, int count)
{
	(void)arg;
	return (int)send(guest_fd, bytes, (size_t)count, MSG_NOSIGNAL);
}

static void
hear_connect(void *arg, struct usb_redir_device_connect_header *h)
{
	(void)arg;
	heard.connects++;
	heard.vendor = h->vendor_id;
	heard.product = h->product_id;
	heard.version = h->device_version_bcd;
	heard.speed = h->speed;
}

static void
hear_disconnect(void *arg)
{
	(void)arg;
	heard.disconnects++;
}

static void
hear_interfaces(void *arg, struct usb_redir_interface_info_header *h)
{
	(void)arg;
	assert_int_equal(h->interface_count, 1);
	heard.class = h->interface_class[0];
}

static void
hear_endpoints(void *arg, struct usb_redir_ep_info_header *h)
{
	(void)arg;
	assert_int_equal(h->type[17], usb_redir_type_interrupt);
	assert_int_equal(h->type[1], usb_redir_type_invalid);
}

static void
hear_configuration(
    void *arg, uint64_t id, struct usb_redir_configuration_status_header *h)
{
	(void)arg;
	heard.id = id;
	heard.status = h->status;
	heard.configuration = h->configuration;
}

static void
hear_alt(void *arg, uint64_t id, struct usb_redir_alt_setting_status_header *h)
{
	(void)arg;
	heard.id = id;
	heard.status = h->status;
	heard.alt = h->alt;
}

static void
hear_polling(
    void *arg, uint64_t id, struct usb_redir_interrupt_receiving_status_header *h)
{
	(void)arg;
	heard.id = id;
	heard.status = h->status;
}

static void
keep(uint8_t *data, int len)
{
	assert_true(len <= (int)sizeof(heard.data));
	if (len > 0)
		memcpy(heard.data, data, (size_t)len);
	heard.len = len;
	usbredirparser_free_packet_data(guest, data);
}

static void
hear_control(void *arg, uint64_t id, struct usb_redir_control_packet_header *h,
    uint8_t *data, int len)
{
	(void)arg;
	heard.id = id;
	heard.status = h->status;
	heard.length = h->length;
	keep(data, len);
}

static void
hear_input(void *arg, uint64_t id, struct usb_redir_interrupt_packet_header *h,
    uint8_t *data, int len)
{
	(void)arg;
	(void)id;
	assert_int_equal(h->endpoint, USBDEV_ENDPOINT);
	heard.inputs++;
	keep(data, len);
}

/* Lets both sides do what they can. */
static void
pump(void)
{
	int round;

	for (round = 0; round < 4; round++) {
		usbredirparser_do_write(guest);
		event_base_loop(base, EVLOOP_NONBLOCK);
		usbredirparser_do_read(guest);
	}
}

static void
guest_begin(void)
{
	uint32_t caps[USB_REDIR_CAPS_SIZE] = {0};
	char cause[128];

	memset(&heard, 0, sizeof(heard));
	guest_fd = sock_connect_unix(place, SOCK_STREAM, cause, sizeof(cause));
	assert_int_not_equal(guest_fd, -1);
	guest = usbredirparser_create();
	guest->log_func = say;
	guest->read_func = take_bytes;
	guest->write_func = give_bytes;
	guest->device_connect_func = hear_connect;
	guest->device_disconnect_func = hear_disconnect;
	guest->interface_info_func = hear_interfaces;
	guest->ep_info_func = hear_endpoints;
	guest->configuration_status_func = hear_configuration;
	guest->alt_setting_status_func = hear_alt;
	guest->interrupt_receiving_status_func = hear_polling;
	guest->control_packet_func = hear_control;
	guest->interrupt_packet_func = hear_input;
	usbredirparser_caps_set_cap(caps, usb_redir_cap_connect_device_version);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_ep_info_max_packet_size);
	usbredirparser_caps_set_cap(caps, usb_redir_cap_64bits_ids);
	usbredirparser_init(guest, "test", caps, USB_REDIR_CAPS_SIZE, 0);
	pump();
}

static void
guest_end(void)
{
	usbredirparser_destroy(guest);
	close(guest_fd);
	event_base_loop(base, EVLOOP_NONBLOCK);
}

static int
setup(void **state)
{
	static uint8_t descriptor[] = {0x05, 0x84, 0x09, 0x04};
	char cause[128];

	(void)state;
	memset(&recording, 0, sizeof(recording));
	recording.ident = (struct hidups_ident){.vendor = 0x051d,
	    .product = 2,
	    .version = 0x0106,
	    .manufacturer = "APC",
	    .name = "Back-UPS",
	    .serial = "4B10"};
	recording.descriptor = descriptor;
	recording.descriptor_len = sizeof(descriptor);
	device = (struct link_device){.recording = &recording,
	    .numbered = true,
	    .stall = &stall,
	    .get = get,
	    .set = set,
	    .string = string};
	stall = 0.0;
	snprintf(place, sizeof(place), "/tmp/usbredir-test.%ld", (long)getpid());
	base = event_base_new();
	link_ = link_usbredir_new(base, place, &device);
	assert_int_equal(link_->ops->appear(link_, cause, sizeof(cause)), 0);
	guest_begin();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	guest_end();
	link_->ops->free(link_);
	event_base_free(base);
	return access(place, F_OK) == -1 ? 0 : -1;
}

/* A control transfer to the device; its answer is in `heard`. */
static void
ask(uint8_t type, uint8_t request, uint16_t value, uint16_t length, const char *data)
{
	static uint64_t id;
	struct usb_redir_control_packet_header h = {.endpoint = type & 0x80,
	    .requesttype = type,
	    .request = request,
	    .value = value,
	    .length = length};
	uint8_t bytes[8192] = {0};

	heard.id = 0;
	heard.len = -1;
	if (data != NULL)
		memcpy(bytes, data, length < 8 ? length : 8);
	usbredirparser_send_control_packet(
	    guest, ++id, &h, data == NULL ? NULL : bytes, data == NULL ? 0 : length);
	pump();
	if (stall <= 0.0)
		assert_int_equal(heard.id, id);
}

static void
test_plugged(void **state)
{
	(void)state;
	assert_int_equal(heard.connects, 1);
	assert_int_equal(heard.class, 3);
	assert_int_equal(heard.speed, usb_redir_speed_full);
	assert_int_equal(heard.vendor, 0x051d);
	assert_int_equal(heard.product, 2);
	assert_int_equal(heard.version, 0x0106);
}

static void
test_descriptors(void **state)
{
	(void)state;
	ask(0x80, 6, 0x0100, 64, NULL);
	assert_int_equal(heard.len, 18);
	assert_memory_equal(heard.data,
	    "\x12\x01\x10\x01\0\0\0\x40\x1d\x05\x02\0\x06\x01\xfd\x01\x02\x01", 18);
	ask(0x80, 6, 0x0200, 9, NULL);
	assert_int_equal(heard.len, 9);
	assert_int_equal(heard.data[2], 34);
	ask(0x80, 6, 0x0200, 255, NULL);
	assert_int_equal(heard.len, 34);
	assert_int_equal(heard.data[14], 3); /* the interface's class */
	assert_memory_equal(heard.data + 25, "\x04\0", 2);
	assert_memory_equal(heard.data + 27, "\x07\x05\x81\x03\x40\0\x0a", 7);
	ask(0x81, 6, 0x2100, 255, NULL);
	assert_int_equal(heard.len, 9);
	ask(0x81, 6, 0x2200, 255, NULL);
	assert_int_equal(heard.len, 4);
	assert_memory_equal(heard.data, recording.descriptor, 4);
	ask(0x80, 6, 0x0600, 10, NULL); /* a device qualifier: only faster ones have it */
	assert_int_equal(heard.status, usb_redir_stall);
}

static void
test_strings(void **state)
{
	(void)state;
	ask(0x80, 6, 0x0300, 255, NULL);
	assert_memory_equal(heard.data, "\x04\x03\x09\x04", 4);
	ask(0x80, 6, 0x0304, 255, NULL);
	assert_int_equal(heard.len, 10);
	assert_memory_equal(heard.data, "\x0a\x03P\0b\0A\0c\0", 10);
	ask(0x80, 6, 0x03fd, 255, NULL);
	assert_memory_equal(heard.data,
	    "\x08\x03"
	    "A\0P\0C\0",
	    8);
	ask(0x80, 6, 0x0307, 255, NULL);
	assert_int_equal(heard.status, usb_redir_stall);
}

static void
test_settings(void **state)
{
	struct usb_redir_set_configuration_header configuration = {1};
	struct usb_redir_set_alt_setting_header alt = {0, 0};

	(void)state;
	usbredirparser_send_set_configuration(guest, 21, &configuration);
	pump();
	assert_true(heard.id == 21 && heard.status == 0 && heard.configuration == 1);
	usbredirparser_send_get_configuration(guest, 22);
	pump();
	assert_true(heard.id == 22 && heard.configuration == 1);
	usbredirparser_send_set_alt_setting(guest, 23, &alt);
	pump();
	assert_true(heard.id == 23 && heard.status == 0);
	alt.interface = 1;
	usbredirparser_send_set_alt_setting(guest, 24, &alt);
	pump();
	assert_true(heard.id == 24 && heard.status == usb_redir_stall);
	usbredirparser_send_reset(guest);
	ask(0x21, 10, 0, 0, NULL);
	assert_int_equal(heard.status, 0);
}

static void
test_reports(void **state)
{
	(void)state;
	ask(0xa1, 1, 0x030c, 8, NULL);
	assert_int_equal(heard.len, 4);
	assert_memory_equal(heard.data, report, 4);
	ask(0xa1, 1, 0x030c, 2, NULL);
	assert_int_equal(heard.len, 2);
	ask(0xa1, 1, 0x030d, 8, NULL);
	assert_int_equal(heard.status, usb_redir_stall);
	ask(0x21, 9, 0x030c, 2, "\x0c\x07");
	assert_int_equal(heard.status, 0);
	assert_int_equal(written_len, 2);
	assert_memory_equal(written, "\x0c\x07", 2);

	device.numbered = false;
	ask(0x21, 9, 0x0300, 1, "\x07");
	assert_int_equal(written_len, 2);
	assert_memory_equal(written, "\0\x07", 2);
	ask(0x21, 9, 0x0300, 8192, "junkjunk");
	assert_int_equal(heard.status, usb_redir_stall);
}

static void
test_input(void **state)
{
	struct usb_redir_start_interrupt_receiving_header start = {USBDEV_ENDPOINT};
	struct usb_redir_stop_interrupt_receiving_header stop = {USBDEV_ENDPOINT};
	uint8_t longer[100] = {1};

	(void)state;
	link_->ops->input(link_, report, sizeof(report));
	pump();
	assert_int_equal(heard.inputs, 0);
	usbredirparser_send_start_interrupt_receiving(guest, 31, &start);
	pump();
	assert_true(heard.id == 31 && heard.status == 0);
	link_->ops->input(link_, report, sizeof(report));
	pump();
	assert_true(heard.inputs == 1 && heard.len == 4);
	assert_memory_equal(heard.data, report, 4);
	link_->ops->input(link_, longer, sizeof(longer));
	pump();
	assert_true(heard.inputs == 3 && heard.len == 36);
	usbredirparser_send_stop_interrupt_receiving(guest, 32, &stop);
	pump();
	link_->ops->input(link_, report, sizeof(report));
	pump();
	assert_int_equal(heard.inputs, 3);
}

static void
test_stall(void **state)
{
	(void)state;
	stall = 60.0;
	ask(0xa1, 1, 0x030c, 8, NULL);
	assert_int_equal(heard.id, 0);
	stall = 0.0;
	link_->ops->retime(link_);
	pump();
	assert_memory_equal(heard.data, report, 4);
}

/* What waited when the device was pulled out is void. */
static void
test_drop(void **state)
{
	char cause[128];

	(void)state;
	stall = 60.0;
	ask(0xa1, 1, 0x030c, 8, NULL);
	link_->ops->vanish(link_);
	pump();
	assert_int_equal(heard.disconnects, 1);
	stall = 0.0;
	link_->ops->retime(link_);
	pump();
	assert_int_equal(heard.id, 0);
	assert_int_equal(link_->ops->appear(link_, cause, sizeof(cause)), 0);
	pump();
	assert_int_equal(heard.connects, 2);
}

/* The machine goes and comes, with the device there or not. */
static void
test_reboot(void **state)
{
	char cause[128];

	(void)state;
	guest_end();
	guest_begin();
	assert_int_equal(heard.connects, 1);
	guest_end();
	link_->ops->vanish(link_);
	guest_begin();
	assert_int_equal(heard.connects, 0);
	assert_int_equal(link_->ops->appear(link_, cause, sizeof(cause)), 0);
	pump();
	assert_int_equal(heard.connects, 1);
}

/* One guest at a time; one that talks nonsense loses it. */
static void
test_strangers(void **state)
{
	char cause[128], junk[256];
	int fd = sock_connect_unix(place, SOCK_STREAM, cause, sizeof(cause));

	(void)state;
	event_base_loop(base, EVLOOP_NONBLOCK);
	assert_int_equal(recv(fd, junk, sizeof(junk), 0), 0);
	close(fd);
	guest_end();

	fd = sock_connect_unix(place, SOCK_STREAM, cause, sizeof(cause));
	memset(junk, 0xff, sizeof(junk));
	assert_int_equal(send(fd, junk, sizeof(junk), 0), sizeof(junk));
	event_base_loop(base, EVLOOP_NONBLOCK);
	event_base_loop(base, EVLOOP_NONBLOCK);
	event_base_loop(base, EVLOOP_NONBLOCK);
	close(fd);
	guest_begin();
	assert_int_equal(heard.connects, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_plugged, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_descriptors, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_strings, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_settings, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_reports, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_input, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_stall, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_drop, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_reboot, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_strangers, setup, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_STDOUT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
