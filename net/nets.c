/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/ifnets.h"
#include "lib/log.h"
#include "lib/xmem.h"
#include "net/nets.h"

static const struct timeval poll_time = {.tv_sec = NETS_POLL_S};

struct nets {
	struct allow_nets list;
	struct event *change; /* something has changed, or it is time to look */
	int fd;               /* rtnetlink; -1: the kernel does not tell */
};

static void
read_nets(struct nets *n)
{
	const size_t before = n->list.count;

	if (ifnets_read(&n->list) < 0)
		log_warn_errno("cannot ask which networks this machine is on; \"lan\" in "
			       "upsd.users means what it did before");
	else if (n->list.count != before)
		log_debug("%zu networks of broadcast interfaces", n->list.count);
}

/* What changed does not matter: the list is read as a whole, which is right also after
 * messages were lost (ENOBUFS). */
static void
on_change(evutil_socket_t fd, short what, void *arg)
{
	struct nets *n = arg;
	char message[4096];

	if (n->fd >= 0)
		while (recv(n->fd, message, sizeof(message), MSG_TRUNC) > 0 ||
		       errno == EINTR || errno == ENOBUFS)
			;
	read_nets(n);
}

/* Has the kernel tell of changes; -1 when it does not. */
static int
subscribe(void)
{
	const struct sockaddr_nl address = {
	    .nl_family = AF_NETLINK,
	    .nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
	};
	int fd =
	    socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
		close(fd);
		fd = -1;
	}
	if (fd < 0)
		log_warn_errno("changes of the networks are noticed after up to %d s "
			       "(no rtnetlink)",
		    NETS_POLL_S);
	return fd;
}

struct nets *
nets_new(struct event_base *base)
{
	struct nets *n = xcalloc(1, sizeof(*n));

	n->fd = subscribe();
	n->change =
	    event_new(base, n->fd, EV_PERSIST | (n->fd >= 0 ? EV_READ : 0), on_change, n);
	event_add(n->change, n->fd >= 0 ? NULL : &poll_time);
	read_nets(n);
	return n;
}

void
nets_free(struct nets *n)
{
	event_free(n->change);
	if (n->fd >= 0)
		close(n->fd);
	free(n->list.list);
	free(n);
}

const struct allow_nets *
nets_list(const struct nets *n)
{
	return &n->list;
}
