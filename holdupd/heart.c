/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "holdupd/heart.h"
#include "lib/ctl.h"
#include "lib/xmem.h"

struct heart {
	struct event_base *base;
	const struct heart_ops *ops;
	void *arg;
	int ours, theirs; /* both -1 before the first connection */
	struct event *readable;
	/* A timer of the loop: it rests while the machine sleeps, as core does. */
	struct event *silence;
};

static const struct timeval silence_time = {.tv_sec = HEART_SILENCE_MS / 1000};

static void
disconnect(struct heart *h)
{
	if (h->ours < 0)
		return;
	event_free(h->readable);
	close(h->ours);
	close(h->theirs);
	h->ours = h->theirs = -1;
}

/* Takes one packet. The rows that belong to the shutdown are not accepted yet. */
static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct heart *h = arg;
	struct ctl_msg msg;
	int got = ctl_recv(fd, &msg);

	if (got == 0)
		return;
	if (got > 0 && msg.type == CTL_HEARTBEAT)
		event_add(h->silence, &silence_time);
	else if (got > 0 && msg.type == CTL_RESTART)
		h->ops->restart(h->arg, msg.restart.row);
	else {
		event_del(h->readable);
		h->ops->failed(h->arg, "sent what is no message");
	}
}

static void
on_silence(evutil_socket_t fd, short what, void *arg)
{
	struct heart *h = arg;

	h->ops->failed(h->arg, "silent for 10 s");
}

struct heart *
heart_new(struct event_base *base, const struct heart_ops *ops, void *arg)
{
	struct heart *h = xcalloc(1, sizeof(*h));

	h->base = base;
	h->ops = ops;
	h->arg = arg;
	h->ours = h->theirs = -1;
	h->silence = evtimer_new(base, on_silence, h);
	return h;
}

void
heart_free(struct heart *h)
{
	disconnect(h);
	event_free(h->silence);
	free(h);
}

int
heart_connect(struct heart *h)
{
	int pair[2];

	disconnect(h);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) <
	    0)
		return -1;
	h->ours = pair[0];
	h->theirs = pair[1];
	h->readable = event_new(h->base, h->ours, EV_READ | EV_PERSIST, on_readable, h);
	event_add(h->readable, NULL);
	event_add(h->silence, &silence_time);
	return h->theirs;
}
