/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>

#include "hid/asker.h"
#include "hid/talk.h"
#include "lib/boottime.h"
#include "lib/log.h"

struct run {
	struct event_base *base;
	const struct bus_device *device;
	const struct talk *talk;
	void *arg;
	struct asker *asker; /* does the asking, for a device can hold it for seconds */
	struct event *patience; /* with the request in flight */
	struct event *pause;
};

static struct timeval
interval(uint64_t ms)
{
	return (struct timeval){
	    .tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)};
}

static void next(struct run *r);

static void
on_answer(void *arg, const struct hidsock_packet *p)
{
	struct run *r = arg;

	r->talk->answer(r->arg, p->error, p->data, p->len);
	next(r);
}

/* The process that asks is of no use; its successor asks what comes next. */
static void
fail(struct run *r, int error)
{
	asker_free(r->asker);
	r->asker = NULL;
	r->talk->answer(r->arg, error, NULL, 0);
	next(r);
}

static void
on_lost(void *arg, int error)
{
	fail(arg, error != 0 ? error : EIO);
}

static void
on_impatience(evutil_socket_t fd, short what, void *arg)
{
	fail(arg, ETIMEDOUT);
}

static const struct asker_ops asker_ops = {.answer = on_answer, .lost = on_lost};

/* Sends the next request. False when there is none. */
static bool
ask_next(struct run *r)
{
	const struct timeval patience = interval(TALK_REPORT_MS);
	struct driver_ask ask;

	while (r->talk->ask(r->arg, &ask)) {
		if (r->asker == NULL)
			r->asker = asker_new(
			    r->base, r->device->path, r->device->usb, &asker_ops, r);
		if (r->asker != NULL &&
		    asker_send(r->asker, ask.op, ask.id, ask.data, ask.len) == 0) {
			event_add(r->patience, &patience);
			return true;
		}
		r->talk->answer(r->arg, errno, NULL, 0);
	}
	return false;
}

static void
on_pause_over(evutil_socket_t fd, short what, void *arg)
{
	struct run *r = arg;

	if (!ask_next(r))
		event_base_loopbreak(r->base);
}

/* Goes on, after the pause that is wanted. */
static void
next(struct run *r)
{
	const struct timeval pause =
	    interval(r->talk->pause == NULL ? 0 : r->talk->pause(r->arg));

	event_del(r->patience);
	event_add(r->pause, &pause);
}

bool
talk_run(
    const struct bus_device *d, const struct talk *talk, void *arg, uint64_t deadline)
{
	struct run r = {.device = d, .talk = talk, .arg = arg};
	uint64_t now = boottime_ms();
	struct timeval rest = interval(now < deadline ? deadline - now : 0);
	bool through;

	if ((r.base = event_base_new()) == NULL)
		log_fatal("cannot make an event loop");
	r.patience = evtimer_new(r.base, on_impatience, &r);
	r.pause = evtimer_new(r.base, on_pause_over, &r);
	event_base_loopexit(r.base, &rest);
	if (ask_next(&r))
		event_base_dispatch(r.base);
	through = !event_base_got_exit(r.base);
	asker_free(r.asker);
	event_free(r.patience);
	event_free(r.pause);
	event_base_free(r.base);
	return through;
}
