/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <string.h>
#include <time.h>

#include "hid/asker.h"
#include "hid/bus.h"
#include "hid/cut.h"
#include "hid/late.h"
#include "lib/boottime.h"
#include "lib/log.h"

#define LOOK_MS 250 /* between two looks at the bus */

struct late {
	struct event_base *base;
	const struct bus_device *device;
	struct cut *cut;
	struct asker *asker; /* does the asking, for a device can hold it for seconds */
	struct event *patience; /* with the request in flight */
};

static struct timeval
interval(uint64_t ms)
{
	return (struct timeval){
	    .tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)};
}

static void next(struct late *l);

static void
on_answer(void *arg, const struct hidsock_packet *p)
{
	struct late *l = arg;

	cut_answer(l->cut, p->error, p->data, p->len);
	next(l);
}

/* The process that asks is of no use; its successor asks what comes next. */
static void
fail(struct late *l, int error)
{
	asker_free(l->asker);
	l->asker = NULL;
	cut_answer(l->cut, error, NULL, 0);
	next(l);
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
ask_next(struct late *l)
{
	const struct timeval patience = interval(LATE_REPORT_MS);
	struct driver_ask ask;

	event_del(l->patience);
	while (cut_ask(l->cut, &ask)) {
		if (l->asker == NULL)
			l->asker = asker_new(
			    l->base, l->device->path, l->device->usb, &asker_ops, l);
		if (l->asker != NULL &&
		    asker_send(l->asker, ask.op, ask.id, ask.data, ask.len) == 0) {
			event_add(l->patience, &patience);
			return true;
		}
		cut_answer(l->cut, errno, NULL, 0);
	}
	return false;
}

static void
next(struct late *l)
{
	if (!ask_next(l))
		event_base_loopbreak(l->base);
}

/* The conversation with the device, until it is through or the time is up. */
static int
converse(const struct options *o, const struct bus_device *d, const struct hid_desc *desc,
    uint64_t deadline)
{
	struct late l = {.device = d};
	struct timeval rest;
	uint64_t now;
	bool taken;

	if ((l.base = event_base_new()) == NULL)
		log_fatal("cannot make an event loop");
	l.cut = cut_new(desc, &d->ident, o);
	l.patience = evtimer_new(l.base, on_impatience, &l);
	now = boottime_ms();
	rest = interval(now < deadline ? deadline - now : 0);
	event_base_loopexit(l.base, &rest);
	if (ask_next(&l))
		event_base_dispatch(l.base);
	taken = cut_taken(l.cut);
	if (taken)
		log_info("ups %s: %s", o->name, cut_text(l.cut));
	else if (event_base_got_exit(l.base))
		log_warn("ups %s: %s did not take the command to cut its output within "
			 "%d s; its battery will run down",
		    o->name, d->path, LATE_ALL_MS / 1000);
	else
		log_warn("ups %s: %s %s", o->name, d->path, cut_text(l.cut));
	asker_free(l.asker);
	event_free(l.patience);
	cut_free(l.cut);
	event_base_free(l.base);
	return taken ? 0 : 1;
}

/* Looks for the section's device; it may just be coming back from a reset. */
static const struct bus_device *
look(const struct options *o, struct bus_list *list)
{
	const struct match_choice choice = {.match = o->match, .port = o->port};
	const struct timespec pause = {.tv_nsec = LOOK_MS * 1000000L};
	const uint64_t end = boottime_ms() + LATE_FIND_MS;
	const struct bus_device *d;

	for (;;) {
		bus_scan(list);
		d = match_choose(&choice, list);
		if (d != NULL || boottime_ms() >= end)
			return d;
		bus_list_free(list);
		nanosleep(&pause, NULL);
	}
}

int
late_cut(const struct options *o)
{
	const uint64_t deadline = boottime_ms() + LATE_ALL_MS;
	const struct bus_device *d;
	struct hid_desc *desc;
	struct bus_list list;
	char cause[128];
	int status = 1;

	if ((d = look(o, &list)) == NULL) {
		log_warn("ups %s: no HID power device of ups.conf's section is there; "
			 "nothing is cut",
		    o->name);
	} else if ((desc = hid_desc_parse(d->descriptor, d->descriptor_len, cause,
			sizeof(cause))) == NULL) {
		log_warn("ups %s: %s: %s", o->name, d->path, cause);
	} else {
		status = converse(o, d, desc, deadline);
		hid_desc_free(desc);
	}
	bus_list_free(&list);
	return status;
}
