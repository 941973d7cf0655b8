/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/netctl.h"

struct ends {
	int ours, theirs;
};

static int
setup(void **state)
{
	static struct ends ends;
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	ends = (struct ends){pair[0], pair[1]};
	*state = &ends;
	return 0;
}

static int
teardown(void **state)
{
	struct ends *e = *state;

	close(e->ours);
	close(e->theirs);
	return 0;
}

/* A file of this length, so that descriptors can be told apart. */
static int
file(off_t size)
{
	int fd = memfd_create("test", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, size), 0);
	return fd;
}

static off_t
length(int fd)
{
	struct stat st;

	assert_int_equal(fstat(fd, &st), 0);
	return st.st_size;
}

static size_t
descriptors(void)
{
	size_t n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/* Each descriptor comes to its place, whatever is missing between them. */
static void
test_round(void **state)
{
	struct ends *e = *state;
	struct netctl sent = {.texts = {file(1), -1, file(3), -1, file(5)}}, got;
	size_t before = descriptors();

	for (size_t i = 0; i < NETCTL_LISTENS_MAX; i++)
		sent.listens[sent.nlistens++] = i == 0 ? sent.texts[0] : sent.texts[2];
	assert_int_equal(netctl_recv(e->theirs, &got), 0);
	assert_int_equal(netctl_send(e->ours, &sent), 0);
	assert_int_equal(netctl_recv(e->theirs, &got), 1);
	assert_int_equal(length(got.texts[NETCTL_UPSD_CONF]), 1);
	assert_int_equal(got.texts[NETCTL_UPSD_USERS], -1);
	assert_int_equal(length(got.texts[NETCTL_HOLDUP_CONF]), 3);
	assert_int_equal(got.texts[NETCTL_CERTIFICATE], -1);
	assert_int_equal(length(got.texts[NETCTL_AUTHORITIES]), 5);
	assert_int_equal(got.nlistens, NETCTL_LISTENS_MAX);
	assert_int_equal(length(got.listens[0]), 1);
	assert_int_equal(length(got.listens[NETCTL_LISTENS_MAX - 1]), 3);
	assert_int_equal(fcntl(got.listens[0], F_GETFD), FD_CLOEXEC);
	netctl_close(&got);
	assert_int_equal(descriptors(), before);
	netctl_close_texts(&sent);
	assert_int_equal(descriptors(), before - 3);
}

static void
test_nothing(void **state)
{
	struct ends *e = *state;
	struct netctl n = {.texts = {-1, -1, -1, -1, -1}}, got;

	assert_int_equal(netctl_send(e->ours, &n), 0);
	assert_int_equal(netctl_recv(e->theirs, &got), 1);
	assert_int_equal(got.nlistens, 0);
	for (size_t i = 0; i < NETCTL_TEXTS; i++)
		assert_int_equal(got.texts[i], -1);
	close(e->ours);
	e->ours = -1;
	assert_int_equal(netctl_recv(e->theirs, &got), -1);
}

/* Sends these bytes with a descriptor. */
static void
send_bytes(int fd, const void *bytes, size_t len, int with)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} u = {.head = {.cmsg_len = CMSG_LEN(sizeof(int)),
		   .cmsg_level = SOL_SOCKET,
		   .cmsg_type = SCM_RIGHTS}};
	char copy[64] = {0};
	struct iovec io = {.iov_base = copy, .iov_len = len};
	struct msghdr msg = {.msg_iov = &io,
	    .msg_iovlen = 1,
	    .msg_control = &u,
	    .msg_controllen = sizeof(u.room)};

	memcpy(copy, bytes, len);
	memcpy(CMSG_DATA(&u.head), &with, sizeof(with));
	assert_int_equal(sendmsg(fd, &msg, 0), len);
}

/* What is no packet of these leaves no descriptor behind. */
static void
test_wrong(void **state)
{
	static const uint32_t packets[][5] = {
	    {0x6e6574, 0, 0, 0, 0},          /* nothing announced, one comes */
	    {0x6e6574, 3, 0, 0, 0},          /* two announced */
	    {0x6e6574, 1u << 5, 0, 0, 0},    /* no such text */
	    {0x6e6574, 0, 1000000, 0, 0},    /* too many listeners */
	    {0x6e6574, 0, UINT32_MAX, 0, 0}, /* so many that one is missing */
	    {0x747276, 1, 0, 0, 0},          /* not ours */
	};
	const uint32_t fine[5] = {0x6e6574, 1, 0, 0, 0};
	struct ends *e = *state;
	struct netctl got;
	int fd = file(1);
	size_t before = descriptors();

	for (size_t i = 0; i < sizeof(packets) / sizeof(packets[0]); i++) {
		send_bytes(e->ours, packets[i], 16, fd);
		assert_int_equal(netctl_recv(e->theirs, &got), -1);
	}
	send_bytes(e->ours, fine, 15, fd);
	assert_int_equal(netctl_recv(e->theirs, &got), -1);
	send_bytes(e->ours, fine, 20, fd);
	assert_int_equal(netctl_recv(e->theirs, &got), -1);
	assert_int_equal(descriptors(), before);
	send_bytes(e->ours, fine, 16, fd);
	assert_int_equal(netctl_recv(e->theirs, &got), 1);
	netctl_close(&got);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_round, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_nothing, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_wrong, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
