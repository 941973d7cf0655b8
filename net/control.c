/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/xmem.h"
#include "net/control.h"

struct control {
	int fd;
	struct event *readable; /* NULL: nobody is there */
	control_take *take;
	void *arg;
};

static void
hang_up(struct control *c)
{
	if (c->readable == NULL)
		return;
	event_free(c->readable);
	close(c->fd);
	c->readable = NULL;
}

/* What cannot be understood is not answered for: holdupd starts us anew then. */
static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct control *c = arg;
	struct netctl n;
	char answer = NETCTL_REFUSED;
	int got = netctl_recv(fd, &n);

	if (got == 0)
		return;
	if (got < 0) {
		log_debug("nobody is at the other end of the control socket");
		hang_up(c);
		return;
	}
	if (c->take(c->arg, &n) == 0) {
		answer = NETCTL_TAKEN;
		n.nlistens = 0;
	}
	netctl_close(&n);
	if (send(fd, &answer, sizeof(answer), MSG_NOSIGNAL) < 0)
		log_warn_errno("cannot answer holdupd");
}

struct control *
control_new(struct event_base *base, int fd, control_take *take, void *arg)
{
	struct control *c = xcalloc(1, sizeof(*c));

	c->fd = fd;
	c->take = take;
	c->arg = arg;
	if (fd < 0)
		return c;
	evutil_make_socket_nonblocking(fd);
	c->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, c);
	event_add(c->readable, NULL);
	return c;
}

void
control_free(struct control *c)
{
	hang_up(c);
	free(c);
}
