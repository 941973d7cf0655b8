/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hid/io.h"
#include "lib/boottime.h"
#include "lib/sock.h"
#include "lib/xmem.h"

#define HEAD offsetof(struct hidsock_packet, data)
#define ANSWER_MS 10000 /* the asker's parent loses patience long before */
#define INFO_MS 500     /* an introduction, which no healthy device delays */

/* Sends a packet; 0 or -1. */
static int
put(int fd, uint8_t op, uint8_t id, const void *data, size_t len)
{
	struct hidsock_packet p = {.op = op, .id = id, .len = (uint32_t)len};

	if (len > sizeof(p.data)) {
		errno = EMSGSIZE;
		return -1;
	}
	if (len > 0)
		memcpy(p.data, data, len);
	return send(fd, &p, HEAD + len, MSG_NOSIGNAL) == -1 ? -1 : 0;
}

/* Receives a packet that is one: 0, or -1 with errno set. */
static int
take(int fd, struct hidsock_packet *p)
{
	ssize_t n = recv(fd, p, sizeof(*p), MSG_DONTWAIT);

	if (n == 0 || (n == -1 && (errno == ECONNRESET || errno == EPIPE)))
		errno = ENODEV;
	else if (n != -1 && ((size_t)n < HEAD || (size_t)n - HEAD != p->len))
		errno = EPROTO;
	else if (n != -1)
		return 0;
	return -1;
}

/* Asks and waits for the answer until `deadline`; what else comes is passed over. */
static int
ask(int fd, uint64_t deadline, struct hidsock_packet *answer, uint8_t op, uint8_t id,
    const void *data, size_t len)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	uint64_t now;

	if (put(fd, op, id, data, len) == -1) {
		if (errno == EPIPE || errno == ECONNRESET)
			errno = ENODEV;
		return -1;
	}
	while ((now = boottime_ms()) < deadline) {
		if (poll(&p, 1, (int)(deadline - now)) <= 0)
			continue;
		if (take(fd, answer) == -1) {
			if (errno == EAGAIN)
				continue;
			return -1;
		}
		if (answer->op != op)
			continue;
		errno = answer->error;
		return answer->error == 0 ? 0 : -1;
	}
	errno = ETIMEDOUT;
	return -1;
}

/* Asks and copies the answer's data; its length or -1. */
static ssize_t
fetch(int fd, uint64_t deadline, uint8_t op, uint8_t id, void *out, size_t size)
{
	struct hidsock_packet answer;

	if (ask(fd, deadline, &answer, op, id, NULL, 0) == -1)
		return -1;
	if (answer.len < size)
		size = answer.len;
	memcpy(out, answer.data, size);
	return (ssize_t)size;
}

static ssize_t
sock_descriptor(struct io *io, uint8_t *out, size_t size)
{
	return fetch(io->fd, boottime_ms() + ANSWER_MS, HIDSOCK_DESCRIPTOR, 0, out, size);
}

static ssize_t
sock_get(struct io *io, uint8_t id, uint8_t *out, size_t size)
{
	return fetch(io->fd, boottime_ms() + ANSWER_MS, HIDSOCK_GET, id, out, size);
}

static int
sock_set(struct io *io, const uint8_t *bytes, size_t len)
{
	struct hidsock_packet answer;

	return ask(io->fd, boottime_ms() + ANSWER_MS, &answer, HIDSOCK_SET,
	    len > 0 ? bytes[0] : 0, bytes, len);
}

static ssize_t
sock_string(struct io *io, uint8_t index, char *out, size_t size)
{
	ssize_t len = fetch(
	    io->fd, boottime_ms() + ANSWER_MS, HIDSOCK_STRING, index, out, size - 1);

	if (len >= 0)
		out[len] = '\0';
	return len;
}

static ssize_t
sock_input(struct io *io, uint8_t *out, size_t size)
{
	struct hidsock_packet p;

	do {
		if (take(io->fd, &p) == -1)
			return -1;
	} while (p.op != HIDSOCK_INPUT);
	if (p.len < size)
		size = p.len;
	memcpy(out, p.data, size);
	return (ssize_t)size;
}

static const struct io_ops sock_ops = {
    .descriptor = sock_descriptor,
    .get = sock_get,
    .set = sock_set,
    .string = sock_string,
    .input = sock_input,
};

struct io *
io_sock_open(const char *path, enum io_use use)
{
	struct io *io;
	char cause[256];
	int fd;

	if ((fd = sock_connect_unix(path, SOCK_SEQPACKET, cause, sizeof(cause))) == -1)
		return NULL;
	if (use == IO_LISTEN && put(fd, HIDSOCK_LISTEN, 0, NULL, 0) == -1) {
		close(fd);
		return NULL;
	}
	io = xcalloc(1, sizeof(*io));
	io->ops = &sock_ops;
	io->fd = fd;
	io->usb_fd = -1;
	return io;
}

int
io_sock_info(const char *path, struct hidsock_info *info, uint8_t *descriptor,
    size_t size, size_t *len)
{
	uint64_t deadline = boottime_ms() + INFO_MS;
	char cause[256];
	ssize_t n;
	int error, fd;

	if ((fd = sock_connect_unix(path, SOCK_SEQPACKET, cause, sizeof(cause))) == -1)
		return -1;
	memset(info, 0, sizeof(*info));
	n = fetch(fd, deadline, HIDSOCK_INFO, 0, info, sizeof(*info));
	if (n >= 0 && (size_t)n != sizeof(*info)) {
		errno = EPROTO;
		n = -1;
	}
	info->manufacturer[sizeof(info->manufacturer) - 1] = '\0';
	info->name[sizeof(info->name) - 1] = '\0';
	info->serial[sizeof(info->serial) - 1] = '\0';
	info->path[sizeof(info->path) - 1] = '\0';
	if (n >= 0)
		n = fetch(fd, deadline, HIDSOCK_DESCRIPTOR, 0, descriptor, size);
	error = errno;
	close(fd);
	errno = error;
	*len = n > 0 ? (size_t)n : 0;
	return n < 0 ? -1 : 0;
}
