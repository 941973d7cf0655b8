/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "tests/scenario/house.h"

/* A house is drawn from its seed: first the UPSes, then who hangs on them, then what
 * holdup.conf says of that. */

#define SECONDS(n) ((uint64_t)(n)*1000)

static struct policy_monitor secondary_monitors[] = {
    {.row = 0, .power = 1, .far = true},
    {.row = 1, .power = 1, .far = true},
};
static char near_names[][8] = {"ups1", "ups2", "ups3"};
static char *far_names[] = {near_names[0], near_names[1]};

/* Seldom is a UPS odd in more than one way. */
static void
draw_quirks(struct house *h, struct supply *s)
{
	unsigned many = chance(h, 3);

	for (unsigned i = 0; i < many; i++)
		s->quirks[chance(h, QUIRKS)] = true;
	if (s->quirks[QUIRK_DENIES])
		s->quirks[QUIRK_NO_INPUT] = s->quirks[QUIRK_FLASH] = false;
}

static void
draw_supply(struct house *h, struct supply *s)
{
	size_t row = (size_t)(s - h->supplies);
	double runtime = (double)between(h, 60, once_in(h, 4) ? 3000 : 900);

	snprintf(s->name, sizeof(s->name), "%s", near_names[row]);
	h->names[row] = s->name;
	ups_init(
	    &s->ups, (double)between(h, 300, 1500), 230.0, once_in(h, 2) ? 12.0 : 24.0);
	draw_quirks(h, s);
	s->ups.load = (double)between(h, 15, 70);
	battery_calibrate(&s->ups.battery, ups_watts(&s->ups), runtime);
	s->ups.battery.charge = once_in(h, 6) ? (double)between(h, 30, 100) / 100.0 : 1.0;
	s->circuit = h->ncircuits > 1 ? (unsigned)row % 2 : 0;
	s->cap = (double)between(h, 20, 120);
	s->charger = (double)between(h, 10, 60);
	s->delay = OFFDELAY_S;
	s->poll_ms = between(h, 1000, 5000);
	s->runtime_unit = once_in(h, 3) ? 60.0 : 1.0;
	s->hints = true;
	s->dump = true;
	s->dump_ms = NEVER;
	s->at_ms = s->report_ms = 0;
	s->blind_ms = NEVER;
	s->fed = true;
	s->away_runtime = NAN;
	h->honest[row] =
	    once_in(h, 6) && !s->quirks[QUIRK_FLASH] && !s->quirks[QUIRK_EARLY];
	for (size_t i = 0; i < POLICY_VALUES; i++)
		s->values[i] = NAN;
}

/* On which UPSes it hangs. */
static void
draw_feeds(struct house *h, struct machine *m)
{
	bool two = h->nsupplies > 1 && m->kind != &kind_synology &&
		   m->kind != &kind_qnap && once_in(h, 3);

	m->nfeeds = two ? 2 : 1;
	m->needs = two && once_in(h, 4) && h->ncircuits == 1 ? 2 : 1;
	m->feeds[0] = chance(h, (unsigned)h->nsupplies);
	m->feeds[1] = (m->feeds[0] + 1) % h->nsupplies;
}

static struct core *
core_make(const struct policy_conf *conf)
{
	struct core *c = xcalloc(1, sizeof(*c));

	c->conf = *conf;
	c->saved = xcalloc(1, policy_saved_size());
	c->memory = xcalloc(1, policy_memory_size());
	c->start_ms = c->next_ms = c->doom_ms = NEVER;
	return c;
}

/* A secondary's upsmon.conf: a MONITOR line for each feed. */
static void
draw_secondary_core(struct machine *m)
{
	m->core = core_make(&(struct policy_conf){
	    .names = far_names,
	    .nupses = m->nfeeds,
	    .monitors = secondary_monitors,
	    .nmonitors = m->nfeeds,
	    .honest = xcalloc(2, sizeof(bool)),
	    .restart = 30.0,
	    .calm_ms = SECONDS(60),
	    .minsupplies = (int)m->needs,
	    .pollfreq_ms = SECONDS(5),
	    .deadtime_ms = SECONDS(15),
	    .hostsync_ms = SECONDS(15),
	    .finaldelay_ms = m->finaldelay_ms,
	    .rbwarn_ms = SECONDS(43200),
	    .nocommwarn_ms = SECONDS(300),
	    .off_ms = SECONDS(30),
	    .over_ms = -1,
	});
}

static void
draw_machine(struct house *h, unsigned index)
{
	static const struct {
		const struct machine_kind *kind;
		const char *name;
	} kinds[] = {{&kind_core, "pi"}, {&kind_upsmon, "server"}, {&kind_upsmon, "pve"},
	    {&kind_synology, "syno"}, {&kind_qnap, "qnap"}, {&kind_hook, "esxi"}};
	struct machine *m = &h->machines[index];
	unsigned kind = chance(h, sizeof(kinds) / sizeof(kinds[0]));

	m->index = index;
	m->kind = index == PRIMARY ? &kind_core : kinds[kind].kind;
	snprintf(m->name, sizeof(m->name), "%s%u",
	    index == PRIMARY ? "primary" : kinds[kind].name, index);
	if (index == PRIMARY)
		m->name[strlen("primary")] = '\0';
	snprintf(m->address, sizeof(m->address), "10.0.0.%u", index + 10);
	snprintf(m->account, sizeof(m->account), "user%u", index);
	draw_feeds(h, m);
	m->watts = (double)between(h, 10, 150);
	m->takes_ms = between(h, SECONDS(5), SECONDS(60));
	m->boots_ms = between(h, SECONDS(15), SECONDS(120));
	m->period_ms = between(h, 2000, 6000);
	m->finaldelay_ms = between(h, 0, 5000);
	m->patience_ms = once_in(h, 4) ? between(h, SECONDS(60), SECONDS(900)) : NEVER;
	m->auto_on = index == PRIMARY || !once_in(h, 4);
	m->wakes = !m->auto_on || once_in(h, 2);
	m->plan = -1;
	if (index != PRIMARY && m->kind == &kind_core)
		draw_secondary_core(m);
}

static double
maybe(struct house *h, unsigned n, uint64_t low, uint64_t high)
{
	return once_in(h, n) ? (double)between(h, low, high) : NAN;
}

static enum policy_off
draw_off(struct house *h, const struct machine *m)
{
	if (m->kind == &kind_qnap)
		return POLICY_OFF_SILENT;
	if (m->kind == &kind_hook)
		return once_in(h, 3) ? POLICY_OFF_TIME : POLICY_OFF_PROBE;
	return once_in(h, 4) ? POLICY_OFF_PROBE : POLICY_OFF_LOGOUT;
}

/* A section of holdup.conf. What it says of stopping and booting is true, as a rule. */
static void
draw_plan(struct house *h, struct machine *m)
{
	struct policy_conf *c = &h->machines[PRIMARY].core->conf;
	struct policy_plan *p = &h->plans[c->nplans];

	m->plan = (int)c->nplans++;
	m->slow = m->index != PRIMARY && once_in(h, 40);
	m->declared_ms =
	    m->slow ? m->takes_ms * 2 / 3 : m->takes_ms + between(h, 0, 20000);
	if (once_in(h, 10) && !m->slow)
		m->declared_ms = 0;
	*p = (struct policy_plan){
	    .name = m->name,
	    .account = m->kind->logs_in && m->index != PRIMARY ? m->account : NULL,
	    .address = m->kind->logs_in && once_in(h, 2) ? NULL : m->address,
	    .self = m->index == PRIMARY,
	    .planned = true,
	    .feeds = m->feeds,
	    .nfeeds = m->nfeeds,
	    .needs = m->needs,
	    .moment = {.after_ms = once_in(h, 2) ? between(h, 20000, 600000) : 0,
		.charge = maybe(h, 3, 20, 80),
		.runtime = maybe(h, 4, 60, 900),
		.voltage = NAN},
	    .takes_ms = m->declared_ms,
	    .boots_ms = m->boots_ms + between(h, 2000, 15000),
	    .off = draw_off(h, m),
	    .hook = m->kind->by_hook,
	    .wake = m->wakes && m->index != PRIMARY,
	    .probe = m->index != PRIMARY,
	};
	if (p->self || p->off == POLICY_OFF_TIME) {
		p->address = NULL;
		p->probe = false;
	}
}

/* The primary: on one UPS or two, or, on PoE, on none. */
static void
draw_primary(struct house *h)
{
	struct machine *m = &h->machines[PRIMARY];
	bool poe = once_in(h, 8);

	draw_machine(h, PRIMARY);
	if (h->ncircuits > 1) {
		m->nfeeds = h->nsupplies;
		m->needs = 1;
		for (size_t i = 0; i < m->nfeeds; i++)
			m->feeds[i] = i;
	}
	if (poe)
		m->nfeeds = m->needs = 0;
	for (size_t i = 0; i < h->nsupplies; i++) {
		h->monitors[i] = (struct policy_monitor){.row = (long)i, .primary = true};
		for (size_t k = 0; k < m->nfeeds; k++)
			h->monitors[i].power |= m->feeds[k] == i;
	}
	m->core = core_make(&(struct policy_conf){
	    .names = h->names,
	    .nupses = h->nsupplies,
	    .monitors = h->monitors,
	    .nmonitors = h->nsupplies,
	    .plans = h->plans,
	    .honest = h->honest,
	    .restart = (double)between(h, 5, 50),
	    .calm_ms = between(h, SECONDS(5), SECONDS(90)),
	    .minsupplies = (int)m->needs,
	    .pollfreq_ms = SECONDS(5),
	    .deadtime_ms = SECONDS(15),
	    .hostsync_ms = SECONDS(once_in(h, 2) ? 15 : between(h, 5, 60)),
	    .finaldelay_ms = SECONDS(between(h, 0, 10)),
	    .rbwarn_ms = SECONDS(43200),
	    .nocommwarn_ms = SECONDS(300),
	    .off_ms = SECONDS(30),
	    .over_ms = -1,
	});
}

void
house_draw(struct house *h, unsigned long seed)
{
	unsigned planned;

	*h = (struct house){.seed = seed, .random = 0x9e3779b97f4a7c15ULL * (seed + 1)};
	for (unsigned i = 0; i < 4; i++)
		chance(h, 2);
	h->kills = once_in(h, 2);
	h->wild = !once_in(h, 3);
	h->nsupplies = once_in(h, 2) ? 1 : 1 + chance(h, SUPPLIES_MAX);
	h->ncircuits = h->nsupplies > 1 && once_in(h, 4) ? 2 : 1;
	h->nmachines = 1 + chance(h, MACHINES_MAX);
	for (size_t i = 0; i < h->ncircuits; i++)
		h->mains[i] = true;
	for (size_t i = 0; i < h->nsupplies; i++)
		draw_supply(h, &h->supplies[i]);
	draw_primary(h);
	planned = chance(h, 4); /* of three */
	for (unsigned i = 1; i < h->nmachines; i++) {
		draw_machine(h, i);
		if (h->machines[i].kind == &kind_hook || chance(h, 3) < planned)
			draw_plan(h, &h->machines[i]);
	}
	if (planned > 0 && once_in(h, 2) && h->machines[PRIMARY].nfeeds > 0)
		draw_plan(h, &h->machines[PRIMARY]);
	h->machines[PRIMARY].core->conf.planned =
	    h->machines[PRIMARY].core->conf.nplans > 0 || once_in(h, 2);
}

void
house_free(struct house *h)
{
	for (size_t i = 0; i < h->nmachines; i++) {
		struct core *c = h->machines[i].core;

		if (c == NULL)
			continue;
		policy_free(c->policy);
		if (i != PRIMARY)
			free(c->conf.honest);
		free(c->saved);
		free(c->memory);
		free(c);
	}
}
