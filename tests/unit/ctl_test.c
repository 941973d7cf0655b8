/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/ctl.h"

static int fds[2];

static int
open_pair(void **state)
{
	return socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds);
}

static int
close_pair(void **state)
{
	close(fds[0]);
	close(fds[1]);
	return 0;
}

static void
test_all_types(void **state)
{
	struct ctl_msg in = {.type = CTL_HEARTBEAT}, out;

	in.heartbeat.seq = 7;
	in.heartbeat.deadline_ms = 1ULL << 40;
	in.heartbeat.cut = 1;
	assert_int_equal(ctl_send(fds[0], &in), 0);
	assert_int_equal(ctl_recv(fds[1], &out), 1);
	assert_int_equal(out.type, CTL_HEARTBEAT);
	assert_int_equal(out.heartbeat.seq, 7);
	assert_true(out.heartbeat.deadline_ms == 1ULL << 40);
	assert_int_equal(out.heartbeat.cut, 1);
	for (uint32_t type = CTL_RESTART; type <= CTL_SLEEP; type++) {
		in = (struct ctl_msg){.type = type};
		in.run.row = 3;
		in.run.id = 4;
		assert_int_equal(ctl_send(fds[0], &in), 0);
		assert_int_equal(ctl_recv(fds[1], &out), 1);
		assert_int_equal(out.type, type);
		assert_memory_equal(&out, &in, sizeof(in));
	}
	assert_int_equal(ctl_recv(fds[1], &out), 0);
}

/* Anything but a packet of the table ends the trust. */
static void
test_foreign(void **state)
{
	struct ctl_msg out, in = {.type = CTL_RUN};
	unsigned char packet[sizeof(struct ctl_msg) + 8] = {0};

	in.type = 0;
	assert_int_equal(ctl_send(fds[0], &in), -1);
	assert_int_equal(errno, EINVAL);
	in.type = 99;
	assert_int_equal(ctl_send(fds[0], &in), -1);
	for (size_t len = 1; len <= sizeof(packet); len++) {
		in.type = CTL_RUN;
		memcpy(packet, &in, sizeof(in));
		assert_int_equal(send(fds[0], packet, len, 0), (ssize_t)len);
		assert_int_equal(ctl_recv(fds[1], &out), len == 16 ? 1 : -1);
		in.type = CTL_SLEEP + 1;
		memcpy(packet, &in, sizeof(in));
		assert_int_equal(send(fds[0], packet, len, 0), (ssize_t)len);
		assert_int_equal(ctl_recv(fds[1], &out), -1);
	}
}

/* A text ends within its packet. */
static void
test_text(void **state)
{
	struct ctl_msg out, in = {.type = CTL_TELL};

	memset(in.tell.text, 'x', sizeof(in.tell.text) - 1);
	assert_int_equal(ctl_send(fds[0], &in), 0);
	assert_int_equal(ctl_recv(fds[1], &out), 1);
	assert_string_equal(out.tell.text, in.tell.text);
	in.tell.text[sizeof(in.tell.text) - 1] = 'x';
	assert_int_equal(ctl_send(fds[0], &in), 0);
	assert_int_equal(ctl_recv(fds[1], &out), -1);
}

static void
test_end(void **state)
{
	struct ctl_msg msg = {.type = CTL_RESTART};

	while (ctl_send(fds[0], &msg) == 0)
		continue;
	assert_int_equal(errno, EAGAIN);
	close(fds[1]);
	fds[1] = -1;
	assert_int_equal(ctl_send(fds[0], &msg), -1);
	assert_int_equal(ctl_recv(fds[0], &msg), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_all_types, open_pair, close_pair),
	    cmocka_unit_test_setup_teardown(test_foreign, open_pair, close_pair),
	    cmocka_unit_test_setup_teardown(test_text, open_pair, close_pair),
	    cmocka_unit_test_setup_teardown(test_end, open_pair, close_pair),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
