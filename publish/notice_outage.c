/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/xmem.h"
#include "publish/notice_in.h"

static struct note_ups *
its_ups(struct note_outage *o, const char *name)
{
	struct note_ups *u;

	for (size_t i = 0; i < o->nupses; i++)
		if (strcasecmp(o->upses[i].ups, name) == 0)
			return &o->upses[i];
	o->upses = xreallocarray(o->upses, o->nupses + 1, sizeof(*o->upses));
	u = &o->upses[o->nupses++];
	*u = (struct note_ups){0};
	snprintf(u->ups, sizeof(u->ups), "%s", name);
	return u;
}

static struct note_machine *
its_machine(struct note_outage *o, const char *name)
{
	struct note_machine *m;

	for (size_t i = 0; i < o->nmachines; i++)
		if (strcmp(o->machines[i].name, name) == 0)
			return &o->machines[i];
	o->machines = xreallocarray(o->machines, o->nmachines + 1, sizeof(*o->machines));
	m = &o->machines[o->nmachines++];
	*m = (struct note_machine){0};
	snprintf(m->name, sizeof(m->name), "%s", name);
	return m;
}

void
outage_free(struct note_outage *o)
{
	free(o->upses);
	free(o->machines);
	*o = (struct note_outage){0};
}

void
outage_forget(struct note_outage *o, const struct tale *t)
{
	for (size_t i = 0; i < o->nupses; i++)
		if (o->upses[i].online == t)
			o->upses[i].online = NULL;
}

void
outage_clock(struct note_outage *o, int64_t since, int64_t step)
{
	notice_move(&o->began, since, step);
	notice_move(&o->over, since, step);
	for (size_t i = 0; i < o->nmachines; i++) {
		notice_move(&o->machines[i].told, since, step);
		notice_move(&o->machines[i].back, since, step);
	}
}

static bool
any_away(const struct note_outage *o)
{
	for (size_t i = 0; i < o->nupses; i++)
		if (o->upses[i].away)
			return true;
	return false;
}

/* True while somebody who went down is not back. */
static bool
any_down(const struct note_outage *o)
{
	for (size_t i = 0; i < o->nmachines; i++)
		if (o->machines[i].told != 0 && o->machines[i].back == 0)
			return true;
	return false;
}

/* Repeats of machines are told in the summary. */
static void
hold_repeats(struct notice *n)
{
	size_t nmore;
	struct tale **more = fold_machines(n, &nmore);

	for (size_t i = 0; i < nmore; i++)
		notice_list_add(&n->held, &n->nheld, more[i]);
	free(more);
}

/* Those that were held for the summary are its tales. */
static void
sum_up(struct notice *n)
{
	struct note_outage o = n->outage;
	struct note *note;

	n->outage = (struct note_outage){0};
	if (o.nmachines == 0 || o.mark <= n->summed) {
		for (size_t i = 0; i < n->nheld; i++)
			n->held[i]->done = true;
		outage_free(&o);
	} else {
		note = notice_say(n, NOTE_SUMMARY, n->held, n->nheld);
		note->outage = o;
	}
	n->nheld = 0;
}

/* The mains of a UPS is away. */
static void
began(struct notice *n, struct tale *t)
{
	struct note_outage *o = &n->outage;

	if (o->first == 0) {
		o->first = t->id;
		o->began = t->at;
	}
	o->over = 0;
	its_ups(o, t->ups)->away = true;
}

/* It is back, or was never away: it was a test. */
static void
over(struct notice *n, struct tale *t)
{
	struct note_outage *o = &n->outage;
	struct note_ups *u;

	if (o->first == 0)
		return;
	u = its_ups(o, t->ups);
	u->away = false;
	if (t->kind == KIND_ONLINE)
		u->online = t;
	if (any_away(o))
		return;
	o->over = notice_earlier(t->at, n->now);
	o->mark = t->id;
	if (o->nmachines > 0)
		hold_repeats(n);
	if (!any_down(o))
		sum_up(n);
}

/* How a machine stands; true when it is held for the summary. */
static bool
stands(struct notice *n, struct tale *t)
{
	struct note_outage *o = &n->outage;
	struct tale_machine now;
	struct note_machine *m;

	if (o->first == 0 || !tale_machine(t, &now))
		return false;
	/* Who has nothing but come up was no part of it. */
	if (strcmp(now.stand, "on") == 0 && o->nmachines == 0)
		return false;
	m = its_machine(o, now.name);
	snprintf(m->stand, sizeof(m->stand), "%s", now.stand);
	if (strcmp(now.stand, "on") != 0) {
		m->told = m->told != 0 ? m->told : t->at;
		m->back = 0;
	} else if (m->told != 0) {
		m->back = t->at;
	}
	if (o->over == 0)
		return false;
	notice_list_add(&n->held, &n->nheld, t);
	if (!any_down(o))
		sum_up(n);
	return true;
}

bool
outage_event(struct notice *n, struct tale *t)
{
	if (t->kind == KIND_MACHINE)
		return stands(n, t);
	if (t->kind == KIND_ONBATT && !tale_is_test(t))
		began(n, t);
	else if (t->kind == KIND_ONBATT || t->kind == KIND_ONLINE)
		over(n, t);
	return false;
}

int64_t
outage_due(const struct notice *n)
{
	const struct note_outage *o = &n->outage;

	return o->first == 0 || o->over == 0 ? INT64_MAX : o->over + NOTICE_SUMMARY_MS;
}

void
outage_time(struct notice *n)
{
	if (outage_due(n) <= n->now)
		sum_up(n);
}
