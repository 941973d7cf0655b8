/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "tests/scenario/house.h"

#define UPTIME_MS 20000  /* of a machine whose holdupd starts */
#define SILENCE_MS 10000 /* holdupd's patience; holdupd/heart.h */
#define LAZY_MS 4000     /* a quiet house is looked at so often */

uint64_t
core_time(const struct core *c, uint64_t policy_ms)
{
	return policy_ms == NEVER ? NEVER : policy_ms + c->boot_ms;
}

static uint64_t
policy_time(const struct house *h, const struct core *c)
{
	return h->now_ms - c->boot_ms;
}

static void
boot_id(const struct core *c, char *out, size_t size)
{
	snprintf(out, size, "boot-%u", c->boot);
}

/* Writes what SAVE asks for, unless no kill can come before the next one. */
static void
save(struct core *c)
{
	char id[32];

	if (c->lazy)
		return;
	boot_id(c, id, sizeof(id));
	policy_save(c->policy, id, c->saved);
	c->has_saved = true;
}

static void
keep(struct core *c)
{
	char id[32];

	boot_id(c, id, sizeof(id));
	policy_remember(c->policy, id, c->memory);
	c->has_memory = true;
}

/* A kill is near: from here on everything is saved. */
void
core_prepare_kill(struct machine *m)
{
	struct core *c = m->core;

	if (c == NULL || c->policy == NULL || !c->lazy)
		return;
	c->lazy = false;
	save(c);
}

static void
load(struct house *h, struct core *c)
{
	const char *cause = "";
	char id[32];

	boot_id(c, id, sizeof(id));
	if (c->has_saved)
		must(h,
		    policy_load(c->policy, id, c->saved, policy_time(h, c), &cause) == 0,
		    "what was saved cannot be read: %s", cause);
	if (c->has_memory)
		must(h,
		    policy_recall(c->policy, id, c->memory, policy_time(h, c), &cause) ==
			0,
		    "the memory cannot be read: %s", cause);
}

/* A process of core, with what an older one has left. */
static void
process_start(struct house *h, struct machine *m)
{
	struct core *c = m->core;

	c->start_ms = NEVER;
	c->hung_ms = 0;
	c->lives_ms = h->now_ms;
	c->doom = 0;
	c->policy = policy_new(&c->conf, policy_time(h, c));
	c->beat_ms = h->now_ms;
	load(h, c);
	for (size_t i = 0; i < h->nsupplies && m->index == PRIMARY; i++) {
		struct supply *s = &h->supplies[i];

		s->dump = true;
		s->dump_ms = h->now_ms + between(h, 5, 600);
		s->source = FEED_LOST;
		s->heard_ms = 0;
		s->estimated = false;
		for (size_t k = 0; k <= MACHINES_MAX; k++) {
			s->views[k] = FEED_VIEW_NONE;
			s->viewed[k] = false;
		}
	}
	core_event(h, m, (struct policy_event){.kind = POLICY_TIME});
	if (m->index == PRIMARY)
		net_core_new(h);
	else
		for (size_t i = 0; i < m->nfeeds; i++)
			m->readers[i].source = FEED_LOST;
}

void
core_start(struct house *h, struct machine *m)
{
	struct core *c = m->core;

	c->boot++;
	c->boot_ms = h->now_ms - UPTIME_MS;
	c->has_saved = false; /* of another boot */
	c->lazy = true;
	c->begun = c->cut = c->deadline_cut = c->hurried = false;
	c->deadline_ms = c->fsd_ms = c->final_ms = c->woke_ms = c->gap_ms = 0;
	c->doom_ms = NEVER;
	c->nhanded = 0;
	c->restarts = 0;
	for (size_t i = 0; i < h->nsupplies && m->index == PRIMARY; i++) {
		struct supply *s = &h->supplies[i];

		s->lit = false;
		s->told_ob_ms = s->told_fed_ms = s->low_ms = s->away_ms = 0;
		s->report_ms = h->now_ms;
	}
	process_start(h, m);
}

static void
process_end(struct core *c)
{
	policy_free(c->policy);
	c->policy = NULL;
	c->next_ms = NEVER;
	c->doom = 0;
	c->doom_ms = NEVER;
}

void
core_kill(struct house *h, struct machine *m)
{
	struct core *c = m->core;

	if (c->policy == NULL)
		return;
	h->count->kills++;
	c->restarts++;
	tell(h, "%s: core is killed", m->name);
	process_end(c);
	c->start_ms = h->now_ms + (c->deadline_ms != 0 ? 20 : between(h, 20, 2000));
}

void
core_stop(struct house *h, struct machine *m)
{
	struct core *c = m->core;

	if (c->policy != NULL)
		process_end(c);
	c->start_ms = NEVER;
	c->deadline_ms = 0;
}

void
core_shutdown(struct house *h, struct machine *m, bool cut, const char *why)
{
	struct core *c = m->core;

	c->cut |= cut;
	if (c->begun)
		return;
	c->begun = true;
	if (m->index == PRIMARY && h->first && h->down_ms == NEVER)
		h->down_ms = h->now_ms;
	faults_moment(h, MOMENT_DOWN);
	machine_stop(h, m, why);
}

/* Carries out what a step has decided, as far as it lives. */
static void
carry_out(struct house *h, struct machine *m, const struct policy_actions *actions)
{
	struct core *c = m->core;

	for (size_t i = 0; i < actions->count && c->policy != NULL; i++) {
		const struct policy_action *a = &actions->list[i];

		if (c->doom > 0 && --c->doom == 0) {
			tell(h, "%s: core dies before action %zu of %zu", m->name, i + 1,
			    actions->count);
			core_kill(h, m);
			return;
		}
		if (a->kind == POLICY_SAVE)
			save(c);
		else if (a->kind == POLICY_KEEP)
			keep(c);
		else
			deed_do(h, m, a);
	}
}

void
core_event(struct house *h, struct machine *m, struct policy_event event)
{
	struct core *c = m->core;
	const struct policy_actions *actions;

	if (c->policy == NULL || m->asleep_ms != 0 || c->hung_ms != 0)
		return;
	h->count->steps++;
	actions = policy_step(c->policy, &event, policy_time(h, c));
	c->next_ms = core_time(c, actions->next_ms);
	carry_out(h, m, actions);
}

/* True where nothing happens that could not wait for some seconds. */
static bool
is_quiet(const struct house *h)
{
	if (h->now_ms < h->settled_ms + 10000)
		return false;
	for (size_t i = 0; i < h->nsupplies; i++)
		if (!ups_fed(&h->supplies[i].ups) || h->supplies[i].source != FEED_OK ||
		    h->now_ms < h->supplies[i].mains_ms + 90000)
			return false;
	return true;
}

uint64_t
core_next(const struct machine *m)
{
	const struct core *c = m->core;
	uint64_t next = NEVER;

	if (c->start_ms < next)
		next = c->start_ms;
	if (c->doom_ms < next)
		next = c->doom_ms;
	if (c->deadline_ms != 0 && !c->begun && c->deadline_ms < next)
		next = c->deadline_ms;
	if (c->policy == NULL)
		return next;
	if (c->hung_ms != 0)
		return c->hung_ms < next ? c->hung_ms : next;
	return c->next_ms < next ? c->next_ms : next;
}

/* holdupd's part: the deadline, the silence, a new core. */
static void
watch(struct house *h, struct machine *m)
{
	struct core *c = m->core;

	if (c->deadline_ms != 0 && h->now_ms >= c->deadline_ms && !c->begun)
		core_shutdown(h, m, c->deadline_cut, "core was silent at its deadline");
	if (c->policy != NULL && c->hung_ms != 0 && h->now_ms > c->beat_ms + SILENCE_MS) {
		tell(h, "%s: core hangs", m->name);
		core_kill(h, m);
	}
	if (h->now_ms >= c->start_ms) {
		tell(h, "%s: core is started again", m->name);
		process_start(h, m);
	}
}

void
core_act(struct house *h, struct machine *m)
{
	struct core *c = m->core;

	if (m->power != POWER_ON && m->power != POWER_STOPPING)
		return;
	if (h->now_ms >= c->doom_ms) {
		c->doom_ms = NEVER;
		core_kill(h, m);
	}
	if (c->hung_ms != 0 && h->now_ms >= c->hung_ms) {
		c->hung_ms = 0;
		c->gap_ms = h->now_ms;
	}
	watch(h, m);
	if (c->policy == NULL || h->now_ms < c->next_ms || c->hung_ms != 0)
		return;
	core_event(h, m, (struct policy_event){.kind = POLICY_TIME});
	if (c->policy != NULL && is_quiet(h) && c->next_ms < h->now_ms + LAZY_MS)
		c->next_ms = h->now_ms + LAZY_MS;
}
