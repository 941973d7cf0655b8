/* SPDX-License-Identifier: ISC */
#include "history/batteries.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/xmem.h"

#define QUICK "test.battery.start.quick"
#define DEEP "test.battery.start.deep"

struct battery {
	char *ups;
	struct tables_battery kept;
	int64_t said; /* that a test is late (Unix s) */
};

struct batteries {
	struct calendar_conf conf;
	const struct batteries_ops *ops;
	void *arg;
	struct battery *list;
	size_t count;
	uint64_t stepped_ms, started_ms; /* boot, as of struct calendar_house */
};

struct batteries *
batteries_new(
    const struct calendar_conf *conf, const struct batteries_ops *ops, void *arg)
{
	struct batteries *b = xcalloc(1, sizeof(*b));

	b->conf = *conf;
	b->ops = ops;
	b->arg = arg;
	return b;
}

void
batteries_free(struct batteries *b)
{
	for (size_t i = 0; i < b->count; i++)
		free(b->list[i].ups);
	free(b->list);
	free(b);
}

/* The battery of this UPS, made where nothing was known of it. */
static struct battery *
battery_of(struct batteries *b, const char *ups)
{
	struct battery *new;

	for (size_t i = 0; i < b->count; i++)
		if (strcasecmp(b->list[i].ups, ups) == 0)
			return &b->list[i];
	b->list = xreallocarray(b->list, b->count + 1, sizeof(*b->list));
	new = &b->list[b->count++];
	*new = (struct battery){.ups = xstrdup(ups)};
	new->kept.result.health = NAN;
	for (int i = 0; i < LEARN_CURVE; i++)
		new->kept.result.curve[i] = NAN;
	return new;
}

void
batteries_know(struct batteries *b, const char *ups, const struct tables_battery *battery)
{
	battery_of(b, ups)->kept = *battery;
}

static void
changed(struct batteries *b, const struct battery *of)
{
	b->ops->changed(b->arg, of->ups, &of->kept);
}

void
batteries_learned(struct batteries *b, const char *ups, const struct learn_result *r,
    unsigned discharges)
{
	struct battery *of = battery_of(b, ups);

	of->kept.result = *r;
	of->kept.discharges = discharges;
	changed(b, of);
}

void
batteries_event(struct batteries *b, const struct watch_event *e)
{
	struct battery *of;
	const char *result;

	if (e->ups == NULL || (e->kind != KIND_TEST && e->kind != KIND_TESTED))
		return;
	of = battery_of(b, e->ups);
	of->kept.last_test = e->at.wall_ms;
	if (e->kind == KIND_TEST) {
		of->kept.last_quick = e->at.wall_ms;
	} else {
		result = strstr(e->text, ": ");
		snprintf(of->kept.last_result, sizeof(of->kept.last_result), "%s",
		    result != NULL ? result + 2 : e->text);
	}
	changed(b, of);
}

void
batteries_clock(struct batteries *b, struct watch_now now)
{
	b->stepped_ms = now.boot_ms;
}

/* Somebody is on the way down, or up again. */
static bool
somebody_told(const struct feed *f)
{
	for (size_t i = 0; i < f->nmachines; i++)
		if (strcmp(f->machines[i].stand, "on") != 0)
			return true;
	return false;
}

static struct calendar_house
house_of(const struct batteries *b, const struct feed *f, struct watch_now now)
{
	struct calendar_house h = {
	    .now = now.wall_ms / 1000,
	    .boot_ms = now.boot_ms,
	    .stepped_ms = b->stepped_ms,
	    .started_ms = b->started_ms,
	    .told = somebody_told(f),
	};

	for (size_t i = 0; i < b->count; i++) {
		const struct tables_battery *kept = &b->list[i].kept;
		int64_t last = kept->last_quick > kept->last_deep ? kept->last_quick
								  : kept->last_deep;

		if (last / 1000 > h.started)
			h.started = last / 1000;
	}
	return h;
}

/* What the calendar wants to know of a UPS. */
static bool
ups_of(const struct battery *of, const struct watch *w, const struct feed_ups *u,
    struct calendar_ups *c)
{
	struct watch_facts facts;

	if (!watch_facts(w, of->ups, &facts))
		return false;
	*c = (struct calendar_ups){
	    .last_quick = of->kept.last_quick / 1000,
	    .last_deep = of->kept.last_deep / 1000,
	    .said = of->said,
	    .quick = state_cmd_has(u->state, QUICK),
	    .deep = state_cmd_has(u->state, DEEP),
	    .heard = facts.heard,
	    .flags = facts.flags,
	    .mains_ms = facts.mains_ms,
	    .outage = facts.battery_ms / 1000,
	    .charge = facts.charge,
	    .charge_high = facts.charge_high,
	    .load = facts.load,
	};
	return true;
}

/* A test is ordered. What comes of it is an event of its own; that it was tried counts. */
static void
start(struct batteries *b, struct battery *of, bool deep, struct watch_now now)
{
	b->started_ms = now.boot_ms;
	of->kept.last_quick = now.wall_ms;
	if (deep)
		of->kept.last_deep = now.wall_ms;
	b->ops->order(b->arg, of->ups, deep ? DEEP : QUICK);
}

static void
look(struct batteries *b, struct battery *of, const struct watch *w,
    const struct feed_ups *u, const struct feed *f, struct watch_now now)
{
	struct calendar_house house = house_of(b, f, now);
	const struct tables_battery old = of->kept;
	char why[CALENDAR_WHY];
	struct calendar_ups c;
	enum calendar_verdict verdict;

	/* A UPS that is new is tested when it has been known for so long. */
	if (of->kept.last_quick == 0)
		of->kept.last_quick = of->kept.last_deep = now.wall_ms;
	if (!ups_of(of, w, u, &c))
		return;
	verdict = calendar_judge(&b->conf, &house, &c, why);
	of->said = c.said;
	of->kept.last_quick = c.last_quick != old.last_quick / 1000 ? c.last_quick * 1000
								    : of->kept.last_quick;
	of->kept.last_deep =
	    c.last_deep != old.last_deep / 1000 ? c.last_deep * 1000 : of->kept.last_deep;
	if (verdict == CALENDAR_LATE)
		b->ops->late(b->arg, of->ups, why);
	else if (verdict != CALENDAR_NOTHING)
		start(b, of, verdict == CALENDAR_DEEP, now);
	c.last_quick = of->kept.last_quick / 1000;
	c.last_deep = of->kept.last_deep / 1000;
	of->kept.next_test = calendar_next(&b->conf, &c) * 1000;
	if (of->kept.last_quick != old.last_quick ||
	    of->kept.last_deep != old.last_deep || of->kept.next_test != old.next_test)
		changed(b, of);
}

void
batteries_look(struct batteries *b, const struct watch *w, const struct feed *f,
    struct watch_now now)
{
	for (size_t i = 0; i < f->nupses; i++)
		look(b, battery_of(b, f->upses[i]->name), w, f->upses[i], f, now);
}
