/* SPDX-License-Identifier: ISC */
#include <sys/wait.h>

#include "core/policy_in.h"

#define PROBE_MS 2000       /* from one answer to the next probe of one that goes off */
#define SCOUT_MS 10000      /* ... of one that may be told soon, or may boot */
#define ABSENT_MS 30000     /* ... of one that is off, on mains */
#define PATIENCE_MS 15000   /* a probe without answer */
#define HOOK_AGAIN_MS 10000 /* after it has failed */

#define KEY_VERB 29
#define KEY_OUTAGE 7
#define KEY_TELLS 3

static uint32_t
key_of(const struct policy *p, size_t plan, enum task_verb verb, unsigned attempt)
{
	const struct policy_planned *pl = &p->planned[plan];
	uint32_t key = task_key_at(POLICY_KEY_TASK | (uint32_t)verb << KEY_VERB, plan);
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

static void
missed(struct policy *p, struct policy_planned *pl)
{
	pl->probe_key = 0;
	pl->misses++;
	p->dirty = true;
}

void
policy_task_look(struct policy *p, size_t plan)
{
	struct policy_planned *pl = &p->planned[plan];

	if (pl->probe_key != 0 && policy_due(p, pl->probe_ms))
		missed(p, pl);
	if (pl->retry_ms == 0 || !policy_due(p, pl->retry_ms))
		return;
	/* With the mains back it need not go any more, but for a drill, and nobody hears who
	 * seems to be off: put off until the mains fails again, or that one answers. */
	if (!policy_is_going(pl) || (pl->fed_ms != 0 && !pl->reached && !pl->drill))
		return;
	pl->retry_ms = 0;
	p->dirty = true;
	policy_task(p, plan, TASK_TELL, pl->fails);
}

void
policy_task_off(struct policy *p, size_t plan)
{
	p->planned[plan].probe_key = 0;
	p->planned[plan].probe_ms = p->now_ms + SCOUT_MS;
}

/* How often it is probed, as it stands; 0: it is not. */
static uint64_t
probe_pause(const struct policy_plan *plan, const struct policy_planned *pl, bool battery)
{
	const bool asked = plan->off == POLICY_OFF_PROBE;

	switch (pl->stand) {
	case STAND_ON:
		return asked && (battery || pl->present) ? SCOUT_MS : 0;
	case STAND_TOLD:
	case STAND_LEAVING:
		return asked ? PROBE_MS : 0;
	case STAND_OFF:
		return !asked ? 0 : battery ? SCOUT_MS : ABSENT_MS;
	case STAND_WAKING:
		return plan->probe ? PROBE_MS : 0;
	case POLICY_STANDS:
		break;
	}
	return 0;
}

void
policy_task_probe(struct policy *p, size_t plan)
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

/* "exit status 1" */
static void
say_failed(struct policy *p, size_t plan, const char *what, int status, const char *then)
{
	policy_say(p, true, "%s: %s failed (%s %d): %s", p->conf->plans[plan].name, what,
	    WIFSIGNALED(status) ? "signal" : "exit status",
	    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), then);
}

/* A hook that fails is run again; in the end its machine sees FSD, if it looks. One that a
 * signal ended, because it took too long or died with run, may have told its machine. */
static void
hooked(struct policy *p, size_t plan, int status)
{
	struct policy_planned *pl = &p->planned[plan];

	p->dirty = true;
	pl->hooked = status == 0;
	if (pl->hooked) {
		pl->starts_ms = pl->fails > 0 ? p->now_ms : 0; /* now it has heard */
		policy_say(
		    p, false, "%s: its hook has ended well", p->conf->plans[plan].name);
		return;
	}
	pl->fails++;
	pl->doubted |= WIFSIGNALED(status);
	if (pl->fails < POLICY_HOOK_TRIES)
		pl->retry_ms = p->now_ms + HOOK_AGAIN_MS;
	if (pl->fails + 1 == POLICY_HOOK_TRIES && pl->starts_ms > pl->retry_ms)
		pl->retry_ms = pl->starts_ms; /* the last word is for one that is up */
	say_failed(p, plan, "its hook", status,
	    pl->retry_ms != 0 ? "once more" : "it sees FSD instead");
}

/* True while its hook runs, as far as we know. */
static bool
is_hooking(const struct policy *p, size_t plan)
{
	const struct policy_planned *pl = &p->planned[plan];

	return p->conf->plans[plan].hook && policy_is_going(pl) && !pl->hooked &&
	       pl->retry_ms == 0 && pl->fails < POLICY_HOOK_TRIES;
}

void
policy_task_done(struct policy *p, uint32_t key, int status)
{
	for (size_t i = 0; i < p->conf->nplans; i++) {
		const struct policy_planned *pl = &p->planned[i];

		if (key != 0 && key == pl->probe_key)
			probed(p, i, status == 0);
		else if (is_hooking(p, i) && key == key_of(p, i, TASK_TELL, pl->fails))
			hooked(p, i, status);
		else if (status != 0 && pl->stand == STAND_WAKING &&
			 key == key_of(p, i, TASK_WAKE, pl->wakes))
			say_failed(p, i, "what wakes it", status, "later once more");
	}
}

void
policy_task_resume(struct policy *p, size_t plan)
{
	p->planned[plan].probe_ms = p->now_ms;
	if (is_hooking(p, plan))
		policy_task(p, plan, TASK_TELL, p->planned[plan].fails);
}
