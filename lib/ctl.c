/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/ctl.h"

/* Bytes of a whole packet of this type; 0 for a type that is not of the table. */
static size_t
packet_size(uint32_t type)
{
	static const size_t bodies[] = {
	    [CTL_HEARTBEAT] = sizeof(((struct ctl_msg *)0)->heartbeat),
	    [CTL_RESTART] = sizeof(((struct ctl_msg *)0)->restart),
	    [CTL_SHUTDOWN] = sizeof(((struct ctl_msg *)0)->shutdown),
	    [CTL_RUN] = sizeof(((struct ctl_msg *)0)->run),
	    [CTL_DONE] = sizeof(((struct ctl_msg *)0)->done),
	    [CTL_FSD] = sizeof(((struct ctl_msg *)0)->fsd),
	    [CTL_TELL] = sizeof(((struct ctl_msg *)0)->tell),
	    [CTL_SLEEP] = sizeof(((struct ctl_msg *)0)->sleep),
	};

	if (type >= sizeof(bodies) / sizeof(bodies[0]) || bodies[type] == 0)
		return 0;
	return offsetof(struct ctl_msg, heartbeat) + bodies[type];
}

int
ctl_send(int fd, const struct ctl_msg *msg)
{
	size_t size = packet_size(msg->type);
	ssize_t n;

	if (size == 0) {
		errno = EINVAL;
		return -1;
	}
	do
		n = send(fd, msg, size, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -1 : 0;
}

int
ctl_recv(int fd, struct ctl_msg *msg)
{
	ssize_t n;

	*msg = (struct ctl_msg){0};
	/* With MSG_TRUNC, n is the packet's length even where it did not fit. */
	do
		n = recv(fd, msg, sizeof(*msg), MSG_TRUNC | MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EAGAIN ? 0 : -1;
	if ((size_t)n < offsetof(struct ctl_msg, heartbeat) ||
	    (size_t)n != packet_size(msg->type))
		return -1;
	if (msg->type == CTL_TELL && memchr(msg->tell.text, '\0', CTL_TEXT_MAX) == NULL)
		return -1;
	return 1;
}
