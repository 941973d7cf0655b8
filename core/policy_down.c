/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "core/policy_in.h"

#define NAMES_MAX 400 /* bytes of a list of machines in the log */
#define TOLD_MS 10000 /* on battery; what is told sooner may be of before */

static unsigned
seconds(uint64_t ms)
{
	return (unsigned)((ms + 500) / 1000);
}

/* The section of this machine, where it says when to go down. */
static int
own_plan(const struct policy *p)
{
	for (size_t i = 0; i < p->conf->nplans; i++)
		if (p->conf->plans[i].self && p->conf->plans[i].planned)
			return (int)i;
	return -1;
}

static void
stand(struct policy *p, enum policy_stand stand, const char *why)
{
	if (own_plan(p) >= 0)
		policy_plan_stand(p, (size_t)own_plan(p), stand, why);
}

/* The others have left, or had their time: now this machine. People hear of it once. */
static void
final(struct policy *p)
{
	p->phase = PHASE_FINAL;
	p->final_ms = p->now_ms + p->conf->finaldelay_ms;
	/* In a hurry: whoever reads once in POLLFREQ has heard of FSD all the same. */
	if (p->hurried && p->final_ms < p->fsd_ms + p->conf->pollfreq_ms)
		p->final_ms = p->fsd_ms + p->conf->pollfreq_ms;
	p->dirty = true;
	stand(p, STAND_LEAVING, "this machine goes down");
	if (!p->notified)
		policy_notify(p, 0, NOTIFY_SHUTDOWN);
	p->notified = true;
	policy_say(p, true, "this machine goes down in %u s (FINALDELAY)",
	    seconds(p->conf->finaldelay_ms));
}

/* Shows FSD on all that this machine is primary of, as upsmon does, and waits. */
static void
sync_begin(struct policy *p)
{
	char names[NAMES_MAX], planned[NAMES_MAX];
	size_t others, plans;

	policy_plan_tell_all(p);
	for (size_t i = 0; i < p->conf->nmonitors; i++)
		if (p->conf->monitors[i].primary && p->conf->monitors[i].row >= 0)
			policy_view(p, (size_t)p->conf->monitors[i].row, FEED_VIEW_FSD);
	p->phase = PHASE_SYNC;
	p->sync_ms = p->now_ms + p->conf->hostsync_ms;
	others = policy_still_on(p, -1, false, names, sizeof(names));
	plans = policy_plan_still_on(p, -1, planned, sizeof(planned));
	if (others + plans > 0)
		policy_notify(p, 0, NOTIFY_SHUTDOWN_HOSTSYNC);
	if (others > 0)
		policy_say(p, true, "waiting up to %u s (HOSTSYNC) for %s",
		    seconds(p->conf->hostsync_ms), names);
	if (plans > 0)
		policy_say(p, true, "waiting until they are off: %s", planned);
}

/* When this machine goes down, whoever is waited for: FINALDELAY is still to come. */
static uint64_t
wait_end(const struct policy *p)
{
	uint64_t others = p->sync_ms + (p->cut ? policy_longest_stop(p) : 0);
	uint64_t planned = p->cut ? policy_plan_wait_ms(p) : 0;

	return planned > others ? planned : others;
}

/* holdupd knows of it. */
static void
set_deadline(struct policy *p)
{
	p->deadline_ms = wait_end(p) + p->conf->finaldelay_ms + POLICY_GRACE_MS;
	p->dirty = true;
}

void
policy_down_begin(struct policy *p)
{
	if (p->phase != PHASE_WATCH || p->conf->nmonitors == 0)
		return;
	for (size_t i = 0; i < p->conf->nmonitors; i++)
		p->cut |= p->conf->monitors[i].primary;
	if (!p->battery)
		p->outage++;
	p->fsd_ms = p->now_ms;
	p->sync_ms = p->now_ms;
	stand(p, STAND_TOLD, "this machine goes down");
	if (p->cut)
		sync_begin(p);
	set_deadline(p);
	if (!p->cut)
		final(p);
}

/* Who decides on this machine; the log knows it at once. */
static void
look_elsewhere(struct policy *p)
{
	bool elsewhere = policy_elsewhere(p);

	if (elsewhere == p->elsewhere)
		return;
	p->elsewhere = elsewhere;
	if (elsewhere)
		policy_say(p, true,
		    "another upsmon on this machine holds PRIMARY: forced shutdown and "
		    "shutdown are left to it");
	else
		policy_say(
		    p, true, "the other upsmon on this machine is gone: deciding again");
}

/* The supplies that are left, after upsmon's rule: each is good that is not critical. */
static long
power_left(struct policy *p)
{
	long power = 0;

	for (size_t i = 0; i < p->conf->nmonitors; i++) {
		struct policy_supply *s = &p->supplies[i];

		s->why = policy_critical(p, &p->conf->monitors[i]);
		if (s->why == NULL)
			power += p->conf->monitors[i].power;
	}
	return power;
}

static const char *
consequence(const struct policy *p, const struct policy_monitor *m, bool down)
{
	if (p->elsewhere)
		return "the other upsmon decides";
	if (!down)
		return "the other supplies suffice (MINSUPPLIES)";
	return m->primary ? "forced shutdown of what hangs on it"
			  : "this machine leaves it";
}

/* Says what became critical since the last time, and what follows. */
static void
say_critical(struct policy *p, bool down)
{
	for (size_t i = 0; i < p->conf->nmonitors; i++) {
		const struct policy_monitor *m = &p->conf->monitors[i];
		struct policy_supply *s = &p->supplies[i];

		if (s->why != NULL && (down || !s->known) &&
		    !policy_serves(p, (size_t)m->row))
			policy_say(p, true, "ups %s: %s; %s", p->conf->names[m->row],
			    s->why, consequence(p, m, down));
		s->known = s->why != NULL;
	}
}

/* True when the moment of this machine is reached, by its own section. */
static bool
is_own_moment(struct policy *p)
{
	int plan = own_plan(p);
	const char *why;

	if (plan < 0 || p->elsewhere ||
	    (why = policy_plan_unfed(p, (size_t)plan)) == NULL)
		return false;
	policy_say(
	    p, true, "%s: this machine goes down: %s", p->conf->plans[plan].name, why);
	return true;
}

static void
watch(struct policy *p)
{
	bool down;

	look_elsewhere(p);
	if (!policy_due(p, p->hold_ms))
		return;
	down = power_left(p) < p->conf->minsupplies && !p->elsewhere;
	say_critical(p, down);
	if (down || is_own_moment(p))
		policy_down_begin(p);
	else
		policy_serve_step(p);
}

/* What is known of a supply while this machine waits for others. */
enum lasts { LASTS_FED, LASTS, LASTS_UNKNOWN, LASTS_SHORT, LASTS_NOT };

/* A UPS that cannot tell its runtime says 0; one that told another on battery means it. */
static bool
is_told(struct policy *p, size_t row)
{
	const struct policy_power *w = &p->upses[row].power;

	return w->values[POLICY_RUNTIME] > 0 ||
	       (policy_steady(p, row, POLICY_RUNTIME) == 0 &&
		   w->before[POLICY_RUNTIME] > 0 &&
		   w->changed_ms[POLICY_RUNTIME] >= w->battery_ms + TOLD_MS);
}

/* Only what the driver says now counts; a core just restarted knows hearsay. */
static enum lasts
lasts_of(struct policy *p, const struct policy_monitor *m, double need_s)
{
	const struct policy_ups *u = &p->upses[m->row < 0 ? 0 : m->row];

	if (m->row < 0)
		return LASTS_FED;
	if (!u->fresh || u->unread)
		return LASTS_UNKNOWN;
	if (u->words & WORD_OFF)
		return LASTS_NOT;
	if (policy_on_battery(p, (size_t)m->row) == 0)
		return LASTS_FED;
	return policy_runtime(p, (size_t)m->row) <= need_s && is_told(p, (size_t)m->row)
		   ? LASTS_SHORT
		   : LASTS;
}

/* The sum of power values of the supplies that are `worst` or better; whether one that gives
 * any will not last. */
static long
power_of(struct policy *p, enum lasts worst, bool *ends)
{
	uint64_t takes = policy_own_takes(p, POLICY_SELF_MS);
	double need_s = (double)(takes + p->conf->finaldelay_ms) / 1000;
	long power = 0;

	*ends = false;
	for (size_t i = 0; i < p->conf->nmonitors; i++) {
		const struct policy_monitor *m = &p->conf->monitors[i];
		enum lasts lasts = lasts_of(p, m, need_s);

		if (lasts <= worst)
			power += m->power;
		*ends |= lasts == LASTS_SHORT && m->power > 0;
	}
	return power;
}

/* True when the supplies that last for longer than this machine itself takes are too few: who
 * is still waited for could not be saved by waiting on, and this machine would be lost too. */
static bool
is_time_over(struct policy *p)
{
	bool ends;

	return power_of(p, LASTS_UNKNOWN, &ends) < p->conf->minsupplies && ends;
}

/* True when that is no longer so: the mains is known to be back. */
static bool
is_there_time(struct policy *p)
{
	bool ends;

	return power_of(p, LASTS_FED, &ends) >= p->conf->minsupplies;
}

/* HOSTSYNC begins when FSD is shown: where core died before that, nobody has seen it. What
 * one step decides, a later one knows to have been done. */
static void
announce(struct policy *p)
{
	bool shown = true;

	if (p->announced || p->now_ms == p->fsd_ms)
		return;
	for (size_t i = 0; i < p->conf->nmonitors; i++) {
		const struct policy_monitor *m = &p->conf->monitors[i];

		if (m->primary && m->row >= 0)
			shown &= p->upses[m->row].shown == p->upses[m->row].view;
	}
	p->announced = shown;
	p->dirty = true;
	if (shown)
		return;
	p->sync_ms = p->now_ms + p->conf->hostsync_ms;
	set_deadline(p);
}

/* Who is still on, of whom something is known or not. */
struct others {
	size_t planned, stopping, staying;
	char names[NAMES_MAX]; /* of those that stay */
};

static struct others
others_of(struct policy *p)
{
	struct others o;

	o.planned = policy_plan_still_on(p, -1, o.names, sizeof(o.names));
	o.stopping = policy_still_on(p, -1, true, o.names, sizeof(o.names));
	o.staying = policy_still_on(p, -1, false, o.names, sizeof(o.names));
	return o;
}

/* They are waited for until HOSTSYNC ends, and those that have left until the time is over
 * that they take: HOSTSYNC bounds what is not known. Planned ones have bounds of their own,
 * and all together that of which holdupd knows. */
static bool
is_waiting(struct policy *p, const struct others *o)
{
	uint64_t end = p->deadline_ms - p->conf->finaldelay_ms - POLICY_GRACE_MS;

	return o->stopping > 0 || (o->staying > 0 && !policy_due(p, p->sync_ms)) ||
	       (o->planned > 0 && !policy_due(p, end));
}

static void
sync_wait(struct policy *p)
{
	struct others o = others_of(p);

	announce(p);
	p->hurried = o.planned + o.stopping > 0 && is_time_over(p);
	if (!p->hurried && is_waiting(p, &o))
		return;
	if (p->hurried)
		policy_say(p, true,
		    "the battery lasts no longer than this machine itself takes: waiting "
		    "no more for those who are not off");
	else if (o.staying > 0)
		policy_say(p, true,
		    "still there after HOSTSYNC (%u s): %s; shutting down all the same",
		    seconds(p->conf->hostsync_ms), o.names);
	else
		policy_say(p, false, "no other machine is on, %u s after FSD",
		    seconds(p->now_ms - p->fsd_ms));
	final(p);
}

/* Who was waited for no longer, because of the battery alone, is waited for again when the
 * mains returns in FINALDELAY. */
static void
reconsider(struct policy *p)
{
	struct others o = others_of(p);

	if (!p->hurried || !is_there_time(p) || !is_waiting(p, &o))
		return;
	p->hurried = false;
	p->phase = PHASE_SYNC;
	p->final_ms = 0;
	p->dirty = true;
	stand(p, STAND_TOLD, "this machine goes down");
	policy_say(p, true, "the mains is back: waiting for the others again");
}

static void
down(struct policy *p)
{
	p->again_ms = p->now_ms + POLICY_AGAIN_MS;
	policy_due(p, p->again_ms);
	policy_act(p, POLICY_SHUTDOWN, 0)->cut = p->cut;
}

/* SHUTDOWNEXIT: upsmon ends so long after SHUTDOWNCMD, and its logins with it, so that the
 * primaries of far UPSes wait no longer. Here all goes on but the logins. */
static void
leave(struct policy *p)
{
	const struct policy_conf *c = p->conf;

	if (p->logged_out || c->harmless || c->exit_ms < 0 ||
	    !policy_due(p, p->final_ms + (uint64_t)c->exit_ms))
		return;
	p->logged_out = true;
	for (size_t i = 0; i < c->nmonitors; i++)
		if (c->monitors[i].far)
			policy_act(p, POLICY_LEAVE, (size_t)c->monitors[i].row);
}

/* True when all that feeds this machine is fed by the mains, and nobody else ordered a
 * shutdown. */
static bool
mains_everywhere(const struct policy *p)
{
	for (size_t i = 0; i < p->conf->nmonitors; i++) {
		long row = p->conf->monitors[i].row;
		const struct policy_ups *u = &p->upses[row < 0 ? 0 : row];

		if (row >= 0 &&
		    (!u->fresh || u->line != LINE_MAINS || (u->words & WORD_FSD) != 0))
			return false;
	}
	return true;
}

/* Nobody went down but on paper, and the mains is back: what was ordered is forgotten, so
 * that a demo can be played with again. */
static void
forget(struct policy *p)
{
	p->phase = PHASE_WATCH;
	p->cut = p->announced = p->hurried = p->notified = false;
	p->fsd_ms = p->sync_ms = p->final_ms = p->again_ms = p->deadline_ms = 0;
	p->dirty = true;
	stand(p, STAND_ON, "it was not to go down but in the log");
	for (size_t i = 0; i < p->conf->nmonitors; i++)
		if (p->conf->monitors[i].primary && p->conf->monitors[i].row >= 0)
			policy_view(p, (size_t)p->conf->monitors[i].row, FEED_VIEW_NONE);
	policy_say(p, false,
	    "the mains is back, and this machine was not to go down but in the log: "
	    "the forced shutdown is over");
}

void
policy_down_step(struct policy *p)
{
	if (p->conf->nmonitors == 0)
		return;
	if (p->phase == PHASE_WATCH)
		watch(p);
	if (p->phase == PHASE_FINAL)
		reconsider(p);
	if (p->phase == PHASE_SYNC)
		sync_wait(p);
	if (p->phase == PHASE_FINAL && policy_due(p, p->final_ms)) {
		p->phase = PHASE_DOWN;
		p->dirty = true;
	}
	if (p->phase == PHASE_DOWN && policy_due(p, p->again_ms))
		down(p);
	if (p->phase == PHASE_DOWN)
		leave(p);
	if (p->phase == PHASE_DOWN && p->conf->harmless && mains_everywhere(p))
		forget(p);
}
