/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/netctl.h"

#define FDS_MAX (NETCTL_TEXTS + NETCTL_LISTENS_MAX)
#define MAGIC 0x6e6574u /* nobody else's packet */

/* The packet itself: which descriptors follow. */
struct packet {
	uint32_t magic;
	uint32_t texts; /* a bit for each that is there */
	uint32_t listens;
	uint32_t reserved;
};

/* Room for the descriptors, aligned as the kernel wants it. */
union room {
	struct cmsghdr head;
	char bytes[CMSG_SPACE(FDS_MAX * sizeof(int))];
};

int
netctl_send(int fd, const struct netctl *n)
{
	struct packet packet = {.magic = MAGIC, .listens = (uint32_t)n->nlistens};
	struct iovec io = {.iov_base = &packet, .iov_len = sizeof(packet)};
	union room room = {0};
	struct msghdr msg = {.msg_iov = &io, .msg_iovlen = 1};
	int fds[FDS_MAX];
	size_t nfds = 0;
	ssize_t sent;

	for (size_t i = 0; i < NETCTL_TEXTS; i++) {
		if (n->texts[i] < 0)
			continue;
		packet.texts |= 1u << i;
		fds[nfds++] = n->texts[i];
	}
	for (size_t i = 0; i < n->nlistens; i++)
		fds[nfds++] = n->listens[i];
	if (nfds > 0) {
		msg.msg_control = &room;
		msg.msg_controllen = CMSG_SPACE(nfds * sizeof(int));
		room.head = (struct cmsghdr){.cmsg_len = CMSG_LEN(nfds * sizeof(int)),
		    .cmsg_level = SOL_SOCKET,
		    .cmsg_type = SCM_RIGHTS};
		memcpy(CMSG_DATA(&room.head), fds, nfds * sizeof(int));
	}
	do
		sent = sendmsg(fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -1 : 0;
}

/* Takes the descriptors out of what came; returns how many there are. */
static size_t
fds_take(struct msghdr *msg, int *fds)
{
	struct cmsghdr *head = CMSG_FIRSTHDR(msg);
	size_t n;

	if (head == NULL || head->cmsg_level != SOL_SOCKET ||
	    head->cmsg_type != SCM_RIGHTS)
		return 0;
	n = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	memcpy(fds, CMSG_DATA(head), n * sizeof(int));
	return n;
}

/* Puts the descriptors in their places; false when the packet does not fit them. */
static bool
fds_place(struct netctl *n, const struct packet *packet, const int *fds, size_t nfds)
{
	size_t texts = (size_t)__builtin_popcount(packet->texts), k = 0;

	if (packet->magic != MAGIC || packet->texts >> NETCTL_TEXTS != 0 ||
	    packet->listens > NETCTL_LISTENS_MAX || nfds != texts + packet->listens)
		return false;
	for (size_t i = 0; i < NETCTL_TEXTS; i++)
		n->texts[i] = packet->texts & 1u << i ? fds[k++] : -1;
	n->nlistens = packet->listens;
	memcpy(n->listens, fds + k, n->nlistens * sizeof(int));
	return true;
}

int
netctl_recv(int fd, struct netctl *n)
{
	struct packet packet;
	struct iovec io = {.iov_base = &packet, .iov_len = sizeof(packet)};
	union room room = {0};
	struct msghdr msg = {.msg_iov = &io,
	    .msg_iovlen = 1,
	    .msg_control = &room,
	    .msg_controllen = sizeof(room)};
	int fds[FDS_MAX] = {0};
	size_t nfds;
	ssize_t got;

	do
		got = recvmsg(fd, &msg, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return errno == EAGAIN ? 0 : -1;
	nfds = fds_take(&msg, fds);
	if (got == sizeof(packet) && !(msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) &&
	    fds_place(n, &packet, fds, nfds))
		return 1;
	for (size_t i = 0; i < nfds; i++)
		close(fds[i]);
	return -1;
}

void
netctl_close_texts(struct netctl *n)
{
	for (size_t i = 0; i < NETCTL_TEXTS; i++) {
		if (n->texts[i] >= 0)
			close(n->texts[i]);
		n->texts[i] = -1;
	}
}

void
netctl_close(struct netctl *n)
{
	netctl_close_texts(n);
	for (size_t i = 0; i < n->nlistens; i++)
		close(n->listens[i]);
	n->nlistens = 0;
}
