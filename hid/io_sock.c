/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "hid/io.h"
#include "lib/boottime.h"
#include "lib/sock.h"
#include "lib/xmem.h"

#define HEAD offsetof(struct hidsock_packet, data)
#define ANSWER_MS 10000 /* the asker's parent loses patience long before */
#define INFO_MS 500     /* an introduction, which no healthy device delays */

/* The packet in hand. On the stack its 32 kB would stay with the process; of this one only
 * the pages do that were ever written. */
static struct hidsock_packet packet;

int
io_sock_send(
    int fd, enum hidsock_op op, uint8_t id, const void *data, size_t len, int flags)
{
	if (len > sizeof(packet.data)) {
		errno = EMSGSIZE;
		return -1;
	}
	packet.op = (uint8_t)op;
	packet.id = id;
	packet.error = 0;
	packet.len = (uint32_t)len;
	if (len > 0)
		memcpy(packet.data, data, len);
	return send(fd, &packet, HEAD + len, MSG_NOSIGNAL | flags) == -1 ? -1 : 0;
}

/* Receives into `packet` what is one: 0, or -1 with errno set. */
static int
take(int fd)
{
	ssize_t n = recv(fd, &packet, sizeof(packet), MSG_DONTWAIT);

	if (n == 0 || (n == -1 && (errno == ECONNRESET || errno == EPIPE)))
		errno = ENODEV;
	else if (n != -1 && ((size_t)n < HEAD || (size_t)n - HEAD != packet.len))
		errno = EPROTO;
	else if (n != -1)
		return 0;
	return -1;
}

/* Asks and waits until `deadline` for the answer in `packet`; what else comes is passed
 * over. */
static int
ask(int fd, uint64_t deadline, enum hidsock_op op, uint8_t id, const void *data,
    size_t len)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	uint64_t now;

	if (io_sock_send(fd, op, id, data, len, 0) == -1) {
		if (errno == EPIPE || errno == ECONNRESET)
			errno = ENODEV;
		return -1;
	}
	while ((now = boottime_ms()) < deadline) {
		if (poll(&p, 1, (int)(deadline - now)) <= 0)
			continue;
		if (take(fd) == -1) {
			if (errno == EAGAIN)
				continue;
			return -1;
		}
		if (packet.op != op)
			continue;
		errno = packet.error;
		return packet.error == 0 ? 0 : -1;
	}
	errno = ETIMEDOUT;
	return -1;
}

/* Asks and copies the answer's data; its length or -1. */
static ssize_t
fetch(int fd, uint64_t deadline, enum hidsock_op op, uint8_t id, void *out, size_t size)
{
	if (ask(fd, deadline, op, id, NULL, 0) == -1)
		return -1;
	if (packet.len < size)
		size = packet.len;
	memcpy(out, packet.data, size);
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
	return ask(io->fd, boottime_ms() + ANSWER_MS, HIDSOCK_SET, len > 0 ? bytes[0] : 0,
	    bytes, len);
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
	do {
		if (take(io->fd) == -1)
			return -1;
	} while (packet.op != HIDSOCK_INPUT);
	if (packet.len < size)
		size = packet.len;
	memcpy(out, packet.data, size);
	return (ssize_t)size;
}

static const struct io_ops sock_ops = {
    .descriptor = sock_descriptor,
    .get = sock_get,
    .set = sock_set,
    .string = sock_string,
    .input = sock_input,
};

/* A name that only one process can have, for as long as it lives: a socket cannot be
 * locked as a node can. */
static int
own(const char *path)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	const size_t head = offsetof(struct sockaddr_un, sun_path) + 1;
	int fd;

	snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1, "%s", path);
	if ((fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) == -1)
		return -1;
	if (bind(fd, (struct sockaddr *)&name,
		(socklen_t)(head + strlen(name.sun_path + 1))) == -1) {
		if (errno == EADDRINUSE)
			errno = EBUSY;
		close(fd);
		return -1;
	}
	return fd;
}

struct io *
io_sock_open(const char *path, enum io_use use)
{
	struct io *io;
	char cause[256];
	int error, fd;

	if ((fd = sock_connect_unix(path, SOCK_SEQPACKET, cause, sizeof(cause))) == -1)
		return NULL;
	io = xcalloc(1, sizeof(*io));
	io->ops = &sock_ops;
	io->fd = fd;
	io->usb_fd = io->own_fd = -1;
	if ((use == IO_OWN && (io->own_fd = own(path)) == -1) ||
	    (use != IO_ASK && io_sock_send(fd, HIDSOCK_LISTEN, 0, NULL, 0, 0) == -1)) {
		error = errno;
		io_close(io);
		errno = error;
		return NULL;
	}
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

int
io_sock_reset(const char *path)
{
	char cause[256];
	int fd, result;

	if ((fd = sock_connect_unix(path, SOCK_SEQPACKET, cause, sizeof(cause))) == -1)
		return -1;
	result = io_sock_send(fd, HIDSOCK_RESET, 0, NULL, 0, 0);
	close(fd);
	return result;
}
