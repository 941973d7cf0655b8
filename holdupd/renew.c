/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "holdupd/renew.h"
#include "lib/log.h"
#include "lib/xmem.h"

struct renew {
	struct event_base *base;
	const struct renew_ops *ops;
	void *arg;
	int ours, theirs; /* -1: none; theirs only until net has its copy */
	struct event *readable, *handed, *overdue;
	bool asked; /* net owes an answer */
	bool more;  /* something is new since that was sent */
};

static const struct timeval answer_time = {.tv_sec = NETCTL_ANSWER_MS / 1000};

static void
fd_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
disconnect(struct renew *r)
{
	if (r->readable != NULL)
		event_free(r->readable);
	r->readable = NULL;
	event_del(r->overdue);
	r->asked = r->more = false;
	fd_close(&r->ours);
	fd_close(&r->theirs);
}

/* net has been forked: from now on its end is ours to see. */
static void
on_handed(evutil_socket_t fd, short what, void *arg)
{
	struct renew *r = arg;

	fd_close(&r->theirs);
}

static void
fail(struct renew *r, const char *why)
{
	disconnect(r);
	r->ops->failed(r->arg, why);
}

static void
on_overdue(evutil_socket_t fd, short what, void *arg)
{
	fail(arg, "does not take the new configuration within 5 s");
}

/* net's answer; its end is no failure of this, whoever started it hears of that. */
static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct renew *r = arg;
	char answer;
	ssize_t n = recv(fd, &answer, sizeof(answer), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n != sizeof(answer)) {
		disconnect(r);
		return;
	}
	if (!r->asked || answer != NETCTL_TAKEN) {
		fail(r, "cannot use the new configuration");
		return;
	}
	event_del(r->overdue);
	r->asked = false;
	if (r->more)
		renew_tell(r);
}

struct renew *
renew_new(struct event_base *base, const struct renew_ops *ops, void *arg)
{
	struct renew *r = xcalloc(1, sizeof(*r));

	r->base = base;
	r->ops = ops;
	r->arg = arg;
	r->ours = r->theirs = -1;
	r->handed = evtimer_new(base, on_handed, r);
	r->overdue = evtimer_new(base, on_overdue, r);
	return r;
}

void
renew_free(struct renew *r)
{
	disconnect(r);
	event_free(r->handed);
	event_free(r->overdue);
	free(r);
}

int
renew_connect(struct renew *r)
{
	int pair[2];

	disconnect(r);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) <
	    0)
		return -1;
	r->ours = pair[0];
	r->theirs = pair[1];
	r->readable = event_new(r->base, r->ours, EV_READ | EV_PERSIST, on_readable, r);
	event_add(r->readable, NULL);
	event_active(r->handed, EV_TIMEOUT, 1);
	return r->theirs;
}

void
renew_tell(struct renew *r)
{
	struct netctl n;

	if (r->ours < 0)
		return;
	r->more = r->asked;
	if (r->asked)
		return;
	r->ops->collect(r->arg, &n);
	if (netctl_send(r->ours, &n) < 0) {
		if (errno != EPIPE) /* else it has just ended */
			fail(r, "cannot be told the new configuration");
		return;
	}
	r->asked = true;
	event_add(r->overdue, &answer_time);
}
