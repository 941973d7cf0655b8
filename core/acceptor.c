/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "core/acceptor.h"
#include "lib/log.h"
#include "lib/xmem.h"

struct acceptor {
	const char *name;
	void (*take)(void *arg, int fd);
	void *arg;
	struct event *readable, *pause;
};

static const struct timeval pause_time = {.tv_sec = 1};

/* One connection per turn of the loop: nobody who is connected waits for a crowd. */
static void
on_readable(evutil_socket_t listen_fd, short what, void *arg)
{
	struct acceptor *a = arg;
	int fd = accept4(listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd >= 0) {
		a->take(a->arg, fd);
		return;
	}
	if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED)
		return;
	log_warn_errno("%s: cannot accept a connection, waiting for a second", a->name);
	event_del(a->readable);
	event_add(a->pause, &pause_time);
}

static void
on_pause_over(evutil_socket_t fd, short what, void *arg)
{
	struct acceptor *a = arg;

	event_add(a->readable, NULL);
}

struct acceptor *
acceptor_new(struct event_base *base, int listen_fd, const char *name,
    void (*take)(void *arg, int fd), void *arg)
{
	struct acceptor *a = xcalloc(1, sizeof(*a));

	a->name = name;
	a->take = take;
	a->arg = arg;
	a->readable = event_new(base, listen_fd, EV_READ | EV_PERSIST, on_readable, a);
	a->pause = event_new(base, -1, 0, on_pause_over, a);
	event_add(a->readable, NULL);
	return a;
}

void
acceptor_free(struct acceptor *a)
{
	if (a == NULL)
		return;
	event_free(a->readable);
	event_free(a->pause);
	free(a);
}
