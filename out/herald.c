/* SPDX-License-Identifier: ISC */
#include "out/herald.h"

#include <stdlib.h>
#include <string.h>

#include "history/series.h"
#include "lib/xmem.h"
#include "out/energy.h"
#include "out/facts.h"

/* What is known of a UPS besides the model. */
struct herald_ups {
	char *name;
	struct energy energy;
	uint64_t told_wh;
	bool told;                  /* told_wh is on the disk */
	struct watch_outage outage; /* the last one; began 0: none */
};

struct herald {
	struct outbox *box;
	void (*changed)(void *arg, enum herald_haste haste);
	void *arg;
	struct watch *watch;
	struct herald_ups *upses;
	size_t nupses;
	/* Of the call that is made of us. */
	const struct feed *feed; /* NULL: there is none */
	struct watch_now now;
};

static struct herald_ups *
ups_named(struct herald *h, const char *name)
{
	for (size_t i = 0; i < h->nupses; i++)
		if (strcmp(h->upses[i].name, name) == 0)
			return &h->upses[i];
	h->upses = xreallocarray(h->upses, h->nupses + 1, sizeof(*h->upses));
	h->upses[h->nupses] = (struct herald_ups){.name = xstrdup(name)};
	return &h->upses[h->nupses++];
}

static void
on_sample(void *arg, const char *ups, unsigned series, struct watch_now at, double value)
{
	if (series == SERIES_WATTS)
		energy_watts(&ups_named(arg, ups)->energy, value, at.boot_ms);
}

static void
on_flags(void *arg, const char *ups, unsigned flags)
{
	struct herald *h = arg;

	outbox_flags(h->box, ups, flags);
	h->changed(h->arg, HERALD_LATER);
}

/* What the machine of "Machine NAME: …" stands like. */
static void
add_machine(struct event *e, const struct feed *f)
{
	static const char word[] = "Machine ";
	const char *name = e->text + strlen(word);

	if (strncmp(e->text, word, strlen(word)) != 0)
		return;
	for (size_t i = 0; i < f->nmachines; i++) {
		size_t len = strlen(f->machines[i].name);

		if (strncmp(name, f->machines[i].name, len) == 0 && name[len] == ':')
			facts_machine(e, &f->machines[i]);
	}
}

static void
add_facts(struct herald *h, struct event *e)
{
	const struct herald_ups *own = *e->ups == '\0' ? NULL : ups_named(h, e->ups);
	const struct feed_ups *u = NULL;

	if (h->feed != NULL && own != NULL)
		u = feed_find(h->feed, e->ups);
	if (u != NULL)
		facts_ups(e, u);
	if (h->feed != NULL && e->kind == KIND_MACHINE)
		add_machine(e, h->feed);
	if (own == NULL || own->outage.began == 0)
		return;
	if ((e->kind == KIND_ONBATT && own->outage.ended == 0) ||
	    (e->kind == KIND_ONLINE && own->outage.ended != 0))
		facts_outage(e, &own->outage);
}

/* Keeps an event; it is handed on when it is on the disk. */
static void
keep(struct herald *h, enum kind kind, const char *ups, const char *who, const char *text,
    int64_t at_ms)
{
	struct event e = {.at_ms = at_ms, .kind = kind};

	event_cut(e.ups, sizeof(e.ups), ups == NULL ? "" : ups);
	event_cut(e.who, sizeof(e.who), who == NULL ? "" : who);
	event_cut(e.text, sizeof(e.text), text);
	add_facts(h, &e);
	outbox_add(h->box, &e, h->now.wall_ms);
	h->changed(h->arg, HERALD_NOW);
}

/* What a battery has learned is history's to say (take_news()): here nothing is known of its
 * past. */
static void
on_event(void *arg, const struct watch_event *e)
{
	if (e->kind != KIND_LEARNED)
		keep(arg, e->kind, e->ups, e->who, e->text, e->at.wall_ms);
}

/* It began when it began, though the clock was set since. */
static void
on_outage(void *arg, const char *ups, struct watch_outage *o)
{
	struct herald *h = arg;
	struct watch_outage kept = *o;

	if (kept.ended == 0)
		kept.began = h->now.wall_ms - (int64_t)o->ms;
	ups_named(h, ups)->outage = kept;
	outbox_outage(h->box, ups, &kept);
	h->changed(h->arg, HERALD_LATER);
}

static void
on_clock(void *arg, int64_t from_ms, int64_t to_ms)
{
	struct herald *h = arg;

	outbox_clock(h->box, to_ms - from_ms);
	h->changed(h->arg, HERALD_ANEW);
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

struct herald *
herald_new(
    struct outbox *box, void (*changed)(void *arg, enum herald_haste haste), void *arg)
{
	struct herald *h = xcalloc(1, sizeof(*h));

	h->box = box;
	h->changed = changed;
	h->arg = arg;
	h->watch = watch_new(&watch_ops, h);
	return h;
}

void
herald_free(struct herald *h)
{
	watch_free(h->watch);
	for (size_t i = 0; i < h->nupses; i++)
		free(h->upses[i].name);
	free(h->upses);
	free(h);
}

void
herald_begin(struct herald *h)
{
	struct watch_known known;
	const char *name;
	double wh;

	for (size_t i = 0; outbox_ups(h->box, i, &name, &known, &wh); i++) {
		ups_named(h, name)->energy.wh = wh;
		watch_know(h->watch, name, &known);
	}
}

void
herald_adopt(struct herald *h, const struct outbox *old, uint64_t boot_ms)
{
	struct watch_known known;
	const char *name;
	double wh;

	herald_keep(h, boot_ms);
	outbox_adopt(h->box, old);
	for (size_t i = 0; outbox_ups(h->box, i, &name, &known, &wh); i++)
		ups_named(h, name)->energy.wh = wh;
}

/* What history has found out is an event here, too. */
static void
take_news(struct herald *h, const struct feed_ups *u, const struct feed_deed *d)
{
	int kind = kind_named(d->name);

	if (kind >= 0 && u != NULL)
		keep(h, (enum kind)kind, u->name, NULL, d->value, h->now.wall_ms);
}

/* For whatever watch tells from now on. */
static void
look(struct herald *h, const struct feed *f, struct watch_now now)
{
	h->feed = f;
	h->now = now;
}

void
herald_feed(struct herald *h, const struct feed *f, const struct feed_change *c,
    struct watch_now now)
{
	look(h, f, now);
	watch_feed(h->watch, f, c, now);
	if (c->kind == FEED_DEED && strcmp(f->deed.verb, FEED_NEWS) == 0)
		take_news(h, c->ups, &f->deed);
}

void
herald_gone(struct herald *h, const struct feed *f, struct watch_now now)
{
	look(h, f, now);
	watch_gone(h->watch, now);
}

void
herald_time(struct herald *h, const struct feed *f, struct watch_now now)
{
	look(h, f, now);
	if (now.boot_ms >= watch_due(h->watch))
		watch_time(h->watch, f, now);
}

uint64_t
herald_due(const struct herald *h)
{
	return watch_due(h->watch);
}

void
herald_say(struct herald *h, enum kind kind, const char *text, struct watch_now now)
{
	look(h, NULL, now);
	keep(h, kind, NULL, NULL, text, now.wall_ms);
}

void
herald_count(struct herald *h, uint64_t boot_ms)
{
	for (size_t i = 0; i < h->nupses; i++)
		energy_count(&h->upses[i].energy, boot_ms);
}

void
herald_keep(struct herald *h, uint64_t boot_ms)
{
	for (size_t i = 0; i < h->nupses; i++)
		outbox_energy(
		    h->box, h->upses[i].name, energy_count(&h->upses[i].energy, boot_ms));
}

void
herald_written(
    struct herald *h, void (*tell)(void *arg, const char *ups, uint64_t wh), void *arg)
{
	struct watch_known known;
	const char *name;
	double wh;

	for (size_t i = 0; outbox_ups(h->box, i, &name, &known, &wh); i++) {
		struct herald_ups *u = ups_named(h, name);

		if (wh <= 0 || (u->told && u->told_wh == (uint64_t)wh))
			continue;
		u->told = true;
		u->told_wh = (uint64_t)wh;
		tell(arg, name, u->told_wh);
	}
}

void
herald_energies(const struct herald *h,
    void (*tell)(void *arg, const char *ups, uint64_t wh), void *arg)
{
	for (size_t i = 0; i < h->nupses; i++)
		if (h->upses[i].told)
			tell(arg, h->upses[i].name, h->upses[i].told_wh);
}
