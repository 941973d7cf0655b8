/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "out/queue.h"

#define QUEUE_BYTES 16384 /* of the kernel's memory */

int
queue_pair(int fds[2])
{
	const int bytes = QUEUE_BYTES;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) <
	    0)
		return -1;
	return setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
}

int
queue_send(int fd, uint32_t row, const char *text)
{
	struct queue_msg msg = {.row = row};
	ssize_t n;

	snprintf(msg.text, sizeof(msg.text), "%s", text);
	do
		n = send(fd, &msg, sizeof(msg), MSG_NOSIGNAL | MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -1 : 0;
}

int
queue_recv(int fd, struct queue_msg *msg)
{
	ssize_t n;

	do
		n = recv(fd, msg, sizeof(*msg), MSG_TRUNC | MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? 0 : -1;
	if (n != sizeof(*msg) || memchr(msg->text, '\0', sizeof(msg->text)) == NULL)
		return -1;
	return 1;
}
