/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drill/drill_house.h"
#include "lib/task.h"
#include "lib/xmem.h"

#define NOBODY 256 /* exit status 1, as of waitpid(2): nobody answers */

uint64_t
drill_takes(const struct policy_conf *conf, int plan, bool *assumed)
{
	uint64_t takes = plan < 0 ? 0 : conf->plans[plan].takes_ms;

	*assumed = takes == 0;
	return takes == 0 ? POLICY_TAKES_MS : takes;
}

int
drill_plan_of(const struct policy_conf *conf, const struct drill_client *c)
{
	for (size_t i = 0; i < conf->nplans; i++) {
		const struct policy_plan *p = &conf->plans[i];

		if (!p->self && (p->account != NULL || p->address != NULL) &&
		    (p->account == NULL || strcmp(p->account, c->account) == 0) &&
		    (p->address == NULL || strcmp(p->address, c->address) == 0))
			return (int)i;
	}
	return -1;
}

static void
say(struct drill_house *h, const char *text)
{
	struct drill_story *s = h->story;
	const uint64_t past = h->now_ms > h->begin_ms ? h->now_ms - h->begin_ms : 0;
	unsigned long t = (unsigned long)(past / 1000);

	s->log = xreallocarray(s->log, s->nlog + 1, sizeof(*s->log));
	s->log[s->nlog++] =
	    xasprintf("%lu:%02lu:%02lu  %s", t / 3600, t / 60 % 60, t % 60, text);
}

/* What policy is to hear once this step is over. */
static void
answer(struct drill_house *h, struct policy_event event)
{
	h->answers = xreallocarray(h->answers, h->nanswers + 1, sizeof(*h->answers));
	h->answers[h->nanswers++] = event;
}

/* True while the machine would answer a probe. */
static bool
is_up(const struct drill_house *h, size_t plan)
{
	bool assumed;
	uint64_t takes = drill_takes(h->setting->conf, (int)plan, &assumed), told = 0;

	for (size_t i = 0; i < h->setting->nclients; i++)
		if (drill_plan_of(h->setting->conf, h->people[i].client) == (int)plan)
			told = h->people[i].left_ms;
	if (h->hooked_ms[plan] != 0)
		told = h->hooked_ms[plan];
	return told == 0 || h->now_ms < told + takes;
}

static void
do_task(struct drill_house *h, const struct policy_action *a)
{
	struct policy_event event = {.kind = POLICY_DONE, .key = a->id};
	enum task_verb verb;
	size_t plan;

	if (!task_of_row(a->notify, &plan, &verb))
		return;
	if (verb == TASK_TELL && h->hooked_ms[plan] == 0)
		h->hooked_ms[plan] = h->now_ms;
	if (verb == TASK_PROBE && !is_up(h, plan))
		event.done = NOBODY;
	answer(h, event);
}

/* The device does as it says that it does. */
static void
do_order(struct drill_house *h, const struct policy_action *a)
{
	const struct drill_ups *u = &h->setting->upses[a->row];
	struct policy_event event = {.kind = POLICY_VALUE, .row = a->row};

	struct drill_cut *cut = &h->armed[a->row];

	if (a->order == POLICY_ORDER_DELAY && !isnan(u->delay_max)) {
		event.value = POLICY_DELAY_SHUTDOWN;
		event.number = fmin(a->seconds, u->delay_max);
		cut->delay = event.number;
		answer(h, event);
	} else if (a->order == POLICY_ORDER_CUT && u->cuts) {
		cut->ms = h->now_ms;
		cut->seconds = cut->delay > 0    ? cut->delay
			       : isnan(u->delay) ? DRILL_CUT_S
						 : u->delay;
		event.value = POLICY_TIMER_SHUTDOWN;
		event.number = cut->seconds;
		answer(h, event);
	} else if (a->order == POLICY_ORDER_CANCEL)
		cut->ms = 0;
}

static void
act(struct drill_house *h, const struct policy_action *a)
{
	const struct policy_conf *conf = h->setting->conf;

	switch (a->kind) {
	case POLICY_LOG:
		if (a->warn && h->down_ms == 0 && *h->critical == '\0')
			snprintf(h->critical, sizeof(h->critical), "%s", a->text);
		say(h, a->text);
		break;
	case POLICY_VIEW:
		feed_view_set(&h->views[a->row],
		    a->plan == POLICY_EVERYBODY ? "*" : conf->plans[a->plan].name,
		    a->view);
		break;
	case POLICY_STAND:
		if (a->stand == STAND_TOLD)
			snprintf(
			    h->whys[a->plan], sizeof(h->whys[a->plan]), "%s", a->text);
		break;
	case POLICY_TASK:
		do_task(h, a);
		break;
	case POLICY_ORDER:
		do_order(h, a);
		break;
	case POLICY_SHUTDOWN:
		if (h->down_ms == 0)
			h->down_ms = h->now_ms;
		break;
	default:
		break;
	}
}

void
drill_house_step(struct drill_house *h, struct policy_event event)
{
	const struct policy_actions *actions = policy_step(h->policy, &event, h->now_ms);

	for (size_t i = 0; i < actions->count; i++)
		act(h, &actions->list[i]);
	h->next_ms = actions->next_ms;
	h->asked_ms = h->now_ms;
	while (h->nanswers > 0) {
		struct policy_event next = h->answers[0];

		h->nanswers--;
		memmove(h->answers, h->answers + 1, h->nanswers * sizeof(*h->answers));
		drill_house_step(h, next);
	}
}
