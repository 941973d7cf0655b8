/* SPDX-License-Identifier: ISC */
/* The virtual UPS as machines import it by USB/IP: the test is their side. */
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <event2/event.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/sock.h"
#include "sim/link.h"
#include "sim/usbip.h"

#define PATIENCE_MS 5000
#define DEVICE_BYTES 312

static struct event_base *base;
static struct recording recording;
static struct link_device device;
static struct link *link_;
static double stall;
static uint8_t report[] = {0x0c, 100, 0, 0}, written[8];
static size_t written_len;
static char address[32];
static int host;

/* The last answer to a command. */
static struct {
	uint32_t command, seqnum;
	int32_t status;
	uint32_t length;
	uint8_t data[4096];
} heard;

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
	(void)arg;
	return index == 1 ? "Back-UPS" : NULL;
}

/* Reads so many bytes while the device's side does its part. Returns how many there were
 * before the connection ended, if it did. */
static size_t
hear(int fd, void *bytes, size_t len)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	size_t have = 0;
	int tries = 0;
	ssize_t n;

	while (have < len) {
		event_base_loop(base, EVLOOP_NONBLOCK);
		if (poll(&p, 1, 1) == 0) {
			assert_true(++tries < PATIENCE_MS);
			continue;
		}
		n = recv(fd, (char *)bytes + have, len - have, MSG_DONTWAIT);
		if (n <= 0)
			break;
		have += (size_t)n;
	}
	return have;
}

static void
say(int fd, const void *bytes, size_t len)
{
	assert_int_equal(send(fd, bytes, len, MSG_NOSIGNAL), len);
}

static int
dial(void)
{
	char cause[128];
	int fd = sock_connect_tcp(address, "3240", PATIENCE_MS, cause, sizeof(cause));

	if (fd == -1)
		fail_msg("%s", cause);
	return fd;
}

/* Asks for the device; the status of the answer. */
static uint32_t
import(int fd, const char *busid)
{
	uint8_t request[40] = {1, 0x11, 0x80, 3}, reply[8], rest[DEVICE_BYTES];

	snprintf((char *)request + 8, USBIP_BUSID_MAX, "%s", busid);
	say(fd, request, sizeof(request));
	assert_int_equal(hear(fd, reply, sizeof(reply)), sizeof(reply));
	assert_memory_equal(reply, "\1\x11\0\3\0\0\0", 7);
	if (reply[7] == USBIP_OK)
		assert_int_equal(hear(fd, rest, sizeof(rest)), sizeof(rest));
	return reply[7];
}

/* How many devices it says there are. */
static uint32_t
devices(void)
{
	static const uint8_t request[] = {1, 0x11, 0x80, 5, 0, 0, 0, 0};
	uint8_t reply[12], rest[DEVICE_BYTES + 4];
	int fd = dial();

	say(fd, request, sizeof(request));
	assert_int_equal(hear(fd, reply, sizeof(reply)), sizeof(reply));
	if (reply[11] > 0)
		assert_int_equal(hear(fd, rest, sizeof(rest)), sizeof(rest));
	close(fd);
	return reply[11];
}

/* A command with its setup packet, or an unlink of `length`, and data. */
static uint32_t
command(uint32_t verb, bool in, uint32_t endpoint, uint32_t length, const char *setup,
    const void *data)
{
	static uint32_t seqnum = 1000;
	uint32_t words[12] = {htobe32(verb), htobe32(++seqnum), htobe32(USBIP_DEVID),
	    htobe32(in), htobe32(endpoint)};

	if (verb == 2)
		words[5] = htobe32(length);
	else
		words[6] = htobe32(length);
	if (setup != NULL)
		memcpy(words + 10, setup, 8);
	say(host, words, sizeof(words));
	if (data != NULL)
		say(host, data, length);
	return seqnum;
}

/* Waits for an answer; true if it is to this command. */
static bool
answered(uint32_t seqnum)
{
	uint32_t words[12];

	assert_int_equal(hear(host, words, sizeof(words)), sizeof(words));
	heard.command = be32toh(words[0]);
	heard.seqnum = be32toh(words[1]);
	heard.status = (int32_t)be32toh(words[5]);
	heard.length = heard.command == 3 ? be32toh(words[6]) : 0;
	assert_true(heard.length <= sizeof(heard.data));
	return heard.seqnum == seqnum;
}

/* The same for one that brings data. */
static bool
brought(uint32_t seqnum)
{
	bool ours = answered(seqnum);

	assert_int_equal(hear(host, heard.data, heard.length), heard.length);
	return ours;
}

/* True if nothing has been said so far. */
static bool
silent(void)
{
	struct pollfd p = {.fd = host, .events = POLLIN};
	int round;

	for (round = 0; round < 4; round++)
		event_base_loop(base, EVLOOP_NONBLOCK);
	return poll(&p, 1, 20) == 0;
}

/* An address of this process alone, as tests run side by side. */
static int
setup(void **state)
{
	static uint8_t descriptor[] = {0x05, 0x84, 0x09, 0x04};
	char cause[128], place[64];
	unsigned long pid = (unsigned long)getpid();

	(void)state;
	memset(&recording, 0, sizeof(recording));
	recording.ident = (struct hidups_ident){
	    .vendor = 0x051d, .product = 2, .version = 0x0106, .name = "Back-UPS"};
	recording.descriptor = descriptor;
	recording.descriptor_len = sizeof(descriptor);
	device = (struct link_device){.recording = &recording,
	    .numbered = true,
	    .stall = &stall,
	    .get = get,
	    .set = set,
	    .string = string};
	stall = 0.0;
	snprintf(address, sizeof(address), "127.%lu.%lu.%lu", 64 + (pid >> 16),
	    pid >> 8 & 0xff, pid & 0xff);
	snprintf(place, sizeof(place), "%s:3240", address);
	base = event_base_new();
	link_ = link_usbip_new(base, place, &device);
	if (link_->ops->appear(link_, cause, sizeof(cause)) != 0)
		fail_msg("%s", cause);
	host = dial();
	assert_int_equal(import(host, USBIP_BUSID), USBIP_OK);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	close(host);
	link_->ops->free(link_);
	event_base_free(base);
	return 0;
}

/* What a kernel asks on the way to a hidraw node. */
static void
test_enumeration(void **state)
{
	(void)state;
	assert_true(brought(command(1, true, 0, 18, "\x80\6\0\1\0\0\x12\0", NULL)));
	assert_true(heard.length == 18 && heard.status == 0);
	assert_memory_equal(
	    heard.data, "\x12\x01\x10\x01\0\0\0\x40\x1d\x05\x02\0\x06\x01", 14);
	assert_true(brought(command(1, true, 0, 9, "\x80\6\0\2\0\0\xff\0", NULL)));
	assert_int_equal(heard.length, 9); /* what there is room for */
	assert_true(brought(command(1, true, 0, 255, "\x80\6\0\2\0\0\xff\0", NULL)));
	assert_int_equal(heard.length, 34);
	assert_true(brought(command(1, true, 0, 255, "\x80\6\1\3\x09\4\xff\0", NULL)));
	assert_memory_equal(heard.data, "\x12\3B\0a\0c\0k", 9);
	assert_true(answered(command(1, false, 0, 0, "\0\x09\1\0\0\0\0\0", NULL)));
	assert_int_equal(heard.status, 0); /* SET_CONFIGURATION */
	assert_true(brought(command(1, true, 0, 1, "\x80\x08\0\0\0\0\1\0", NULL)));
	assert_int_equal(heard.data[0], 1);
	assert_true(answered(command(1, false, 0, 0, "\1\x0b\0\0\0\0\0\0", NULL)));
	assert_int_equal(heard.status, 0); /* SET_INTERFACE */
	assert_true(answered(command(1, false, 0, 0, "\1\x0b\1\0\0\0\0\0", NULL)));
	assert_int_equal(heard.status, -EPIPE);
	assert_true(brought(command(1, true, 0, 1, "\x81\x0a\0\0\0\0\1\0", NULL)));
	assert_int_equal(heard.data[0], 0);
	assert_true(answered(command(1, false, 0, 0, "\x21\x0a\0\0\0\0\0\0", NULL)));
	assert_int_equal(heard.status, 0); /* SET_IDLE */
	assert_true(brought(command(1, true, 0, 4, "\x81\6\0\x22\0\0\4\0", NULL)));
	assert_memory_equal(heard.data, "\x05\x84\x09\x04", 4);
	assert_true(answered(command(1, true, 0, 10, "\x80\6\0\6\0\0\x0a\0", NULL)));
	assert_true(heard.status == -EPIPE && heard.length == 0); /* no qualifier */
}

static void
test_reports(void **state)
{
	(void)state;
	assert_true(brought(command(1, true, 0, 8, "\xa1\1\x0c\3\0\0\x08\0", NULL)));
	assert_int_equal(heard.length, 4);
	assert_memory_equal(heard.data, report, 4);
	assert_true(answered(command(1, true, 0, 8, "\xa1\1\x0d\3\0\0\x08\0", NULL)));
	assert_int_equal(heard.status, -EPIPE);
	assert_true(
	    answered(command(1, false, 0, 2, "\x21\x09\x0c\3\0\0\2\0", "\x0c\7")));
	assert_true(heard.status == 0 && heard.length == 2);
	assert_true(written_len == 2 && memcmp(written, "\x0c\7", 2) == 0);
	assert_true(answered(
	    command(1, false, 0, 9, "\x21\x09\x0c\3\0\0\x09\0", "\x0cjunkjunk")));
	assert_int_equal(heard.status, -EPIPE);
	assert_true(answered(command(1, true, 2, 8, NULL, NULL)));
	assert_int_equal(heard.status, -EPIPE); /* no such endpoint */
}

/* A poll waits for a report and a report for a poll; one that is taken back gets none. */
static void
test_input(void **state)
{
	uint32_t first, second;

	(void)state;
	first = command(1, true, 1, 8, NULL, NULL);
	second = command(1, true, 1, 8, NULL, NULL);
	assert_true(silent());
	link_->ops->input(link_, report, sizeof(report));
	assert_true(brought(first) && heard.length == 4 && heard.status == 0);
	assert_memory_equal(heard.data, report, 4);

	assert_true(answered(command(2, false, 0, second, NULL, NULL)));
	assert_true(heard.command == 4 && heard.status == -ECONNRESET);
	link_->ops->input(link_, report, sizeof(report));
	assert_true(silent());
	assert_true(answered(command(2, false, 0, first, NULL, NULL)));
	assert_true(heard.command == 4 && heard.status == 0);
	assert_true(brought(command(1, true, 1, 8, NULL, NULL)));
	assert_memory_equal(heard.data, report, 4);
}

/* A slow device is slow at reports alone, and at those that somebody waits for. */
static void
test_stall(void **state)
{
	uint32_t taken_back, waiting;

	(void)state;
	stall = 60.0;
	taken_back = command(1, true, 0, 8, "\xa1\1\x0c\3\0\0\x08\0", NULL);
	waiting = command(1, true, 0, 8, "\xa1\1\x0c\3\0\0\x08\0", NULL);
	assert_true(silent());
	assert_true(answered(command(2, false, 0, taken_back, NULL, NULL)));
	assert_int_equal(heard.status, -ECONNRESET);
	assert_true(brought(command(1, true, 0, 18, "\x80\6\0\1\0\0\x12\0", NULL)));
	assert_int_equal(heard.length, 18); /* as after a reset */
	stall = 0.0;
	link_->ops->retime(link_);
	assert_true(brought(waiting));
	assert_memory_equal(heard.data, report, 4);
	assert_true(silent());
}

/* One machine has it, others may look. */
static void
test_one_holder(void **state)
{
	int other = dial();

	(void)state;
	assert_int_equal(devices(), 1);
	assert_int_equal(import(other, USBIP_BUSID), USBIP_BUSY);
	assert_int_equal(import(other, "3-2"), USBIP_NO_DEVICE);
	assert_true(brought(command(1, true, 0, 8, "\xa1\1\x0c\3\0\0\x08\0", NULL)));
	close(host);
	host = other;
	while (import(other, USBIP_BUSID) == USBIP_BUSY)
		event_base_loop(base, EVLOOP_NONBLOCK);
	assert_true(brought(command(1, true, 0, 8, "\xa1\1\x0c\3\0\0\x08\0", NULL)));
}

/* Pulled out, its host loses it; back again, it is there for whoever comes. */
static void
test_drop(void **state)
{
	char cause[128];
	uint8_t byte;

	(void)state;
	stall = 60.0;
	command(1, true, 0, 8, "\xa1\1\x0c\3\0\0\x08\0", NULL);
	assert_true(silent());
	link_->ops->vanish(link_);
	assert_int_equal(hear(host, &byte, 1), 0);
	close(host);
	assert_int_equal(devices(), 0);
	host = dial();
	assert_int_equal(import(host, USBIP_BUSID), USBIP_NO_DEVICE);
	assert_int_equal(link_->ops->appear(link_, cause, sizeof(cause)), 0);
	assert_int_equal(import(host, USBIP_BUSID), USBIP_OK);
	stall = 0.0;
	link_->ops->retime(link_);
	assert_true(silent()); /* what waited before is void */
	assert_true(brought(command(1, true, 0, 8, "\xa1\1\x0c\3\0\0\x08\0", NULL)));
}

/* Who does not speak the language goes, the holder among them; who says nothing waits. */
static void
test_strangers(void **state)
{
	static const char junk[64] = "GET / HTTP/1.1\r\n\r\n";
	int fd = dial(), quiet = dial();
	uint8_t byte;

	(void)state;
	say(fd, junk, sizeof(junk));
	assert_int_equal(hear(fd, &byte, 1), 0);
	close(fd);
	say(host, junk, sizeof(junk));
	assert_int_equal(hear(host, &byte, 1), 0);
	close(host);
	host = quiet;
	assert_int_equal(import(host, USBIP_BUSID), USBIP_OK);
}

/* Too many requests are stalled, too many machines turned away; both go on later. */
static void
test_bounds(void **state)
{
	int fds[8];
	uint8_t byte;

	(void)state;
	stall = 60.0;
	for (int i = 0; i < 70; i++)
		command(1, true, 0, 8, "\xa1\1\x0c\3\0\0\x08\0", NULL);
	for (int i = 64; i < 70; i++)
		assert_true(!answered(0) && heard.status == -EPIPE);
	assert_true(silent());
	stall = 0.0;
	link_->ops->retime(link_);
	for (int i = 0; i < 64; i++)
		assert_true(!brought(0) && heard.status == 0);

	for (int i = 0; i < 8; i++)
		fds[i] = dial();
	assert_int_equal(hear(fds[7], &byte, 1), 0);
	for (int i = 0; i < 8; i++)
		close(fds[i]);
	assert_int_equal(devices(), 1);
}

static void
test_places(void **state)
{
	static const char *const wrong[] = {"", "3240", ":3240", "localhost", "[]:3240"};
	struct link *other;
	char cause[128];

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		other = link_usbip_new(base, wrong[i], &device);
		assert_int_equal(other->ops->appear(other, cause, sizeof(cause)), -1);
		other->ops->free(other);
	}
	other = link_usbip_new(base, "[::1]:0", &device);
	if (other->ops->appear(other, cause, sizeof(cause)) != 0)
		assert_non_null(strstr(cause, "::1"));
	other->ops->free(other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_enumeration, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_reports, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_input, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_stall, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_one_holder, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_drop, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_strangers, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_bounds, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_places, setup, teardown),
	};

	cmocka_set_message_output(CM_OUTPUT_STDOUT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
