/* SPDX-License-Identifier: ISC */
#include "out/house.h"

#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/boottime.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "out/asks.h"
#include "out/boxfile.h"
#include "out/feedin.h"
#include "out/herald.h"
#include "out/relay.h"

#define ENERGY_TICKS 30 /* energy is written and told every 5 min */
#define END_MS 2000     /* publishers have so long to end */
#define END_LOOK_MS 20

_Static_assert(PUBLISHERS_MAX <= OUTBOX_READERS_MAX, "each of them reads the outbox");

static const struct timeval tick = {.tv_sec = 10};

struct house {
	struct event_base *base;
	struct outbox *box;
	struct boxfile *file;
	struct herald *herald;
	struct feedin *feedin;
	struct asks *asks;
	struct relay_house common;
	struct publisher publishers[PUBLISHERS_MAX];
	struct relay *relays[PUBLISHERS_MAX];
	size_t npublishers;
	struct event *due, *tick;
	unsigned ticks;
	bool full; /* the log has said so */
};

static struct watch_now
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (struct watch_now){
	    (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000, boottime_ms()};
}

/* When the herald wants to be called. */
static void
arm(struct house *h)
{
	const struct timeval left = boottime_until(herald_due(h->herald));

	event_add(h->due, &left);
}

/* The outbox has changed. */
static void
on_news(void *arg, enum herald_haste haste)
{
	struct house *h = arg;

	if (outbox_count(h->box) == OUTBOX_EVENTS_MAX && !h->full) {
		log_warn(
		    "outbox: %d events wait: the oldest are dropped", OUTBOX_EVENTS_MAX);
		h->full = true;
	}
	if (haste == HERALD_NOW)
		boxfile_now(h->file);
	else if (haste == HERALD_LATER)
		boxfile_lazy(h->file);
	else
		boxfile_anew(h->file);
}

static void
on_changed(void *arg, const struct feed_change *c, const char *line, size_t len)
{
	struct house *h = arg;

	if (c->kind == FEED_SNAPSHOT)
		h->common.away = false;
	for (size_t i = 0; i < h->npublishers; i++)
		if (c->kind == FEED_SNAPSHOT)
			relay_snapshot(h->relays[i]);
		else
			relay_line(h->relays[i], line, len);
	herald_feed(h->herald, feedin_model(h->feedin), c, now());
	arm(h);
}

static void
on_lost(void *arg)
{
	struct house *h = arg;

	herald_gone(h->herald, feedin_model(h->feedin), now());
	arm(h);
}

static void
on_away(void *arg)
{
	struct house *h = arg;

	h->common.away = true;
	for (size_t i = 0; i < h->npublishers; i++)
		relay_snapshot(h->relays[i]);
}

static const struct feedin_ops feedin_ops = {
    .changed = on_changed, .lost = on_lost, .away = on_away};

static void
on_due(evutil_socket_t fd, short what, void *arg)
{
	struct house *h = arg;

	herald_time(h->herald, feedin_model(h->feedin), now());
	arm(h);
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct house *h = arg;
	struct watch_now at = now();

	herald_count(h->herald, at.boot_ms);
	if (feedin_model(h->feedin)->whole)
		outbox_heard(h->box, at.wall_ms);
	if (outbox_expire(h->box, at.wall_ms) > 0)
		log_warn("outbox: events that nobody has taken for 7 days are dropped");
	if (++h->ticks % ENERGY_TICKS == 1) {
		herald_keep(h->herald, at.boot_ms);
		boxfile_now(h->file);
	}
}

static void
tell_one(void *arg, const char *ups, uint64_t wh)
{
	relay_energy(arg, ups, wh);
}

/* A publisher wants to know all that has been told. */
static void
on_energies(void *arg, struct relay *r)
{
	herald_energies(((struct house *)arg)->herald, tell_one, r);
}

static void
tell_all(void *arg, const char *ups, uint64_t wh)
{
	struct house *h = arg;

	for (size_t i = 0; i < h->npublishers; i++)
		relay_energy(h->relays[i], ups, wh);
}

static void
on_written(void *arg)
{
	herald_written(((struct house *)arg)->herald, tell_all, arg);
}

static void
on_safe(void *arg)
{
	struct house *h = arg;

	for (size_t i = 0; i < h->npublishers && h->relays[i] != NULL; i++)
		relay_events(h->relays[i]);
}

/* The outbox is there: the rest begins. */
static void
on_begun(void *arg)
{
	struct house *h = arg;
	char *feed = paths_state("holdup.feed");

	herald_begin(h->herald);
	for (size_t i = 0; i < h->npublishers; i++)
		h->relays[i] = relay_new(&h->common, &h->publishers[i], i);
	h->feedin = feedin_new(h->base, feed, &feedin_ops, h);
	h->common.feed = feedin_model(h->feedin);
	herald_say(
	    h->herald, KIND_START, "What happens is published from now on.", now());
	event_add(h->tick, &tick);
	arm(h);
	free(feed);
}

/* The disk has answered at last. */
static void
on_late(void *arg, const struct outbox *old)
{
	herald_adopt(((struct house *)arg)->herald, old, boottime_ms());
}

static const struct boxfile_ops boxfile_ops = {
    .begun = on_begun, .late = on_late, .safe = on_safe, .written = on_written};

static void
on_asked(void *arg, struct relay *r, const struct wire_said *s)
{
	asks_take(((struct house *)arg)->asks, r, s);
}

static void
on_ended(void *arg, struct relay *r)
{
	asks_forget(((struct house *)arg)->asks, r);
}

/* What was taken is not to be handed on again: it is written at once. What publishers want to
 * be kept may come in numbers. */
static void
on_box(void *arg, bool taken)
{
	struct house *h = arg;

	if (taken)
		boxfile_now(h->file);
	else
		boxfile_soon(h->file);
}

/* What names this run of the machine. */
static void
read_boot(char boot[40])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, boot, 36) : -1;

	boot[n > 0 ? n : 0] = '\0';
	if (fd >= 0)
		close(fd);
}

static void
on_term(evutil_socket_t fd, short what, void *arg)
{
	event_base_loopbreak(arg);
}

/* Lets the publishers end, and hears what they say until then. */
static void
end_publishers(struct house *h)
{
	const struct timeval look = {.tv_usec = END_LOOK_MS * 1000};
	uint64_t until = boottime_ms() + END_MS;
	size_t living;

	for (size_t i = 0; i < h->npublishers; i++)
		relay_end(h->relays[i]);
	do {
		event_base_loopexit(h->base, &look);
		event_base_dispatch(h->base);
		living = 0;
		for (size_t i = 0; i < h->npublishers; i++)
			living += !relay_ended(h->relays[i]);
	} while (living > 0 && boottime_ms() < until);
}

static void
finish(struct house *h)
{
	struct watch_now end = now();

	if (h->feedin != NULL) {
		end_publishers(h);
		if (feedin_model(h->feedin)->whole)
			outbox_heard(h->box, end.wall_ms);
		herald_keep(h->herald, end.boot_ms);
		herald_say(
		    h->herald, KIND_STOP, "What happens is not published any more.", end);
		feedin_free(h->feedin);
	}
	for (size_t i = 0; i < h->npublishers && h->relays[i] != NULL; i++)
		relay_free(h->relays[i]);
	h->npublishers = 0;
	boxfile_free(h->file);
	asks_free(h->asks);
	herald_free(h->herald);
	outbox_free(h->box);
	event_free(h->due);
	event_free(h->tick);
}

void
house_run(struct event_base *base, const struct holdup_conf *conf,
    const struct house_options *o)
{
	struct house h = {.base = base};
	struct event *term = evsignal_new(base, SIGTERM, on_term, base);
	char *requests = paths_state("holdup.req");
	char boot[40];

	read_boot(boot);
	h.box = outbox_new(boot);
	h.npublishers = publishers_wanted(conf, h.publishers);
	if (h.npublishers == 0)
		log_warn("holdup.conf asks for nothing that is told to anybody");
	for (size_t i = 0; i < h.npublishers; i++)
		outbox_reader(h.box, h.publishers[i].name, h.publishers[i].kinds);
	h.common = (struct relay_house){.base = base,
	    .box = h.box,
	    .conf_fd = o->conf_fd,
	    .ca_fd = o->ca_fd,
	    .certificate_fd = o->certificate_fd,
	    .debug = o->debug,
	    .asked = on_asked,
	    .changed = on_box,
	    .ended = on_ended,
	    .energies = on_energies,
	    .arg = &h};
	h.herald = herald_new(h.box, on_news, &h);
	h.due = evtimer_new(base, on_due, &h);
	h.tick = event_new(base, -1, EV_PERSIST, on_tick, &h);
	h.asks = asks_new(base, requests, &conf->mqtt);
	h.file = boxfile_new(base, o->folder, h.box, &boxfile_ops, &h);
	event_add(term, NULL);
	event_base_dispatch(base);
	finish(&h);
	event_free(term);
	free(requests);
}
