/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/buf.h"
#include "lib/lineio.h"

#define LINE_MAX_HERE 20
#define QUEUE_MAX_HERE 100000

/* One connection under test, the other end as a plain descriptor, and what was heard. */
static struct fixture {
	struct event_base *base;
	struct lineio *io;
	int fd, peer;
	struct buf heard; /* lines, with "|" behind each */
	char why[64];
	int closed;
	bool free_in_line, free_in_closed, coat_in_line;
	int coated, bare; /* calls of coated(); coats that were taken off */
} f;

/* A coat that turns each letter's case. Its handshake is to read "h" and write "H"; then it
 * reads a letter at a time, so that more is pending than the socket shows. */
static char hidden[64];
static size_t nhidden;

static int
coat_shake(void *coat)
{
	char letter;

	if (read(*(int *)coat, &letter, 1) != 1)
		return errno == EAGAIN ? 0 : -1;
	return letter == 'h' && write(*(int *)coat, "H", 1) == 1 ? 1 : -1;
}

static const char *
coat_why(void *coat)
{
	return "no h";
}

static ssize_t
coat_recv(void *coat, void *bytes, size_t len)
{
	ssize_t n;

	if (nhidden == 0) {
		if ((n = read(*(int *)coat, hidden, sizeof(hidden))) <= 0)
			return n;
		nhidden = (size_t)n;
	}
	*(char *)bytes = hidden[0] >= 'A' ? (char)(hidden[0] ^ 0x20) : hidden[0];
	memmove(hidden, hidden + 1, --nhidden);
	return 1;
}

static ssize_t
coat_send(void *coat, const void *bytes, size_t len)
{
	char turned = *(const char *)bytes;

	turned = turned >= 'A' ? (char)(turned ^ 0x20) : turned;
	return write(*(int *)coat, &turned, 1);
}

static bool
coat_wants_write(void *coat)
{
	return false;
}

static bool
coat_pending(void *coat)
{
	return nhidden > 0;
}

static void
coat_free(void *coat)
{
	f.bare++;
	free(coat);
}

static void
on_coated(void *arg)
{
	f.coated++;
	lineio_printf(f.io, "safe\n");
}

static void
coat_put_on(void)
{
	static const struct lineio_coat ops = {coat_shake, coat_why, coat_recv, coat_send,
	    coat_wants_write, coat_pending, coat_free};
	int *coat = malloc(sizeof(*coat));

	*coat = f.fd;
	nhidden = 0;
	lineio_put_on(f.io, &ops, coat, on_coated);
}

static void
on_line(void *arg, char *line, size_t len)
{
	assert_ptr_equal(arg, &f);
	assert_int_equal(f.closed, 0);
	assert_int_equal(line[len], '\0');
	buf_add(&f.heard, line, len);
	buf_puts(&f.heard, "|");
	memset(line, 'Z', len);
	if (f.coat_in_line)
		coat_put_on();
	f.coat_in_line = false;
	if (f.free_in_line) {
		lineio_free(f.io);
		f.io = NULL;
	}
}

static void
on_closed(void *arg, const char *why)
{
	f.closed++;
	strncpy(f.why, why, sizeof(f.why) - 1);
	if (f.free_in_closed) {
		lineio_free(f.io);
		f.io = NULL;
	}
}

static int
setup(void **state)
{
	static const struct lineio_ops ops = {.line = on_line, .closed = on_closed};
	int fds[2];

	memset(&f, 0, sizeof(f));
	f.base = event_base_new();
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	f.io = lineio_new(f.base, fds[0], LINE_MAX_HERE, QUEUE_MAX_HERE, &ops, &f);
	f.fd = fds[0];
	f.peer = fds[1];
	return 0;
}

static int
teardown(void **state)
{
	lineio_free(f.io);
	close(f.peer);
	buf_free(&f.heard);
	event_base_free(f.base);
	return 0;
}

static void
turn(void)
{
	for (int i = 0; i < 5; i++)
		event_base_loop(f.base, EVLOOP_NONBLOCK);
}

/* The other end says so much; the lines heard are compared. */
static void
hear(const char *bytes, size_t len, const char *wanted)
{
	buf_clear(&f.heard);
	assert_int_equal(write(f.peer, bytes, len), (ssize_t)len);
	turn();
	assert_string_equal(buf_str(&f.heard), wanted);
}

static void
test_lines(void **state)
{
	hear("a b\n", 4, "a b|");
	hear("par", 3, "");
	hear("t\r\n\n\r\r\nnext", 11, "part|||");
	hear("\n", 1, "next|");
	hear("12345678901234567890\n", 21, "12345678901234567890|");
	assert_int_equal(f.closed, 0);
}

static void
test_long_line(void **state)
{
	hear("ok\n123456789012345678901\nx\n", 27, "ok|");
	assert_int_equal(f.closed, 1);
	assert_string_equal(f.why, "line too long");
	turn();
	assert_int_equal(f.closed, 1);
}

static void
test_endless_line(void **state)
{
	hear("123456789012345678901", 21, "");
	assert_string_equal(f.why, "line too long");
}

static void
test_peer_gone(void **state)
{
	assert_int_equal(write(f.peer, "last\nrest", 9), 9);
	close(f.peer);
	f.peer = -1;
	f.free_in_closed = true;
	turn();
	assert_string_equal(buf_str(&f.heard), "last|");
	assert_int_equal(f.closed, 1);
	assert_null(f.io);
}

static void
test_free_in_line(void **state)
{
	f.free_in_line = true;
	hear("a\nb\nc\n", 6, "a|");
	assert_int_equal(f.closed, 0);
	assert_int_equal(read(f.peer, f.why, 1), 0);
}

static void
test_send(void **state)
{
	char got[32];

	lineio_printf(f.io, "n %d\n", 7);
	lineio_send(f.io, "x\n", 2);
	assert_int_equal(read(f.peer, got, sizeof(got)), 6);
	assert_memory_equal(got, "n 7\nx\n", 6);
}

/* A reader that pauses gets everything in the end, in order. */
static void
test_slow_reader(void **state)
{
	struct buf sent = {0}, got = {0};
	int size = 4096;

	setsockopt(f.peer, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	for (int i = 0; i < 20000; i++)
		buf_printf(&sent, "%d\n", i);
	for (size_t i = 0; i < sent.len; i += 5000) {
		size_t n = sent.len - i < 5000 ? sent.len - i : 5000;
		ssize_t r;

		lineio_send(f.io, buf_head(&sent) + i, n);
		turn();
		r = read(f.peer, buf_room(&got, 3000), 3000);
		buf_grew(&got, r > 0 ? (size_t)r : 0);
	}
	for (int i = 0; i < 1000 && got.len < sent.len; i++) {
		ssize_t r = read(f.peer, buf_room(&got, 3000), 3000);

		buf_grew(&got, r > 0 ? (size_t)r : 0);
		turn();
	}
	assert_int_equal(f.closed, 0);
	assert_int_equal(got.len, sent.len);
	assert_memory_equal(buf_head(&got), buf_head(&sent), sent.len);
	buf_free(&sent);
	buf_free(&got);
}

/* closed() comes from the loop, once, and not from lineio_send(). */
static void
test_queue_limit(void **state)
{
	static char bytes[50000];

	for (int i = 0; i < 20; i++)
		lineio_send(f.io, bytes, sizeof(bytes));
	assert_int_equal(f.closed, 0);
	turn();
	assert_int_equal(f.closed, 1);
	assert_string_equal(f.why, "does not read what it is sent");
	lineio_send(f.io, "x", 1);
	turn();
	assert_int_equal(f.closed, 1);
}

static void
test_send_to_nobody(void **state)
{
	close(f.peer);
	f.peer = -1;
	lineio_send(f.io, "x\n", 2);
	lineio_send(f.io, "x\n", 2);
	assert_int_equal(f.closed, 0);
	turn();
	assert_int_equal(f.closed, 1);
}

/* Broken by a send, freed before the loop comes to say so. */
static void
test_free_before_closed(void **state)
{
	close(f.peer);
	f.peer = -1;
	lineio_send(f.io, "x\n", 2);
	lineio_free(f.io);
	f.io = NULL;
	turn();
	assert_int_equal(f.closed, 0);
}

/* From the handshake on everything goes through the coat, both ways. */
static void
test_coat(void **state)
{
	char got[32];

	f.coat_in_line = true;
	hear("ok\n", 3, "ok|");
	assert_int_equal(f.coated, 0);
	hear("hABC\nDef\n", 9, "abc|dEF|");
	assert_int_equal(f.coated, 1);
	assert_int_equal(read(f.peer, got, sizeof(got)), 6);
	assert_memory_equal(got, "HSAFE\n", 6);
	lineio_printf(f.io, "again\n");
	assert_int_equal(read(f.peer, got, sizeof(got)), 6);
	assert_memory_equal(got, "AGAIN\n", 6);
	assert_int_equal(f.closed, 0);
	lineio_free(f.io);
	f.io = NULL;
	assert_int_equal(f.bare, 1);
}

/* What somebody has slipped in behind the line is not taken for the other end's. */
static void
test_coat_injected(void **state)
{
	f.coat_in_line = true;
	hear("ok\nh", 4, "ok|");
	assert_int_equal(f.closed, 1);
	assert_non_null(strstr(f.why, "in the clear"));
	assert_int_equal(f.coated, 0);
}

static void
test_coat_refused(void **state)
{
	f.coat_in_line = true;
	f.free_in_closed = true;
	hear("ok\n", 3, "ok|");
	hear("no\n", 3, "");
	assert_int_equal(f.closed, 1);
	assert_string_equal(f.why, "no h");
	assert_int_equal(f.coated, 0);
	assert_int_equal(f.bare, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_lines, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_long_line, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_endless_line, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_peer_gone, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_free_in_line, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_send, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_slow_reader, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_queue_limit, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_send_to_nobody, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_free_before_closed, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_coat, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_coat_injected, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_coat_refused, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
