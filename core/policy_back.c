/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/policy_in.h"

#define OLD_MS 10000  /* the mains must be back for so long before FSD is an old one */
#define WAKES_MAX 5   /* tries; the key of a task has room for seven */
#define NAMES_MAX 400 /* bytes of a list of machines in the log */
#define CHARGE_MAX 32

/* "charge 45 %", as far as it is known. */
static const char *
charge_text(const struct policy *p, size_t row, char *out, size_t size)
{
	double charge = policy_charge(p, row);

	if (isnan(charge))
		snprintf(out, size, "charge not known");
	else
		snprintf(out, size, "charge %.0f %%", charge);
	return out;
}

static bool
is_known(const struct policy *p, size_t row)
{
	const struct policy_ups *u = &p->upses[row];

	return u->fresh && !u->unread && u->line != LINE_UNKNOWN;
}

/* On mains, and that is believed, as it was last heard / and is heard now. */
static bool
had_mains(const struct policy *p, size_t row)
{
	return !p->upses[row].unread && policy_on_battery(p, row) == 0 &&
	       p->upses[row].power.mains_ms != 0;
}

static bool
has_mains(const struct policy *p, size_t row)
{
	return is_known(p, row) && had_mains(p, row);
}

/* Its output is about to go off, by our order, or by one of an earlier boot. */
static bool
is_to_be_cut(const struct policy_ups *u)
{
	return u->cut == CUT_ORDERED || u->cut == CUT_COUNTS ||
	       u->power.values[POLICY_TIMER_SHUTDOWN] > 0;
}

bool
policy_restored(struct policy *p, size_t row)
{
	const struct policy_ups *u = &p->upses[row];

	if (!has_mains(p, row) || is_to_be_cut(u) || (u->words & WORD_OFF) != 0 ||
	    policy_charge(p, row) < p->conf->restart)
		return false;
	return policy_due(p, u->power.mains_ms + p->conf->calm_ms);
}

static uint64_t
later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static void
lease_begin(struct policy *p, size_t row)
{
	struct policy_ups *u = &p->upses[row];

	u->lease = LEASE_SHOWN;
	u->lease_ms = p->now_ms;
	p->dirty = true;
}

/* Whoever decided by it decides anew, the other upsmon of this machine, too. */
static void
lease_end(struct policy *p, size_t row)
{
	p->upses[row].lease = LEASE_NONE;
	p->left = false;
	p->dirty = true;
	policy_view(p, row, FEED_VIEW_NONE);
}

/* An FSD that somebody demanded with the mains there lasts as if it had come back then. */
static void
lease_step(struct policy *p, size_t row)
{
	struct policy_ups *u = &p->upses[row];
	char charge[CHARGE_MAX];
	uint64_t since;

	if (u->view == FEED_VIEW_FSD && u->lease != LEASE_SHOWN)
		lease_begin(p, row);
	if (u->view != FEED_VIEW_FSD && u->view != FEED_VIEW_OLD)
		u->lease = LEASE_NONE;
	if (u->lease == LEASE_NONE || p->phase != PHASE_WATCH || !had_mains(p, row))
		return;
	since = later(u->power.mains_ms, u->lease_ms);
	if (policy_restored(p, row) && policy_due(p, since + p->conf->calm_ms)) {
		policy_say(p, false,
		    "ups %s: the forced shutdown is over: on mains for %u s, %s",
		    p->conf->names[row],
		    (unsigned)((p->now_ms - u->power.mains_ms) / 1000),
		    charge_text(p, row, charge, sizeof(charge)));
		lease_end(p, row);
	} else if (u->lease == LEASE_SHOWN &&
		   policy_due(p, later(u->power.mains_ms + OLD_MS,
				     u->lease_ms + p->conf->hostsync_ms))) {
		u->lease = LEASE_OLD;
		policy_view(p, row, FEED_VIEW_OLD);
	}
}

void
policy_back_event(struct policy *p, const struct policy_event *event)
{
	const char *name = p->conf->names[event->row];

	if (p->phase != PHASE_WATCH)
		policy_say(p, true,
		    "ups %s: the forced shutdown cannot be given up: this machine is "
		    "going down",
		    name);
	else if (p->upses[event->row].lease == LEASE_NONE &&
		 p->upses[event->row].view != FEED_VIEW_FSD) /* it begins with a step */
		policy_say(
		    p, false, "ups %s: no forced shutdown is there to be given up", name);
	else {
		policy_say(
		    p, true, "ups %s: the forced shutdown is given up by hand", name);
		lease_end(p, event->row);
	}
}

/* The sums of power values by what the first readings of this boot say. */
struct supplies {
	long good, bad, unknown;
	long bad_row;
};

/* A driver may tell the charge after the status. */
static bool
is_charge_known(struct policy *p, size_t row)
{
	if (!isnan(policy_charge(p, row)))
		return true;
	if (p->charge_ms == 0)
		p->charge_ms = p->now_ms + POLICY_READ_MS;
	return policy_due(p, p->charge_ms);
}

/* True when it cannot be said yet whether this line gives enough. */
static bool
is_open(struct policy *p, const struct policy_monitor *m)
{
	if (m->row < 0)
		return false;
	return !is_known(p, (size_t)m->row) ||
	       (policy_on_battery(p, (size_t)m->row) != 0 &&
		   !is_charge_known(p, (size_t)m->row));
}

/* It can carry this machine without mains; one that is off carries nobody. */
static bool
is_charged(const struct policy *p, size_t row)
{
	return policy_charge(p, row) >= p->conf->restart &&
	       !(p->upses[row].words & WORD_OFF);
}

static struct supplies
supplies_of(struct policy *p)
{
	struct supplies s = {.bad_row = -1};

	for (size_t i = 0; i < p->conf->nmonitors; i++) {
		const struct policy_monitor *m = &p->conf->monitors[i];

		if (is_open(p, m)) {
			s.unknown += m->power;
		} else if (m->row < 0 || policy_on_battery(p, (size_t)m->row) == 0 ||
			   is_charged(p, (size_t)m->row)) {
			s.good += m->power;
		} else {
			s.bad += m->power;
			s.bad_row = m->row;
		}
	}
	return s;
}

static void
boot_judged(struct policy *p)
{
	p->booted = p->went_down = false;
	p->keep = p->dirty = true;
}

/* Up again: with the mains, or with a battery that would not last another shutdown. */
static void
boot_step(struct policy *p)
{
	const bool ours = p->conf->planned || p->went_down;
	char charge[CHARGE_MAX];
	struct supplies s;

	if (!p->booted)
		return;
	s = supplies_of(p);
	if (p->conf->nmonitors == 0 || p->conf->minsupplies == 0 ||
	    s.good >= p->conf->minsupplies) {
		if (p->went_down)
			policy_say(p, false, "this machine is up again after outage %u",
			    p->outage);
		boot_judged(p);
	} else if (s.good + s.unknown < p->conf->minsupplies) {
		if (ours)
			policy_say(p, true,
			    "ups %s: on battery at boot, %s (restart at %.0f %%): down "
			    "again",
			    p->conf->names[s.bad_row],
			    charge_text(p, (size_t)s.bad_row, charge, sizeof(charge)),
			    p->conf->restart);
		boot_judged(p);
		if (ours)
			policy_down_begin(p);
	}
}

/* Enough of its feeds can carry it again / too few of them are not on battery: that is
 * less, for one that is silent says nothing. */
static bool
is_restored(struct policy *p, size_t plan)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	unsigned restored = 0;

	for (size_t i = 0; i < c->nfeeds; i++)
		restored += policy_restored(p, c->feeds[i]);
	return restored >= c->needs;
}

static bool
is_out(const struct policy *p, size_t plan)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	unsigned left = 0;

	for (size_t i = 0; i < c->nfeeds; i++)
		left += policy_on_battery(p, c->feeds[i]) == 0;
	return left < c->needs;
}

static void
came(struct policy *p, size_t plan, enum policy_came how)
{
	struct policy_planned *m = &p->planned[plan];

	m->taken = false;
	m->came = how;
	if (m->outage == p->outage) /* told again in it, its tries have other keys */
		m->wakes = 0;
	p->keep = p->dirty = true;
}

/* Counts the tries of an outage, by which their keys differ. */
static unsigned
try_number(struct policy *p, size_t plan)
{
	struct policy_planned *m = &p->planned[plan];

	if (m->wake_outage != p->outage)
		m->wakes = 0;
	m->wake_outage = p->outage;
	return ++m->wakes;
}

static void
try_waking(struct policy *p, size_t plan)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	struct policy_planned *m = &p->planned[plan];
	char why[POLICY_TEXT_MAX];

	try_number(p, plan);
	m->wake_ms = p->now_ms + (c->wake ? c->boots_ms : 2 * c->boots_ms);
	policy_due(p, m->wake_ms);
	policy_start(p, plan);
	p->keep |= c->wake; /* no try is made twice, over a power-off either */
	p->dirty = true;
	if (c->wake)
		snprintf(why, sizeof(why), "try %u of %d", m->wakes, WAKES_MAX);
	else
		snprintf(why, sizeof(why), "nothing wakes it but the mains");
	policy_plan_stand(p, plan, STAND_WAKING, why);
	if (c->wake)
		policy_task(p, plan, TASK_WAKE, m->wakes);
}

/* It had its tries: one, where it shows no sign of life. */
static void
end_waking(struct policy *p, size_t plan)
{
	if (!policy_is_unseen(&p->conf->plans[plan])) {
		policy_plan_stand(p, plan, STAND_OFF, "it did not come back");
		came(p, plan, CAME_NOT);
	} else {
		policy_plan_stand(p, plan, STAND_ON, "nobody sees it: taken for on");
		came(p, plan, CAME_BACK);
	}
}

/* One that no longer answers may still be stopping: nothing that is sent then wakes it. */
static bool
is_stopped(struct policy *p, size_t plan)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	const struct policy_planned *m = &p->planned[plan];

	if (m->stand != STAND_OFF || m->off_ms == 0 || c->off != POLICY_OFF_PROBE)
		return m->stand == STAND_OFF || m->stand == STAND_WAKING;
	if (c->takes_ms == 0 || m->told_ms == 0)
		return policy_due(p, m->off_ms + policy_takes_ms(c));
	return policy_due(p, m->told_ms + c->takes_ms);
}

/* One that is off, or does not come. True when the next one has to wait for it: for its
 * first try. */
static bool
wake(struct policy *p, size_t plan)
{
	const struct policy_plan *c = &p->conf->plans[plan];
	struct policy_planned *m = &p->planned[plan];

	if (m->stand == STAND_WAKING && !policy_due(p, m->wake_ms))
		return c->wake && m->wakes == 1;
	if (m->wake_outage == p->outage &&
	    m->wakes >= (c->wake && !policy_is_unseen(c) ? WAKES_MAX : 1)) {
		end_waking(p, plan);
		return false;
	}
	try_waking(p, plan);
	return c->wake && m->wakes == 1;
}

/* Appends the names of those that came, or did not; returns how many. */
static size_t
names_of(const struct policy *p, enum policy_came how, char *out, size_t size)
{
	size_t count = 0;

	*out = '\0';
	for (size_t i = 0; i < p->conf->nplans; i++) {
		size_t len = strlen(out);

		if (p->planned[i].came != how)
			continue;
		snprintf(out + len, size - len, "%s%s", count > 0 ? ", " : "",
		    p->conf->plans[i].name);
		count++;
	}
	return count;
}

/* One line for all. */
static void
report(struct policy *p)
{
	char back[NAMES_MAX], missing[NAMES_MAX];
	size_t nback = names_of(p, CAME_BACK, back, sizeof(back));
	size_t nmissing = names_of(p, CAME_NOT, missing, sizeof(missing));

	if (nback + nmissing == 0)
		return;
	policy_say(p, nmissing > 0, "outage %u is over; back: %s%s%s", p->outage,
	    nback > 0 ? back : "nobody", nmissing > 0 ? "; not back: " : "", missing);
	for (size_t i = 0; i < p->conf->nplans; i++)
		p->planned[i].came = CAME_UNSAID;
	p->keep = p->dirty = true;
}

/* It is on: it was seen, or it seems that it never left. Of the latter that is a guess, by
 * a connection that nobody has closed; what wakes it does no harm to one that is on. */
static void
be_back(struct policy *p, size_t plan)
{
	const struct policy_planned *m = &p->planned[plan];
	bool stayed = m->told_ms != 0 && m->off_ms == 0;

	if (is_out(p, plan) || (stayed && !is_restored(p, plan)))
		return;
	if (stayed && p->conf->plans[plan].wake)
		policy_task(p, plan, TASK_WAKE, try_number(p, plan));
	came(p, plan, CAME_BACK);
}

/* In the order of the file; one whose mains is away again rests. */
static void
bring_back(struct policy *p)
{
	bool left = false, waits = false;

	for (size_t i = 0; i < p->conf->nplans; i++) {
		struct policy_planned *m = &p->planned[i];

		if (!m->taken || p->conf->plans[i].self)
			continue;
		left = true;
		if (m->stand == STAND_ON)
			be_back(p, i);
		else if (m->stand == STAND_WAKING && is_out(p, i))
			policy_plan_stand(p, i, STAND_OFF, "its mains is away again");
		else if (is_restored(p, i) && !waits && policy_plan_unfed(p, i) == NULL)
			waits = !is_stopped(p, i) || wake(p, i);
	}
	if (!left)
		report(p);
}

void
policy_back_step(struct policy *p)
{
	boot_step(p);
	for (size_t row = 0; row < p->conf->nupses; row++)
		lease_step(p, row);
	if (p->phase == PHASE_WATCH && !p->booted)
		bring_back(p);
}
