/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "holdupd/heart.h"
#include "lib/boottime.h"
#include "lib/ctl.h"
#include "lib/log.h"
#include "lib/xmem.h"

struct heart {
	struct event_base *base;
	const struct heart_ops *ops;
	void *arg;
	int ours, theirs; /* both -1 before the first connection */
	struct event *readable;
	/* A timer of the loop: it rests while the machine sleeps, as core does. */
	struct event *silence;
	uint64_t deadline_ms; /* 0: none */
	bool cut;             /* of the shutdown at the deadline */
	bool own;             /* the deadline is of the core that is connected now */
	struct event *deadline;
	unsigned fsd; /* demanded on this machine: beats until core has surely kept it */
};

#define FSD_BEATS 3 /* the first may have left core before it heard of it */

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

/* Waits for the deadline, anew where the loop's clock has rested. */
static void
deadline_wait(struct heart *h)
{
	const struct timeval left = boottime_until(h->deadline_ms);

	event_add(h->deadline, &left);
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct heart *h = arg;

	if (boottime_ms() < h->deadline_ms)
		deadline_wait(h);
	else
		h->ops->shutdown(h->arg, h->cut, true);
}

static void
take_heartbeat(struct heart *h, const struct ctl_msg *msg)
{
	bool was_armed = h->deadline_ms != 0;

	event_add(h->silence, &silence_time);
	if (h->fsd > 0)
		h->fsd--;
	if (msg->heartbeat.deadline_ms == 0) {
		if (!was_armed || !h->own)
			return;
		h->deadline_ms = 0;
		event_del(h->deadline);
		return;
	}
	h->own = true;
	h->cut = msg->heartbeat.cut != 0;
	h->deadline_ms = msg->heartbeat.deadline_ms;
	deadline_wait(h);
	if (!was_armed)
		h->ops->armed(h->arg);
}

/* Takes one packet. */
static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct heart *h = arg;
	struct ctl_msg msg;
	int got = ctl_recv(fd, &msg);

	if (got == 0)
		return;
	switch (got < 0 ? 0 : msg.type) {
	case CTL_HEARTBEAT:
		take_heartbeat(h, &msg);
		break;
	case CTL_RESTART:
		h->ops->restart(h->arg, msg.restart.row);
		break;
	case CTL_RUN:
		h->ops->run(h->arg, msg.run.row, msg.run.id, "");
		break;
	case CTL_TELL:
		h->ops->run(h->arg, msg.tell.row, msg.tell.id, msg.tell.text);
		break;
	case CTL_SHUTDOWN:
		h->ops->shutdown(h->arg, msg.shutdown.cut != 0, false);
		break;
	default:
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
	h->deadline = evtimer_new(base, on_deadline, h);
	return h;
}

void
heart_free(struct heart *h)
{
	disconnect(h);
	event_free(h->silence);
	event_free(h->deadline);
	free(h);
}

static void
say(struct heart *h, const struct ctl_msg *msg)
{
	if (h->ours >= 0 && ctl_send(h->ours, msg) < 0)
		log_warn_errno("cannot tell core anything");
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
	h->own = false;
	h->readable = event_new(h->base, h->ours, EV_READ | EV_PERSIST, on_readable, h);
	event_add(h->readable, NULL);
	event_add(h->silence, &silence_time);
	if (h->fsd > 0)
		heart_fsd(h);
	return h->theirs;
}

bool
heart_armed(const struct heart *h)
{
	return h->deadline_ms != 0;
}

void
heart_done(struct heart *h, uint32_t id, int status)
{
	const struct ctl_msg msg = {
	    .type = CTL_DONE, .done = {.id = id, .status = status}};

	say(h, &msg);
}

void
heart_fsd(struct heart *h)
{
	const struct ctl_msg msg = {.type = CTL_FSD};

	h->fsd = FSD_BEATS;
	say(h, &msg);
}

void
heart_sleep(struct heart *h)
{
	const struct ctl_msg msg = {.type = CTL_SLEEP};

	say(h, &msg);
}
