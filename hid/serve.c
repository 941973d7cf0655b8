/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "hid/asker.h"
#include "hid/bus.h"
#include "hid/driver.h"
#include "hid/io.h"
#include "hid/serve.h"
#include "lib/boottime.h"
#include "lib/dserver.h"
#include "lib/log.h"
#include "lib/xmem.h"

#define SEARCH_MS 2000    /* between two looks at the bus while there is no device */
#define EAGER_MS 200      /* the same when something has just changed there … */
#define EAGER_FOR_MS 5000 /* … for so long: udev sets a node's group late */
#define ASKER_MS 200      /* before a lost asker is replaced */
#define REOPEN_MS 5000    /* before a device that answers nothing is opened anew */
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
	char path[sizeof(((struct bus_device *)0)->path)];
	char usb[sizeof(((struct bus_device *)0)->usb)];

	/* The search for one. */
	bool found_before;
	struct hidups_ident last;
	uint64_t search_due, eager_until;
	char said[512]; /* about what was found: each finding is logged once */
};

static void settle(struct serve *s);

/* Logs a finding of the search unless it is the last one again, or may pass by itself:
 * while the bus changes, sockets and access rights are made in steps. */
static void __attribute__((format(printf, 2, 3)))
say_once(struct serve *s, const char *format, ...)
{
	char text[sizeof(s->said)];
	va_list ap;

	if (boottime_ms() < s->eager_until)
		return;
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (strcmp(text, s->said) == 0)
		return;
	memcpy(s->said, text, sizeof(s->said));
	log_warn("ups %s: %s", s->options->name, text);
}

/* The device is gone, or of no use: what was known stays, stale. */
static void
lose(struct serve *s, const char *why, uint64_t search_in)
{
	log_warn("ups %s: %s %s; waiting for it", s->options->name, s->path, why);
	driver_detach(s->driver);
	asker_free(s->asker);
	s->asker = NULL;
	event_free(s->input);
	s->input = NULL;
	io_close(s->io);
	s->io = NULL;
	s->said[0] = '\0';
	s->search_due = boottime_ms() + search_in;
	s->eager_until = s->search_due + EAGER_FOR_MS;
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
	asker_free(s->asker);
	s->asker = NULL;
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

static const struct asker_ops asker_ops = {.answer = on_answer, .lost = on_lost};

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

/* Says which device is used where that may surprise. */
static void
introduce(struct serve *s, const struct bus_device *d)
{
	const char *port = s->options->port;
	char name[256];

	bus_device_name(d, name, sizeof(name));
	if (strncmp(port, "/dev/", 5) == 0 && !match_port(port, d))
		log_warn("port %s of ups %s is no matching power device; using %s (%s)",
		    port, s->options->name, d->path, name);
	else
		log_info("ups %s: using %s (%s)", s->options->name, d->path, name);
	if (s->found_before && strcmp(s->last.serial, d->ident.serial) != 0)
		log_warn("ups %s: the device has serial \"%s\", the one before had "
			 "\"%s\"; clients see the identity of the first until this "
			 "driver starts again",
		    s->options->name, d->ident.serial, s->last.serial);
}

/* Opens the chosen device. What fails is tried again by the search. */
static void
use(struct serve *s, const struct bus_device *d)
{
	struct hid_desc *desc;
	char cause[128];

	if ((s->io = io_open(d->path, d->usb, IO_LISTEN)) == NULL) {
		say_once(s, "cannot open %s: %s%s", d->path, strerror(errno),
		    errno == EACCES ? "; this user needs its group, or a udev rule" : "");
		return;
	}
	if ((desc = hid_desc_parse(
		 d->descriptor, d->descriptor_len, cause, sizeof(cause))) == NULL) {
		say_once(s, "%s: %s", d->path, cause);
		io_close(s->io);
		s->io = NULL;
		return;
	}
	introduce(s, d);
	memcpy(s->path, d->path, sizeof(s->path));
	memcpy(s->usb, d->usb, sizeof(s->usb));
	if (!s->found_before)
		s->last = d->ident;
	s->found_before = true;
	s->input = event_new(s->base, s->io->fd, EV_READ | EV_PERSIST, on_input, s);
	event_add(s->input, NULL);
	start_asker(s);
	driver_attach(s->driver, desc, &d->ident, boottime_ms());
}

/* Nothing to use: why, in one line. */
static void
explain(struct serve *s, const struct bus_list *list)
{
	const struct bus_device *bad = NULL;
	size_t power = 0;

	for (size_t i = 0; i < list->count; i++) {
		power += list->devices[i].power;
		if (list->devices[i].fault[0] != '\0')
			bad = &list->devices[i];
	}
	if (power > 0)
		say_once(s,
		    "%zu HID power device%s found, none that matches ups.conf%s; waiting",
		    power, power == 1 ? "" : "s",
		    s->found_before ? " and is of the same make as before" : "");
	else if (bad != NULL)
		say_once(s, "no HID power device found (%s: %s); waiting", bad->path,
		    bad->fault);
	else
		say_once(s, "no HID power device found; waiting");
}

static void
search(struct serve *s)
{
	struct match_choice choice = {.match = s->options->match,
	    .port = s->options->port,
	    .last = s->found_before ? &s->last : NULL};
	const struct bus_device *d;
	struct bus_list list;
	uint64_t now;

	bus_scan(&list);
	if ((d = match_choose(&choice, &list)) != NULL)
		use(s, d);
	else
		explain(s, &list);
	bus_list_free(&list);
	now = boottime_ms();
	s->search_due = now + (now < s->eager_until ? EAGER_MS : SEARCH_MS);
}

static void
on_bus_change(void *arg)
{
	struct serve *s = arg;

	s->eager_until = boottime_ms() + EAGER_FOR_MS;
	if (s->io == NULL) {
		search(s);
		settle(s);
	}
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
		lose(s, "answers nothing", REOPEN_MS);
		break;
	}
	if (s->io == NULL && now >= s->search_due)
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

	if (s->io == NULL)
		due = s->search_due;
	else if (s->asker == NULL && s->asker_due < due)
		due = s->asker_due;
	due = due > now ? due - now : 0;
	wait = (struct timeval){
	    .tv_sec = (time_t)(due / 1000), .tv_usec = (suseconds_t)(due % 1000 * 1000)};
	event_add(s->timer, &wait);
}

/* After whatever happened: clients hear it, the device is asked, the timer set. */
static void
settle(struct serve *s)
{
	if (driver_publish(s->driver))
		dserver_publish(s->dserver);
	repair(s);
	ask(s);
	if (driver_publish(s->driver))
		dserver_publish(s->dserver);
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
	s->watch = bus_watch_new(base, on_bus_change, s);
	s->timer = event_new(base, -1, 0, on_timer, s);
	event_active(s->timer, EV_TIMEOUT, 0);
	return s;
}

void
serve_free(struct serve *s)
{
	asker_free(s->asker);
	if (s->input != NULL)
		event_free(s->input);
	io_close(s->io);
	event_free(s->timer);
	bus_watch_free(s->watch);
	dserver_free(s->dserver);
	driver_free(s->driver);
	state_free(s->state);
	free(s);
}
