/* SPDX-License-Identifier: ISC */
#include "out/house.h"

#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "history/series.h"
#include "history/watch.h"
#include "lib/boottime.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/xmem.h"
#include "out/asks.h"
#include "out/boxfile.h"
#include "out/energy.h"
#include "out/facts.h"
#include "out/feedin.h"
#include "out/relay.h"

#define ENERGY_TICKS 30 /* energy is written and told every 5 min */
#define END_MS 2000     /* publishers have so long to end */
#define END_LOOK_MS 20

static const struct timeval tick = {.tv_sec = 10};

/* What is known of a UPS besides the model. */
struct house_ups {
	char *name;
	struct energy energy;
	uint64_t told_wh;
	bool known;                 /* told_wh is on the disk */
	struct watch_outage outage; /* the last one: began 0: none */
};

struct house {
	struct event_base *base;
	struct outbox *box;
	struct boxfile *file;
	struct watch *watch;
	struct feedin *feedin;
	struct asks *asks;
	struct relay_house common;
	struct publisher publishers[PUBLISHERS_MAX];
	struct relay *relays[PUBLISHERS_MAX];
	size_t npublishers;
	struct house_ups *upses;
	size_t nupses;
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

static struct house_ups *
house_ups(struct house *h, const char *name)
{
	for (size_t i = 0; i < h->nupses; i++)
		if (strcmp(h->upses[i].name, name) == 0)
			return &h->upses[i];
	h->upses = xreallocarray(h->upses, h->nupses + 1, sizeof(*h->upses));
	h->upses[h->nupses] = (struct house_ups){.name = xstrdup(name)};
	return &h->upses[h->nupses++];
}

/* When watch wants to be called. */
static void
arm(struct house *h)
{
	uint64_t due = watch_due(h->watch), at = boottime_ms();
	struct timeval tv = {0};

	if (due > at) {
		tv.tv_sec = (time_t)((due - at) / 1000);
		tv.tv_usec = (suseconds_t)((due - at) % 1000) * 1000;
	}
	event_add(h->due, &tv);
}

static void
on_sample(void *arg, const char *ups, unsigned series, struct watch_now at, double value)
{
	if (series == SERIES_WATTS)
		energy_watts(&house_ups(arg, ups)->energy, value, at.boot_ms);
}

static void
on_flags(void *arg, const char *ups, unsigned flags)
{
	struct house *h = arg;

	outbox_flags(h->box, ups, flags);
	boxfile_lazy(h->file);
}

/* What the machine of "Machine NAME: …" stands like. */
static void
add_machine(struct event *e, const struct feed *f)
{
	for (size_t i = 0; i < f->nmachines; i++) {
		size_t len = strlen(f->machines[i].name);

		if (strncmp(e->text, "Machine ", 8) == 0 &&
		    strncmp(&e->text[8], f->machines[i].name, len) == 0 &&
		    e->text[8 + len] == ':')
			facts_machine(e, &f->machines[i]);
	}
}

static void
add_facts(struct house *h, struct event *e)
{
	const struct feed *f = feedin_model(h->feedin);
	const struct feed_ups *u = *e->ups == '\0' ? NULL : feed_find(f, e->ups);

	if (u != NULL)
		facts_ups(e, u);
	if (e->kind == KIND_MACHINE)
		add_machine(e, f);
	if (*e->ups != '\0' && (e->kind == KIND_ONBATT || e->kind == KIND_ONLINE)) {
		const struct house_ups *own = house_ups(h, e->ups);

		if (own->outage.began != 0 &&
		    (e->kind == KIND_ONBATT) == (own->outage.ended == 0))
			facts_outage(e, &own->outage);
	}
}

/* Keeps an event; it is handed on when it is on the disk. */
static void
keep(struct house *h, struct event *e)
{
	outbox_add(h->box, e, now().wall_ms);
	if (outbox_count(h->box) == OUTBOX_EVENTS_MAX && !h->full) {
		log_warn(
		    "outbox: %d events wait: the oldest are dropped", OUTBOX_EVENTS_MAX);
		h->full = true;
	}
	boxfile_now(h->file);
}

/* What a battery has learned is history's to say (on_news()): here nothing is known of its
 * past. */
static void
on_event(void *arg, const struct watch_event *w)
{
	struct house *h = arg;
	struct event e = {.at_ms = w->at.wall_ms, .kind = w->kind};

	if (w->kind == KIND_LEARNED)
		return;
	event_cut(e.ups, sizeof(e.ups), w->ups == NULL ? "" : w->ups);
	event_cut(e.who, sizeof(e.who), w->who == NULL ? "" : w->who);
	event_cut(e.text, sizeof(e.text), w->text);
	add_facts(h, &e);
	keep(h, &e);
}

/* It began when it began, though the clock was set since. */
static void
on_outage(void *arg, const char *ups, struct watch_outage *o)
{
	struct house *h = arg;
	struct watch_outage kept = *o;

	o->id = 1;
	if (kept.ended == 0)
		kept.began = now().wall_ms - (int64_t)o->ms;
	house_ups(h, ups)->outage = kept;
	outbox_outage(h->box, ups, &kept);
	boxfile_lazy(h->file);
}

static void
on_clock(void *arg, int64_t from_ms, int64_t to_ms)
{
	struct house *h = arg;

	outbox_clock(h->box, to_ms - from_ms);
	boxfile_anew(h->file);
}

static void
on_learned(
    void *arg, const char *ups, const struct learn_point *p, const struct learn_result *r)
{
}

static void
on_publish(void *arg, const char *ups, const char *variable, const char *value)
{
}

static const struct watch_ops watch_ops = {
    .sample = on_sample,
    .flags = on_flags,
    .event = on_event,
    .outage = on_outage,
    .clock = on_clock,
    .learned = on_learned,
    .publish = on_publish,
};

static void
say(struct house *h, enum kind kind, const char *text)
{
	struct event e = {.at_ms = now().wall_ms, .kind = kind};

	event_cut(e.text, sizeof(e.text), text);
	keep(h, &e);
}

/* What history has found out is an event here, too. */
static void
on_news(struct house *h, const struct feed_ups *u, const struct feed_deed *d)
{
	struct event e = {.at_ms = now().wall_ms};
	int kind = kind_named(d->name);

	if (kind < 0 || u == NULL)
		return;
	e.kind = (enum kind)kind;
	event_cut(e.ups, sizeof(e.ups), u->name);
	event_cut(e.text, sizeof(e.text), d->value);
	add_facts(h, &e);
	keep(h, &e);
}

static void
on_changed(void *arg, const struct feed_change *c, const char *line, size_t len)
{
	struct house *h = arg;
	const struct feed *f = feedin_model(h->feedin);

	for (size_t i = 0; i < h->npublishers; i++)
		if (c->kind == FEED_SNAPSHOT) {
			h->common.away = false;
			relay_snapshot(h->relays[i]);
		} else
			relay_line(h->relays[i], line, len);
	watch_feed(h->watch, f, c, now());
	if (c->kind == FEED_DEED && strcmp(f->deed.verb, FEED_NEWS) == 0)
		on_news(h, c->ups, &f->deed);
	arm(h);
}

static void
on_lost(void *arg)
{
	struct house *h = arg;

	watch_gone(h->watch, now());
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
	struct watch_now at = now();

	if (at.boot_ms >= watch_due(h->watch))
		watch_time(h->watch, feedin_model(h->feedin), at);
	arm(h);
}

/* Puts what each UPS has given by now into the outbox. */
static void
keep_energy(struct house *h)
{
	for (size_t i = 0; i < h->nupses; i++)
		outbox_energy(h->box, h->upses[i].name,
		    energy_count(&h->upses[i].energy, boottime_ms()));
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct house *h = arg;
	struct watch_now at = now();

	for (size_t i = 0; i < h->nupses; i++)
		energy_count(&h->upses[i].energy, at.boot_ms);
	if (feedin_model(h->feedin)->whole)
		outbox_heard(h->box, at.wall_ms);
	if (outbox_expire(h->box, at.wall_ms) > 0)
		log_warn("outbox: events that nobody has taken for 7 days are dropped");
	if (++h->ticks % ENERGY_TICKS == 1) {
		keep_energy(h);
		boxfile_now(h->file);
	}
}

/* A publisher wants to know all that has been told. */
static void
on_energies(void *arg, struct relay *r)
{
	struct house *h = arg;

	for (size_t i = 0; i < h->nupses; i++)
		if (h->upses[i].known)
			relay_energy(r, h->upses[i].name, h->upses[i].told_wh);
}

/* What is on the disk may be told: it is never less after a restart. */
static void
on_written(void *arg)
{
	struct house *h = arg;
	struct watch_known known;
	const char *name;
	double wh;

	for (size_t i = 0; outbox_ups(h->box, i, &name, &known, &wh); i++) {
		struct house_ups *u = house_ups(h, name);

		if (wh <= 0 || (u->known && u->told_wh == (uint64_t)wh))
			continue;
		u->known = true;
		u->told_wh = (uint64_t)wh;
		for (size_t k = 0; k < h->npublishers; k++)
			relay_energy(h->relays[k], name, u->told_wh);
	}
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
	struct watch_known known;
	const char *name;
	double wh;

	for (size_t i = 0; outbox_ups(h->box, i, &name, &known, &wh); i++) {
		house_ups(h, name)->energy.wh = wh;
		watch_know(h->watch, name, &known);
	}
	for (size_t i = 0; i < h->npublishers; i++)
		h->relays[i] = relay_new(&h->common, &h->publishers[i], i);
	h->feedin = feedin_new(h->base, feed, &feedin_ops, h);
	h->common.feed = feedin_model(h->feedin);
	say(h, KIND_START, "What happens is published from now on.");
	event_add(h->tick, &tick);
	arm(h);
	free(feed);
}

/* The disk has answered at last: what it had and what has happened since are added up. */
static void
on_late(void *arg, const struct outbox *old)
{
	struct house *h = arg;
	struct watch_known known;
	const char *name;
	double wh;

	keep_energy(h);
	outbox_adopt(h->box, old);
	for (size_t i = 0; outbox_ups(h->box, i, &name, &known, &wh); i++)
		house_ups(h, name)->energy.wh = wh;
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
		watch_stop(h->watch, end);
		keep_energy(h);
		say(h, KIND_STOP, "What happens is not published any more.");
		feedin_free(h->feedin);
	}
	for (size_t i = 0; i < h->npublishers && h->relays[i] != NULL; i++)
		relay_free(h->relays[i]);
	h->npublishers = 0;
	boxfile_free(h->file);
	asks_free(h->asks);
	watch_free(h->watch);
	outbox_free(h->box);
	for (size_t i = 0; i < h->nupses; i++)
		free(h->upses[i].name);
	free(h->upses);
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
	h.watch = watch_new(&watch_ops, &h);
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
