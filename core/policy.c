/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/policy_in.h"
#include "lib/xmem.h"

#define ROOM_FIRST 16

struct policy *
policy_new(const struct policy_conf *conf, uint64_t now_ms)
{
	struct policy *p = xcalloc(1, sizeof(*p));

	p->conf = conf;
	p->start_ms = p->now_ms = now_ms;
	p->heartbeat_ms = now_ms;
	p->upses = xcalloc(conf->nupses, sizeof(*p->upses));
	p->supplies = xcalloc(conf->nmonitors, sizeof(*p->supplies));
	p->planned = xcalloc(conf->nplans, sizeof(*p->planned));
	for (size_t i = 0; i < conf->nplans; i++)
		p->planned[i].shown_views =
		    xcalloc(conf->plans[i].nfeeds, sizeof(*p->planned[i].shown_views));
	for (size_t i = 0; i < conf->nupses; i++) {
		p->upses[i] = (struct policy_ups){.lost_ms = now_ms, .logins = -1};
		for (size_t k = 0; k < POLICY_VALUES; k++)
			p->upses[i].power.values[k] = p->upses[i].power.before[k] = NAN;
	}
	return p;
}

void
policy_free(struct policy *p)
{
	if (p == NULL)
		return;
	free(p->upses);
	free(p->machines);
	free(p->supplies);
	for (size_t i = 0; i < p->conf->nplans; i++)
		free(p->planned[i].shown_views);
	free(p->planned);
	free(p->actions);
	free(p);
}

struct policy_action *
policy_act(struct policy *p, enum policy_action_kind kind, size_t row)
{
	struct policy_action *a;

	if (p->nactions == p->room) {
		p->room = p->room == 0 ? ROOM_FIRST : 2 * p->room;
		p->actions = xreallocarray(p->actions, p->room, sizeof(*p->actions));
	}
	a = &p->actions[p->nactions++];
	*a = (struct policy_action){.kind = kind, .row = row, .outage = p->outage};
	return a;
}

void
policy_say(struct policy *p, bool warn, const char *format, ...)
{
	struct policy_action *a = policy_act(p, POLICY_LOG, 0);
	va_list args;

	a->warn = warn;
	va_start(args, format);
	vsnprintf(a->text, sizeof(a->text), format, args);
	va_end(args);
}

/* Whoever waits for a time asks with this, in every step; so the next one is known. */
bool
policy_due(struct policy *p, uint64_t at_ms)
{
	if (p->now_ms >= at_ms)
		return true;
	if (at_ms < p->next_ms)
		p->next_ms = at_ms;
	return false;
}

bool
policy_goes_down(const struct policy *p)
{
	return p->phase != PHASE_WATCH;
}

/* The first words of a process: what is protected, and where it goes on. */
static void
begin(struct policy *p)
{
	p->begun = true;
	if (p->conf->nmonitors == 0 && !p->conf->serves_only)
		policy_say(p, true,
		    "this machine is not protected: upsmon.conf has no MONITOR line; "
		    "upsmon.conf(5) says how to write one");
	else if (p->conf->nmonitors > 0 && p->conf->minsupplies == 0)
		policy_say(p, true,
		    "this machine is never shut down: MINSUPPLIES, or the power values "
		    "of the MONITOR lines, are 0");
	if (p->phase != PHASE_WATCH)
		policy_say(p, true,
		    "a shutdown is under way since before the restart: going on");
}

/* All that one event brings, time apart. */
static void
take_event(struct policy *p, const struct policy_event *event)
{
	if (event->kind == POLICY_FSD_ALL) {
		if (!policy_serve_fsd(p))
			policy_down_begin(p);
		return;
	}
	if (event->kind == POLICY_SLEEP) {
		policy_notify(p, 0, NOTIFY_SUSPEND_STARTING);
		return;
	}
	if (event->kind == POLICY_DONE || event->kind == POLICY_DRILL) {
		policy_plan_event(p, event);
		return;
	}
	if (event->kind == POLICY_TIME || event->row >= p->conf->nupses)
		return;
	switch (event->kind) {
	case POLICY_TIME:
	case POLICY_FSD_ALL:
	case POLICY_SLEEP:
	case POLICY_DONE:
	case POLICY_DRILL:
		break;
	case POLICY_VALUE:
	case POLICY_TEST:
		policy_power_event(p, event);
		break;
	case POLICY_FORGET:
		policy_back_event(p, event);
		break;
	case POLICY_STATUS:
	case POLICY_ALARM:
	case POLICY_MODE:
	case POLICY_SOURCE:
	case POLICY_READ:
		policy_ups_event(p, event);
		policy_power_event(p, event);
		break;
	case POLICY_SILENT:
		policy_act(p, POLICY_RESTART, event->row);
		break;
	case POLICY_LOGIN:
	case POLICY_LOGOUT:
	case POLICY_BROKEN:
	case POLICY_PRIMARY:
	case POLICY_SEEN:
		policy_machine_event(p, event);
		policy_plan_event(p, event);
		break;
	case POLICY_LOGINS:
		p->upses[event->row].logins = event->logins;
		break;
	case POLICY_FSD:
		/* As in upsd; how it ends: policy_back.c. */
		policy_view(p, event->row, FEED_VIEW_FSD);
		if (p->conf->nmonitors == 0)
			policy_say(p, true,
			    "ups %s: forced shutdown was called; this machine is not "
			    "protected and stays: upsmon.conf has no MONITOR line",
			    p->conf->names[event->row]);
		break;
	}
}

const char *const policy_stands[POLICY_STANDS] = {
    [STAND_ON] = "on",
    [STAND_TOLD] = "told",
    [STAND_LEAVING] = "leaving",
    [STAND_OFF] = "off",
    [STAND_WAKING] = "waking",
};

/* Brings the feed to what is to be shown: after a restart it knows nothing. */
static void
show(struct policy *p)
{
	bool elsewhere = policy_elsewhere(p);

	for (size_t row = 0; row < p->conf->nupses; row++) {
		struct policy_ups *u = &p->upses[row];
		bool self = false;

		if (u->shown != u->view)
			policy_act_view(p, row, POLICY_EVERYBODY, u->view);
		u->shown = u->view;
		for (size_t i = 0; i < p->conf->nmonitors; i++)
			self |= p->conf->monitors[i].row == (long)row &&
				!p->conf->monitors[i].far && !elsewhere;
		if (u->self != self)
			policy_act(p, POLICY_SELF, row)->on = self;
		u->self = self;
	}
}

void
policy_act_view(struct policy *p, size_t row, int plan, enum feed_view view)
{
	struct policy_action *a = policy_act(p, POLICY_VIEW, row);

	a->plan = plan;
	a->view = view;
}

/* Once a second, and at once when it has something new to say. */
static void
heartbeat(struct policy *p, bool news)
{
	struct policy_action *a;

	if (!news && !policy_due(p, p->heartbeat_ms))
		return;
	p->heartbeat_ms = p->now_ms + POLICY_HEARTBEAT_MS;
	policy_due(p, p->heartbeat_ms);
	a = policy_act(p, POLICY_HEARTBEAT, 0);
	a->seq = ++p->seq;
	a->deadline_ms = p->deadline_ms;
	a->cut = p->cut;
}

const struct policy_actions *
policy_step(struct policy *p, const struct policy_event *event, uint64_t now_ms)
{
	bool slept = now_ms > p->now_ms + POLICY_GAP_MS;
	uint64_t deadline_ms = p->deadline_ms;
	size_t first = 0;

	p->nactions = 0;
	p->leaver = -1;
	p->next_ms = UINT64_MAX;
	p->now_ms = now_ms;
	policy_act(p, POLICY_KEEP, 0);
	policy_act(p, POLICY_SAVE, 0);
	if (!p->begun)
		begin(p);
	if (slept) {
		policy_ups_slept(p);
		policy_power_slept(p);
		policy_machines_slept(p);
		policy_plan_slept(p);
	}
	take_event(p, event);
	policy_power_step(p);
	policy_ups_tell(p);
	policy_start_step(p);
	policy_plan_step(p);
	policy_back_step(p);
	policy_down_step(p);
	policy_cut_step(p);
	policy_memory_step(p);
	show(p);
	heartbeat(p, p->deadline_ms != deadline_ms);
	/* Both or one or none of the two that come first. What dies between them has kept what
	 * it had not saved, and the next process says it again; not the other way round. */
	if (p->keep && !p->dirty)
		p->actions[1] = p->actions[0];
	first = (size_t)(!p->keep) + (size_t)(!p->dirty);
	p->dirty = p->keep = false;
	p->result = (struct policy_actions){
	    .list = p->actions + first,
	    .count = p->nactions - first,
	    .next_ms = p->next_ms,
	};
	return &p->result;
}
