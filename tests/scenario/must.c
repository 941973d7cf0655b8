/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/task.h"
#include "tests/scenario/must.h"

#define DARK_MS 30000   /* who lost its server on battery decides alone, so long */
#define STAYS_MS 100000 /* whom was told may still go: docs/plan.md, 4 */

void
must(struct house *h, bool good, const char *format, ...)
{
	struct count again = {0};
	va_list args;

	if (good)
		return;
	if (h->alike &&
	    !h->trace) /* not judged: a battery feeds those that are off, too */
		longjmp(*h->failed, 1);
	if (!h->trace && !h->go_on) {
		house_run(h->seed, true, false, &again);
		printf("house %lu: the story has another end: something is not drawn "
		       "from the seed\n",
		    h->seed);
	}
	printf("house %lu, after %.1f s: ", h->seed, seconds(h->now_ms));
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
	if (h->go_on)
		longjmp(*h->failed, 1);
	exit(1);
}

/* 2. Nobody goes down while enough supplies are fed. */

static bool
was_starved(const struct house *h, const struct machine *m, uint64_t lag_ms)
{
	return m->starved_ms != 0 && h->now_ms <= m->starved_ms + lag_ms;
}

static uint64_t
later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* A forced shutdown on this UPS must be over by then, as docs/plan.md, 6, has it: its mains
 * is calm, its charge above the mark, no cut on its way, and core hears of it; NEVER: it may
 * last. */
static uint64_t
lease_end_ms(const struct house *h, const struct supply *s)
{
	const struct policy_conf *c = must_conf(h);
	const struct machine *p = &h->machines[PRIMARY];
	uint64_t calm;

	if (s->ready_ms == 0 || s->told_fed_ms == 0 || s->heard_ms == 0 ||
	    p->asleep_ms != 0 || p->core->policy == NULL || p->core->hung_ms != 0)
		return NEVER;
	calm = later(later(s->told_fed_ms, s->fsd_ms), p->core->gap_ms) + c->calm_ms;
	return later(later(later(calm, s->obeys_ms), s->ready_ms),
		   later(s->heard_ms, p->core->lives_ms)) +
	       MUST_LAG_MS;
}

/* 2a. A forced shutdown does not outlast its outage, but on a machine that goes down. */
void
must_end(struct house *h)
{
	const struct core *c = h->machines[PRIMARY].core;

	for (size_t i = 0; i < h->nsupplies; i++) {
		const struct supply *s = &h->supplies[i];
		const enum feed_view view = s->views[MACHINES_MAX];

		must(h,
		    (view != FEED_VIEW_FSD && view != FEED_VIEW_OLD) ||
			c->deadline_ms != 0 || h->now_ms <= lease_end_ms(h, s),
		    "the forced shutdown of %s does not end", s->name);
	}
}

/* The forced shutdown of this outage need not be over. */
static bool
lease_may_last(const struct house *h)
{
	if (h->machines[PRIMARY].core->deadline_ms != 0)
		return true;
	for (size_t i = 0; i < h->nsupplies; i++)
		if (h->now_ms <= lease_end_ms(h, &h->supplies[i]))
			return true;
	return false;
}

void
must_leave(struct house *h, struct machine *m)
{
	if (h->fsd_called || m->drilled)
		return;
	/* It decides alone: lost on battery; or had decided before it slept. */
	if ((m->dark_ms != 0 && h->now_ms < m->dark_ms + DARK_MS) ||
	    h->now_ms < m->reached_ms + DARK_MS)
		return;
	must(h, m->starved_ms >= h->begin_ms, "%s goes down, and was fed all the time",
	    m->name);
	must(h,
	    h->fsd_called || was_starved(h, m, MUST_LAG_MS + MUST_REACH_MS) ||
		lease_may_last(h),
	    "%s goes down after the outage is over", m->name);
}

/* Told for the first time: then its supply is gone now, or this machine goes down. */
void
must_tell(struct house *h, struct machine *m)
{
	if (m->told_ms == 0 && m->shown_ms < h->begin_ms)
		must(h,
		    h->fsd_called || m->drilled || was_starved(h, m, MUST_LAG_MS) ||
			was_starved(h, &h->machines[PRIMARY], MUST_LAG_MS) ||
			h->machines[PRIMARY].core->fsd_ms != 0,
		    "%s is told to go down, and is fed", m->name);
	m->shown_ms = h->now_ms;
	if (h->first && m->earliest_ms == NEVER)
		m->earliest_ms = h->now_ms;
}

/* 4. No action key is executed twice. */
void
must_task(struct house *h, uint32_t row, uint32_t id, unsigned outage)
{
	size_t count = h->ndone < TASKS_MAX ? h->ndone : TASKS_MAX;
	enum task_verb verb;
	size_t plan;

	if (!task_of_row(row, &plan, &verb) || verb == TASK_PROBE)
		return;
	for (size_t i = 0; i < count; i++) {
		const struct handed *d = &h->done[i];

		must(h, d->row != row || d->id != id || d->outage != outage,
		    "%s is done twice for %s in outage %u", task_name(verb),
		    h->plans[plan].name, outage);
	}
	h->done[h->ndone++ % TASKS_MAX] =
	    (struct handed){.row = row, .id = id, .outage = outage};
}
