/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "core/policy_in.h"

#define SPARE_MS 30000      /* beyond its time: later nobody waits for it */
#define STAYS_MS 60000      /* ... so long after the return: it stays on */
#define RETURN_MS 10000     /* so long the mains must be back before it counts */
#define PROBE_MS 2000       /* from one answer to the next probe of one that goes off */
#define SCOUT_MS 10000      /* ... of one that may be told soon, or may boot */
#define ABSENT_MS 30000     /* ... of one that is off, on mains */
#define PATIENCE_MS 15000   /* a probe without answer */
#define MISSES 3            /* in a row: it is off */
#define HOOK_AGAIN_MS 10000 /* after it has failed */

#define KEY_TASK (1U << 31)
#define KEY_VERB 29
#define KEY_PLAN 21
#define KEY_OUTAGE 7
#define KEY_TELLS 3

static unsigned
seconds(uint64_t ms)
{
	return (unsigned)((ms + 500) / 1000);
}

/* How long it takes to stop, as far as anybody says. */
static uint64_t
time_of(const struct policy_plan *plan)
{
	return plan->takes_ms > 0 ? plan->takes_ms : POLICY_TAKES_MS;
}

static uint32_t
key_of(const struct policy *p, size_t plan, enum task_verb verb, unsigned attempt)
{
	const struct policy_planned *pl = &p->planned[plan];
	uint32_t key = KEY_TASK | (uint32_t)verb << KEY_VERB | (plan & 0xff) << KEY_PLAN;
	unsigned outage = verb == TASK_TELL ? pl->outage : p->outage;

	if (verb == TASK_PROBE)
		return key | (attempt & 0x1fffff);
	return key | (outage & 0x3fff) << KEY_OUTAGE | (pl->tells & 0xf) << KEY_TELLS |
	       (attempt & 0x7);
}

uint32_t
policy_task(struct policy *p, size_t plan, enum task_verb verb, unsigned attempt)
{
	struct policy_action *a = policy_act(p, POLICY_TASK, 0);

	a->plan = (int)plan;
	a->notify = task_row(plan, verb);
	a->id = key_of(p, plan, verb, attempt);
	return a->id;
}

void
policy_plan_stand(struct policy *p, size_t plan, enum policy_stand stand, const char *why)
{
	struct policy_planned *pl = &p->planned[plan];
	struct policy_action *a = policy_act(p, POLICY_STAND, 0);

	pl->stand = pl->shown = stand;
	if (why != pl->why)
		snprintf(pl->why, sizeof(pl->why), "%s", why);
	p->dirty = true;
	a->plan = (int)plan;
	a->stand = stand;
	memcpy(a->text, pl->why, sizeof(a->text));
}

/* Memory outlives the power; so this waits for the disk. */
static void
take(struct policy *p, size_t plan, bool taken)
{
	p->keep |= p->planned[plan].taken != taken;
	p->planned[plan].taken = taken;
}

void
policy_follow_tell(struct policy *p, size_t plan, const char *why, bool drill)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	struct policy_planned *pl = &p->planned[plan];

	pl->tells = pl->outage == p->outage ? pl->tells + 1 : 0;
	pl->outage = p->outage;
	pl->drill = drill;
	pl->reached = !drill;
	pl->told_ms = p->now_ms;
	pl->leaving_ms = pl->off_ms = pl->fed_ms = pl->broken_ms = pl->retry_ms = 0;
	pl->probe_ms = pl->probe_key = pl->misses = pl->fails = 0;
	pl->late = pl->hooked = false;
	pl->alive |= policy_there(p, plan) == THERE_YES;
	take(p, plan, true);
	policy_plan_stand(p, plan, STAND_TOLD, why);
	if (c->takes_ms > 0)
		policy_say(p, true, "%s: told to go down: %s; takes %u s", c->name,
		    pl->why, seconds(c->takes_ms));
	else
		policy_say(p, true, "%s: told to go down: %s", c->name, pl->why);
	if (c->hook)
		policy_task(p, plan, TASK_TELL, 0);
}

static bool
is_unseen(const struct policy_plan *plan)
{
	return plan->account == NULL && plan->address == NULL;
}

/* One that cannot be seen at all is there; one that is probed, until it is known better. */
bool
policy_follow_is_there(struct policy *p, size_t plan)
{
	const struct policy_plan *c = &p->conf->plans[plan];

	return policy_there(p, plan) != THERE_NOT || is_unseen(c) ||
	       (c->off == POLICY_OFF_PROBE && p->planned[plan].misses < MISSES);
}

/* It is off, as far as can be seen, and looked for from time to time. */
static void
be_off(struct policy *p, size_t plan, const char *why)
{
	struct policy_planned *pl = &p->planned[plan];

	pl->off_ms = p->now_ms;
	pl->alive = false;
	pl->probe_key = 0;
	pl->probe_ms = p->now_ms + SCOUT_MS;
	policy_plan_stand(p, plan, STAND_OFF, why);
}

/* It is told by nobody, but sees FSD from here on; we did not take it down. */
static void
miss(struct policy *p, size_t plan, const char *why)
{
	struct policy_planned *pl = &p->planned[plan];

	pl->reached = true;
	take(p, plan, false);
	be_off(p, plan, "it was not there");
	policy_say(p, false, "%s: its moment has come, but it is not there: %s",
	    p->conf->plans[plan].name, why);
}

void
policy_follow_moment(struct policy *p, size_t plan, const char *why)
{
	struct policy_planned *pl = &p->planned[plan];

	if (pl->stand == STAND_ON && policy_follow_is_there(p, plan))
		policy_follow_tell(p, plan, why, false);
	else if (pl->stand == STAND_ON)
		miss(p, plan, why);
	else if (!pl->reached || pl->drill) {
		pl->reached = p->dirty = true;
		pl->drill = false;
	}
}

static void
missed(struct policy *p, struct policy_planned *pl)
{
	pl->probe_key = 0;
	pl->misses++;
	p->dirty = true;
}

/* How often it is probed, as it stands; 0: it is not. */
static uint64_t
probe_pause(const struct policy_plan *plan, const struct policy_planned *pl, bool battery)
{
	const bool probed = plan->off == POLICY_OFF_PROBE;

	switch (pl->stand) {
	case STAND_ON:
		return probed && battery ? SCOUT_MS : 0;
	case STAND_TOLD:
	case STAND_LEAVING:
		return probed ? PROBE_MS : 0;
	case STAND_OFF:
		return !probed ? 0 : battery ? SCOUT_MS : ABSENT_MS;
	case STAND_WAKING:
		return plan->probe ? PROBE_MS : 0;
	case POLICY_STANDS:
		break;
	}
	return 0;
}

/* The next probe, when it is due. */
static void
probe(struct policy *p, size_t plan)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	struct policy_planned *pl = &p->planned[plan];
	bool battery = false;
	uint64_t pause;

	for (size_t i = 0; i < c->nfeeds; i++)
		battery |= policy_on_battery(p, c->feeds[i]) != 0;
	if ((pause = probe_pause(c, pl, battery)) == 0) {
		if (c->off == POLICY_OFF_PROBE && pl->stand == STAND_ON) {
			pl->alive = false;
			pl->probe_ms = pl->probe_key = pl->misses = 0;
		}
		return;
	}
	if (pl->probe_key != 0)
		return;
	if (pl->probe_ms > p->now_ms + pause)
		pl->probe_ms = p->now_ms + pause;
	if (!policy_due(p, pl->probe_ms))
		return;
	pl->probe_key = policy_task(p, plan, TASK_PROBE, (unsigned)(p->now_ms / 1000));
	pl->probe_ms = p->now_ms + PATIENCE_MS;
	policy_due(p, pl->probe_ms);
}

static void
probed(struct policy *p, size_t plan, bool answers)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	struct policy_planned *pl = &p->planned[plan];
	uint64_t pause = probe_pause(c, pl, true);

	pl->probe_ms = p->now_ms + (pause > 0 ? pause : SCOUT_MS);
	if (!answers) {
		missed(p, pl);
		return;
	}
	pl->probe_key = pl->misses = 0;
	pl->alive = p->dirty = true;
}

/* A hook that fails is run again; in the end its machine sees FSD, if it looks. */
static void
hooked(struct policy *p, size_t plan, int status)
{
	const char *name = p->conf->plans[plan].name;
	struct policy_planned *pl = &p->planned[plan];

	p->dirty = true;
	pl->hooked = status == 0;
	if (pl->hooked) {
		policy_say(p, false, "%s: its hook has ended well, %u s after it began",
		    name, seconds(p->now_ms - pl->told_ms));
		return;
	}
	pl->fails++;
	if (pl->fails < POLICY_HOOK_TRIES) {
		pl->retry_ms = p->now_ms + HOOK_AGAIN_MS;
		policy_say(p, true, "%s: its hook failed (status %d): once more in %u s",
		    name, status, seconds(HOOK_AGAIN_MS));
	} else
		policy_say(p, true,
		    "%s: its hook failed %d times (status %d): it sees FSD instead", name,
		    POLICY_HOOK_TRIES, status);
}

void
policy_follow_done(struct policy *p, uint32_t key, int status)
{
	for (size_t i = 0; i < p->conf->nplans; i++) {
		struct policy_planned *pl = &p->planned[i];
		bool told = pl->stand == STAND_TOLD || pl->stand == STAND_LEAVING;

		if (key != 0 && key == pl->probe_key)
			probed(p, i, status == 0);
		else if (told && !pl->hooked && pl->fails < POLICY_HOOK_TRIES &&
			 pl->retry_ms == 0 && key == key_of(p, i, TASK_TELL, pl->fails))
			hooked(p, i, status);
	}
}

void
policy_follow_resume(struct policy *p, size_t plan)
{
	struct policy_planned *pl = &p->planned[plan];
	bool told = pl->stand == STAND_TOLD || pl->stand == STAND_LEAVING;

	pl->probe_ms = p->now_ms;
	if (told && p->conf->plans[plan].hook && !pl->hooked && pl->retry_ms == 0 &&
	    pl->fails < POLICY_HOOK_TRIES)
		policy_task(p, plan, TASK_TELL, pl->fails);
}

static void
off(struct policy *p, size_t plan, const char *why)
{
	const struct policy_planned *pl = &p->planned[plan];

	be_off(p, plan, why);
	policy_say(p, false, "%s: off, %u s after it was told: %s",
	    p->conf->plans[plan].name, seconds(p->now_ms - pl->told_ms), why);
}

/* It said that it leaves, or fell silent: off when its time is over. */
static void
leave(struct policy *p, size_t plan, const char *why)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	struct policy_planned *pl = &p->planned[plan];

	if (c->takes_ms == 0) {
		off(p, plan, why);
		return;
	}
	pl->leaving_ms = p->now_ms;
	policy_plan_stand(p, plan, STAND_LEAVING, why);
	policy_say(p, false, "%s: leaving: %s; off in %u s (takes)", c->name, why,
	    seconds(c->takes_ms));
	policy_due(p, p->now_ms + c->takes_ms);
}

/* A login or reader that was told: a connection that broke counts until HOSTSYNC. */
static void
follow_talk(struct policy *p, size_t plan)
{
	const bool login = p->conf->plans[plan].off == POLICY_OFF_LOGOUT;
	struct policy_planned *pl = &p->planned[plan];

	switch (policy_there(p, plan)) {
	case THERE_YES:
		pl->broken_ms = 0;
		break;
	case THERE_BROKEN:
		if (pl->broken_ms == 0)
			pl->broken_ms = p->now_ms;
		if (policy_due(p, pl->broken_ms + p->conf->hostsync_ms))
			leave(p, plan, "its connection broke, HOSTSYNC ago");
		break;
	case THERE_NOT:
		leave(p, plan, login ? "logged out" : "no longer reads");
		break;
	}
}

/* Off by what `off` says. */
static void
follow_off(struct policy *p, size_t plan)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	struct policy_planned *pl = &p->planned[plan];

	switch (c->off) {
	case POLICY_OFF_TIME:
		if (policy_due(p, pl->told_ms + time_of(c)))
			off(p, plan, "its time is over (takes)");
		break;
	case POLICY_OFF_LOGOUT:
	case POLICY_OFF_SILENT:
		follow_talk(p, plan);
		break;
	case POLICY_OFF_PROBE:
		if (pl->misses >= MISSES && pl->alive)
			off(p, plan, "it answers no longer");
		else if (pl->misses >= MISSES)
			miss(p, plan, "nobody answered");
		break;
	}
}

static uint64_t
bound_of(const struct policy *p, size_t plan)
{
	uint64_t spare =
	    p->conf->hostsync_ms > SPARE_MS ? p->conf->hostsync_ms : SPARE_MS;

	return p->planned[plan].told_ms + time_of(&p->conf->plans[plan]) + spare;
}

/* Who was told and is still on: its hook, its time, and the mains that is back for it. */
static void
follow_told(struct policy *p, size_t plan)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	struct policy_planned *pl = &p->planned[plan];
	uint64_t since = pl->fed_ms > pl->told_ms ? pl->fed_ms : pl->told_ms;

	if (pl->retry_ms != 0 && policy_due(p, pl->retry_ms)) {
		pl->retry_ms = 0;
		policy_task(p, plan, TASK_TELL, pl->fails);
		p->dirty = true;
	}
	follow_off(p, plan);
	if (pl->stand != STAND_TOLD)
		return;
	if (!pl->late && policy_due(p, bound_of(p, plan))) {
		pl->late = p->dirty = true;
		policy_say(p, true,
		    "%s: still on, %u s after it was told: waited for no longer", c->name,
		    seconds(p->now_ms - pl->told_ms));
	}
	if (pl->fed_ms != 0 && policy_due(p, since + time_of(c) + STAYS_MS)) {
		take(p, plan, false);
		pl->reached = false;
		policy_plan_stand(p, plan, STAND_ON, "it stayed on");
		policy_say(p, true,
		    "%s: was told to go down and stayed, the mains is back: on again",
		    c->name);
	}
}

static void
follow_leaving(struct policy *p, size_t plan)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	struct policy_planned *pl = &p->planned[plan];

	if (policy_there(p, plan) == THERE_YES) {
		pl->leaving_ms = 0;
		policy_plan_stand(p, plan, STAND_TOLD, "it is there again");
	} else if (policy_due(p, pl->leaving_ms + c->takes_ms))
		off(p, plan, pl->why);
}

/* Who is off boots: it is told again while its feeds do not suffice, else it is on. */
static void
follow_away(struct policy *p, size_t plan, const char *unfed)
{
	struct policy_planned *pl = &p->planned[plan];

	if (pl->alive && (unfed != NULL || pl->reached)) {
		policy_follow_tell(
		    p, plan, unfed != NULL ? unfed : "the mains is just back", false);
		return;
	}
	if (pl->alive) {
		policy_plan_stand(p, plan, STAND_ON, "it is back");
		policy_say(p, false, "%s: on again", p->conf->plans[plan].name);
	} else if (unfed == NULL && pl->stand == STAND_WAKING &&
		   is_unseen(&p->conf->plans[plan]) && policy_due(p, pl->wake_ms)) {
		policy_plan_stand(p, plan, STAND_ON, "nobody can see it: taken for on");
	} else if (unfed != NULL && !pl->reached)
		pl->reached = p->dirty = true;
	if (unfed != NULL && pl->stand == STAND_WAKING)
		policy_plan_stand(p, plan, STAND_OFF, unfed);
}

/* Whether the feeds suffice again, and for how long: what a drill does needs no mains. */
static void
look_feeds(struct policy *p, size_t plan, const char *unfed)
{
	struct policy_planned *pl = &p->planned[plan];

	if (unfed != NULL && pl->drill) {
		pl->drill = false;
		pl->reached = p->dirty = true;
	}
	if ((unfed == NULL) != (pl->fed_ms != 0)) {
		pl->fed_ms = unfed == NULL ? p->now_ms : 0;
		p->dirty = true;
	}
	if (pl->reached && unfed == NULL && policy_due(p, pl->fed_ms + RETURN_MS)) {
		pl->reached = false;
		p->dirty = true;
	}
}

void
policy_follow(struct policy *p, size_t plan, bool decide, const char *unfed)
{
	struct policy_planned *pl = &p->planned[plan];

	if (pl->probe_key != 0 && policy_due(p, pl->probe_ms))
		missed(p, pl);
	if (decide)
		look_feeds(p, plan, unfed);
	if (pl->stand == STAND_TOLD)
		follow_told(p, plan);
	else if (pl->stand == STAND_LEAVING)
		follow_leaving(p, plan);
	else if (decide && pl->stand != STAND_ON)
		follow_away(p, plan, unfed);
	else if (decide && unfed != NULL)
		policy_follow_moment(p, plan, unfed);
	probe(p, plan);
}

uint64_t
policy_follow_need(struct policy *p, size_t plan)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	const struct policy_planned *pl = &p->planned[plan];
	uint64_t end = pl->told_ms + time_of(c);
	bool talks = c->off == POLICY_OFF_LOGOUT || c->off == POLICY_OFF_SILENT;

	if (pl->stand == STAND_ON)
		return policy_follow_is_there(p, plan)
			   ? time_of(c) + (talks ? p->conf->hostsync_ms : 0)
			   : 0;
	if (pl->stand == STAND_LEAVING)
		end = pl->leaving_ms + c->takes_ms;
	else if (talks)
		end += p->conf->hostsync_ms;
	return end > p->now_ms ? end - p->now_ms : 0;
}

static bool
is_waited_for(const struct policy *p, size_t plan, long row)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	const struct policy_planned *pl = &p->planned[plan];
	bool on = false;

	for (size_t i = 0; i < c->nfeeds; i++)
		on |= row < 0 ? policy_plan_cuts(p, c->feeds[i])
			      : c->feeds[i] == (size_t)row;
	return on && c->planned && !c->self &&
	       ((pl->stand == STAND_TOLD && !pl->late) || pl->stand == STAND_LEAVING);
}

size_t
policy_plan_still_on(struct policy *p, long row, char *names, size_t size)
{
	size_t count = 0, len;

	*names = '\0';
	for (size_t i = 0; i < p->conf->nplans; i++) {
		if (!is_waited_for(p, i, row))
			continue;
		len = strlen(names);
		snprintf(names + len, size - len, "%s%s", len > 0 ? ", " : "",
		    p->conf->plans[i].name);
		count++;
	}
	return count;
}

uint64_t
policy_plan_wait_ms(const struct policy *p)
{
	uint64_t latest = 0, end;

	for (size_t i = 0; i < p->conf->nplans; i++) {
		const struct policy_planned *pl = &p->planned[i];

		if (!is_waited_for(p, i, -1))
			continue;
		end = pl->stand == STAND_LEAVING ? pl->leaving_ms : bound_of(p, i);
		end += p->conf->plans[i].takes_ms;
		if (end > latest)
			latest = end;
	}
	return latest;
}
