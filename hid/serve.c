/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "hid/asker.h"
#include "hid/bus.h"
#include "hid/driver.h"
#include "hid/io.h"
#include "hid/search.h"
#include "hid/serve.h"
#include "lib/boottime.h"
#include "lib/dserver.h"
#include "lib/log.h"
#include "lib/xmem.h"

#define SEARCH_MS 2000    /* between two looks at the bus while there is no device */
#define EAGER_MS 200      /* the same when something has just changed there … */
#define EAGER_FOR_MS 5000 /* … for so long: udev sets a node's group late */
#define ASKER_MS 200      /* before a lost asker is replaced */
#define RESET_MS 1000     /* for which a reset device is left alone */
#define DYING_MAX 8       /* of more askers that were killed nobody keeps count */
#define INPUTS_MAX 64     /* input reports in one turn of the loop */

struct serve {
	const struct options *options;
	struct event_base *base;
	struct state *state;
	struct driver *driver;
	struct dserver *dserver;
	struct bus_watch *watch;
	struct event *timer;

	/* The device in use; `io` is NULL without one. */
	struct io *io;
	struct event *input;
	struct asker *asker; /* NULL for a moment after it was lost */
	uint64_t asker_due;
	struct asker *dying[DYING_MAX]; /* killed, or resetting it, and not ended yet */
	size_t ndying;
	struct io *closing; /* of a device that was lost: open until these have ended */
	char path[sizeof(((struct bus_device *)0)->path)];
	char usb[sizeof(((struct bus_device *)0)->usb)];

	/* The search for one. */
	struct search *search;
	uint64_t search_due, eager_until;
	uint64_t wait_until; /* as ups.conf has it; a rest may be longer */
	uint64_t reset_due;  /* it is to be reset then; 0: it is not */
};

static void settle(struct serve *s);

/* Kills the asker, and keeps it in mind until it has ended. */
static void
drop(struct serve *s)
{
	if (s->asker != NULL && s->ndying < DYING_MAX) {
		s->dying[s->ndying++] = s->asker;
		asker_kill(s->asker);
	} else {
		asker_free(s->asker);
	}
	s->asker = NULL;
}

static void
on_ended(void *arg, struct asker *a)
{
	struct serve *s = arg;

	for (size_t i = 0; i < s->ndying; i++)
		if (s->dying[i] == a)
			s->dying[i] = s->dying[--s->ndying];
	asker_free(a);
	settle(s);
}

/* The device is gone, or of no use: what was known stays, with its age. */
static void
lose(struct serve *s, const char *why, uint64_t search_in)
{
	const uint64_t wait = (uint64_t)s->options->waitbeforereconnect * 1000;

	log_warn("ups %s: %s %s; waiting for it", s->options->name, s->path, why);
	driver_detach(s->driver, boottime_ms());
	drop(s);
	event_free(s->input);
	s->input = NULL;
	s->closing = s->io;
	s->io = NULL;
	search_lost(s->search);
	s->wait_until = boottime_ms() + wait;
	s->search_due = boottime_ms() + (search_in > wait ? search_in : wait);
	s->eager_until = s->search_due + EAGER_FOR_MS;
}

/* A device that is there and of no use is left alone, each time longer, and reset on its
 * bus when opening it anew was no help. */
static void
give_rest(struct serve *s)
{
	const char *fault = driver_fault(s->driver);
	uint64_t pause;
	bool reset;

	search_accuse(s->search);
	pause = driver_pause(s->driver, &reset);
	lose(s, fault, pause);
	if (reset)
		s->reset_due = s->search_due > RESET_MS ? s->search_due - RESET_MS : 1;
	log_info("ups %s: %s it in %llu s", s->options->name,
	    reset ? "resetting and reopening" : "reopening",
	    (unsigned long long)(s->search_due - boottime_ms() + 500) / 1000);
}

static void
on_answer(void *arg, const struct hidsock_packet *p)
{
	struct serve *s = arg;

	driver_answer(s->driver, p->error, p->data, p->len, boottime_ms());
	settle(s);
}

/* Ends the asker; another one starts in a moment. */
static void
drop_asker(struct serve *s, int error)
{
	drop(s);
	s->asker_due = boottime_ms() + ASKER_MS;
	driver_answer(s->driver, error, NULL, 0, boottime_ms());
}

static void
on_lost(void *arg, int error)
{
	struct serve *s = arg;

	log_warn("ups %s: the process that asks %s ended%s%s; starting another",
	    s->options->name, s->path, error != 0 ? ": " : "",
	    error != 0 ? strerror(error) : "");
	drop_asker(s, EIO);
	settle(s);
}

static const struct asker_ops asker_ops = {
    .answer = on_answer, .lost = on_lost, .ended = on_ended};

/* Resets the device that was lost; it is not looked for until that is over. */
static void
reset(struct serve *s)
{
	struct asker *a = NULL;

	if (s->ndying < DYING_MAX)
		a = asker_reset(
		    s->base, s->options->name, s->path, s->usb, &asker_ops, s);
	if (a != NULL)
		s->dying[s->ndying++] = a;
	else
		log_warn_errno(
		    "ups %s: cannot start a process to reset it", s->options->name);
}

static void
start_asker(struct serve *s)
{
	s->asker = asker_new(s->base, s->path, s->usb, &asker_ops, s);
	if (s->asker == NULL) {
		log_warn_errno("ups %s: cannot start a process to ask %s",
		    s->options->name, s->path);
		s->asker_due = boottime_ms() + SEARCH_MS;
	}
}

/* Input reports, or the end of the device. */
static void
on_input(evutil_socket_t fd, short what, void *arg)
{
	struct serve *s = arg;
	uint8_t bytes[1 + HID_REPORT_BITS_MAX / 8];
	ssize_t n = 0;

	for (int i = 0; i < INPUTS_MAX; i++) {
		if ((n = s->io->ops->input(s->io, bytes, sizeof(bytes))) == -1)
			break;
		driver_input(s->driver, bytes, (size_t)n, boottime_ms());
	}
	if (n == -1 && errno != EAGAIN && errno != EINTR && errno != EPROTO)
		lose(s, "is gone", 0);
	settle(s);
}

static void
search(struct serve *s)
{
	uint64_t now = boottime_ms();
	struct search_found found;

	s->reset_due = 0;
	if (search_look(s->search, now >= s->eager_until, &found)) {
		s->io = found.io;
		memcpy(s->path, found.path, sizeof(s->path));
		memcpy(s->usb, found.usb, sizeof(s->usb));
		s->input =
		    event_new(s->base, s->io->fd, EV_READ | EV_PERSIST, on_input, s);
		event_add(s->input, NULL);
		start_asker(s);
		driver_attach(s->driver, found.desc, &found.ident, boottime_ms());
	}
	now = boottime_ms();
	s->search_due = now + (now < s->eager_until ? EAGER_MS : SEARCH_MS);
}

static void
on_bus_change(void *arg)
{
	struct serve *s = arg;
	const uint64_t now = boottime_ms();

	s->eager_until = now + EAGER_FOR_MS;
	if (s->io != NULL)
		return;
	/* One that was of no use and has left the bus needs no more rest. */
	if (s->search_due > s->wait_until && access(s->path, F_OK) == -1)
		s->search_due = s->wait_until;
	/* Others that come and go end nobody's rest. */
	if (s->search_due <= now + SEARCH_MS && now >= s->wait_until)
		s->search_due = now;
	settle(s);
}

/* Does what is due: replaces what hangs, gives up what is gone, looks for a device. */
static void
repair(struct serve *s)
{
	uint64_t now = boottime_ms();

	switch (driver_check(s->driver, now)) {
	case DRIVER_NOTHING:
		break;
	case DRIVER_REASK:
		log_warn("ups %s: %s has not answered for %d s; asking anew",
		    s->options->name, s->path, DRIVER_STUCK_MS / 1000);
		drop_asker(s, ETIMEDOUT);
		break;
	case DRIVER_GONE:
		lose(s, "is gone", 0);
		break;
	case DRIVER_REOPEN:
		give_rest(s);
		break;
	}
	if (s->io == NULL && s->reset_due != 0 && now >= s->reset_due) {
		s->reset_due = 0;
		reset(s);
	}
	if (s->ndying == 0) {
		io_close(s->closing);
		s->closing = NULL;
	}
	if (s->io == NULL && s->ndying == 0 && now >= s->search_due)
		search(s);
	if (s->io != NULL && s->asker == NULL && now >= s->asker_due)
		start_asker(s);
}

/* Sends requests while the driver has one and the asker takes it. */
static void
ask(struct serve *s)
{
	struct driver_ask a;

	while (s->asker != NULL && driver_ask(s->driver, boottime_ms(), &a)) {
		if (asker_send(s->asker, a.op, a.id, a.data, a.len) == 0)
			break;
		driver_answer(s->driver, errno, NULL, 0, boottime_ms());
	}
}

/* Tells how each finished command went. */
static void
answer_clients(struct serve *s)
{
	struct driver_result r;

	while (driver_result(s->driver, &r)) {
		log_info("ups %s: %s: %s%s%s%s%s", s->options->name, r.name,
		    r.status == DSERVER_DONE ? "done" : "failed",
		    r.reason[0] != '\0' ? ": " : "", r.reason, r.error != 0 ? ": " : "",
		    r.error != 0 ? strerror(r.error) : "");
		dserver_result(s->dserver, r.ticket, r.status);
	}
}

static void
set_timer(struct serve *s)
{
	uint64_t now = boottime_ms(), due = driver_deadline(s->driver, now);
	struct timeval wait;

	if (s->io == NULL && s->ndying == 0 && s->search_due < due)
		due = s->search_due;
	if (s->io == NULL && s->reset_due != 0 && s->reset_due < due)
		due = s->reset_due;
	if (s->io != NULL && s->asker == NULL && s->asker_due < due)
		due = s->asker_due;
	due = due > now ? due - now : 0;
	wait = (struct timeval){
	    .tv_sec = (time_t)(due / 1000), .tv_usec = (suseconds_t)(due % 1000 * 1000)};
	event_add(s->timer, &wait);
}

static void
say_field(void *arg, const char *line)
{
	log_info("%s", line);
}

/* What the device gives people to read. */
static void
say_findings(struct serve *s)
{
	char text[320];

	driver_explore(s->driver, say_field, NULL);
	if (driver_remark(s->driver, text, sizeof(text)))
		log_warn("ups %s: %s", s->options->name, text);
}

/* After whatever happened: clients hear it, the device is asked, the timer set. */
static void
settle(struct serve *s)
{
	if (driver_publish(s->driver, boottime_ms()))
		dserver_publish(s->dserver);
	repair(s);
	ask(s);
	if (driver_publish(s->driver, boottime_ms()))
		dserver_publish(s->dserver);
	say_findings(s);
	answer_clients(s);
	dserver_fresh(s->dserver, driver_fresh(s->driver, boottime_ms()));
	set_timer(s);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	settle(arg);
}

/* Logs what came of a request that needed no device, and settles a moment later. */
static enum dserver_status
requested(
    struct serve *s, const char *name, enum dserver_status status, const char *cause)
{
	static const char *const texts[] = {
	    [DSERVER_DONE] = "done",
	    [DSERVER_UNKNOWN] = "unknown to this device",
	    [DSERVER_INVALID] = "refused",
	    [DSERVER_FAILED] = "failed",
	};

	if (status != DSERVER_PENDING)
		log_info("ups %s: %s: %s%s%s", s->options->name, name, texts[status],
		    *cause != '\0' ? ": " : "", cause);
	event_active(s->timer, EV_TIMEOUT, 0);
	return status;
}

static enum dserver_status
on_instcmd(void *arg, const char *cmd, const char *value, unsigned long ticket)
{
	struct serve *s = arg;
	char cause[256] = "";

	return requested(s, cmd,
	    driver_command(s->driver, cmd, value, ticket, cause, sizeof(cause)), cause);
}

static enum dserver_status
on_set(void *arg, const char *var, const char *value, unsigned long ticket)
{
	struct serve *s = arg;
	char cause[256] = "";

	return requested(s, var,
	    driver_set(s->driver, var, value, ticket, cause, sizeof(cause)), cause);
}

static const struct dserver_ops dserver_ops = {.instcmd = on_instcmd, .set = on_set};

struct serve *
serve_new(struct event_base *base, const struct options *o, int fd)
{
	struct serve *s = xcalloc(1, sizeof(*s));

	s->options = o;
	s->base = base;
	s->state = state_new();
	s->driver = driver_new(o, s->state);
	s->dserver = dserver_new(base, fd, s->state, &dserver_ops, s);
	s->search = search_new(o);
	s->watch = bus_watch_new(base, on_bus_change, s);
	s->timer = event_new(base, -1, 0, on_timer, s);
	event_active(s->timer, EV_TIMEOUT, 0);
	return s;
}

void
serve_free(struct serve *s)
{
	asker_free(s->asker);
	for (size_t i = 0; i < s->ndying; i++)
		asker_free(s->dying[i]);
	if (s->input != NULL)
		event_free(s->input);
	io_close(s->closing);
	io_close(s->io);
	event_free(s->timer);
	bus_watch_free(s->watch);
	dserver_free(s->dserver);
	driver_free(s->driver);
	search_free(s->search);
	state_free(s->state);
	free(s);
}
