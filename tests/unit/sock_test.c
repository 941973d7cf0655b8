/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/sock.h"

static char dir[32], path[64], cause[300];

static int
make_dir(void **state)
{
	snprintf(dir, sizeof(dir), "/tmp/sock_test.XXXXXX");
	snprintf(path, sizeof(path), "%s/s", mkdtemp(dir));
	cause[0] = '\0';
	return 0;
}

static int
remove_dir(void **state)
{
	unlink(path);
	return rmdir(dir);
}

static void
assert_cause(const char *part)
{
	if (strstr(cause, part) == NULL)
		fail_msg("\"%s\" does not hold \"%s\"", cause, part);
}

static void
assert_flags(int fd)
{
	assert_true(fd >= 0);
	assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
}

static void
test_unix(void **state)
{
	struct stat st;
	int listener, a, b;

	listener = sock_listen_unix(path, SOCK_STREAM, 0660, cause, sizeof(cause));
	assert_flags(listener);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0660);
	a = sock_connect_unix(path, SOCK_STREAM, cause, sizeof(cause));
	assert_flags(a);
	b = accept(listener, NULL, NULL);
	assert_int_equal(write(a, "x", 1), 1);
	assert_true(b >= 0);
	assert_int_equal(sock_port(a), -1);
	assert_int_equal(
	    sock_listen_unix(path, SOCK_STREAM, 0660, cause, sizeof(cause)), -1);
	assert_cause(path);
	assert_cause("in use");
	assert_true(sock_is_served(path));
	assert_int_equal(accept(listener, NULL, NULL), -1); /* nobody was disturbed */
	assert_int_equal(
	    sock_connect_unix(path, SOCK_SEQPACKET, cause, sizeof(cause)), -1);
	assert_cause(path);
	close(a);
	close(b);
	close(listener);
	assert_false(sock_is_served(path));
	unlink(path);
	assert_false(sock_is_served(path));
}

static void
test_dead_unix(void **state)
{
	int fd = sock_listen_unix(path, SOCK_SEQPACKET, 0600, cause, sizeof(cause));

	close(fd);
	assert_int_equal(access(path, F_OK), 0);
	assert_int_equal(
	    sock_connect_unix(path, SOCK_SEQPACKET, cause, sizeof(cause)), -1);
	assert_int_equal(errno, ECONNREFUSED);
	fd = sock_listen_unix(path, SOCK_STREAM, 0600, cause, sizeof(cause));
	assert_true(fd >= 0);
	close(fd);
}

/* What is no socket is never removed. */
static void
test_no_socket(void **state)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fclose(f);
	assert_int_equal(
	    sock_listen_unix(path, SOCK_STREAM, 0600, cause, sizeof(cause)), -1);
	assert_cause("no socket");
	assert_int_equal(access(path, F_OK), 0);
}

static void
test_long_path(void **state)
{
	char name[200];

	memset(name, 'x', sizeof(name));
	name[0] = '/';
	name[108] = '\0';
	assert_int_equal(
	    sock_listen_unix(name, SOCK_STREAM, 0600, cause, sizeof(cause)), -1);
	assert_cause(name);
	assert_cause("107 bytes");
	assert_cause("has 108");
	assert_int_equal(errno, ENAMETOOLONG);
	assert_int_equal(sock_connect_unix(name, SOCK_STREAM, cause, sizeof(cause)), -1);
}

static void
test_tcp(void **state)
{
	static const char *const addresses[] = {"127.0.0.1", "::1"};

	for (int i = 0; i < 2; i++) {
		char port[16];
		int a, b, fd;

		fd = sock_listen_tcp(addresses[i], "0", cause, sizeof(cause));
		assert_flags(fd);
		snprintf(port, sizeof(port), "%d", sock_port(fd));
		a = sock_connect_tcp(addresses[i], port, 1000, cause, sizeof(cause));
		assert_true(a >= 0);
		assert_false(fcntl(a, F_GETFL) & O_NONBLOCK);
		assert_true(fcntl(a, F_GETFD) & FD_CLOEXEC);
		b = accept(fd, NULL, NULL);
		assert_true(b >= 0);
		assert_int_equal(
		    sock_listen_tcp(addresses[i], port, cause, sizeof(cause)), -1);
		assert_cause(addresses[i]);
		assert_cause("in use");
		close(b);
		close(a);
		close(fd);
		/* The port is free again at once, in spite of the dead connection. */
		fd = sock_listen_tcp(addresses[i], port, cause, sizeof(cause));
		assert_true(fd >= 0);
		close(fd);
		assert_int_equal(
		    sock_connect_tcp(addresses[i], port, 1000, cause, sizeof(cause)), -1);
		assert_cause("refused");
	}
}

/* An address that this machine has not got yet; IPv4 and IPv6 side by side. */
static void
test_freebind(void **state)
{
	int fd = sock_listen_tcp("203.0.113.7", "0", cause, sizeof(cause)), six;
	char port[16];

	assert_true(fd >= 0);
	close(fd);
	fd = sock_listen_tcp("2001:db8::7", "0", cause, sizeof(cause));
	assert_true(fd >= 0);
	close(fd);
	fd = sock_listen_tcp("0.0.0.0", "0", cause, sizeof(cause));
	snprintf(port, sizeof(port), "%d", sock_port(fd));
	six = sock_listen_tcp("::", port, cause, sizeof(cause));
	assert_true(six >= 0);
	close(fd);
	close(six);
}

static void
test_bad_tcp(void **state)
{
	assert_int_equal(sock_listen_tcp("nowhere", "1", cause, sizeof(cause)), -1);
	assert_cause("nowhere");
	assert_int_equal(sock_listen_tcp("127.0.0.1", "nut", cause, sizeof(cause)), -1);
	assert_cause("and a port number");
	assert_int_equal(sock_port(-1), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_unix, make_dir, remove_dir),
	    cmocka_unit_test_setup_teardown(test_dead_unix, make_dir, remove_dir),
	    cmocka_unit_test_setup_teardown(test_no_socket, make_dir, remove_dir),
	    cmocka_unit_test(test_long_path),
	    cmocka_unit_test(test_tcp),
	    cmocka_unit_test(test_freebind),
	    cmocka_unit_test(test_bad_tcp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
