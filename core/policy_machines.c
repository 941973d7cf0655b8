/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "core/policy_in.h"
#include "lib/xmem.h"

#define NAME_MAX_BYTES (POLICY_ADDRESS_MAX + POLICY_ACCOUNT_MAX + 16)
#define MACHINES_STEP 16 /* room is made for so many at a time */

/* Names of readers, for people. */
static const char *const kinds[] = {
    [MACHINE_LOGIN] = "",
    [MACHINE_QNAP] = "QNAP",
    [MACHINE_SYNOLOGY] = "Synology",
    [MACHINE_WINNUT] = "WinNUT",
    [MACHINE_OTHER] = "a reader",
};

struct policy_machine *
policy_machine_new(struct policy *p)
{
	if (p->nmachines % MACHINES_STEP == 0)
		p->machines = xreallocarray(
		    p->machines, p->nmachines + MACHINES_STEP, sizeof(*p->machines));
	return &p->machines[p->nmachines++];
}

static void
drop(struct policy *p, size_t i)
{
	memmove(&p->machines[i], &p->machines[i + 1],
	    (p->nmachines - i - 1) * sizeof(*p->machines));
	p->nmachines--;
	p->dirty = true;
}

/* "192.168.0.20 (admin)", or "QNAP at 192.168.0.30". */
static void
name_of(const struct policy_machine *m, char *out, size_t size)
{
	if (m->kind == MACHINE_LOGIN)
		snprintf(out, size, "%s (%s)", m->address, m->account);
	else
		snprintf(out, size, "%s at %s", kinds[m->kind], m->address);
}

/* How long the machine takes from its leaving until it is off; 0: nobody says. */
static uint64_t
stopping_time(const struct policy *p, const struct policy_machine *m)
{
	for (size_t i = 0; i < p->conf->nplans; i++) {
		const struct policy_plan *t = &p->conf->plans[i];

		if (!t->self && (t->account != NULL || t->address != NULL) &&
		    (t->account == NULL || strcmp(t->account, m->account) == 0) &&
		    (t->address == NULL || strcmp(t->address, m->address) == 0))
			return t->takes_ms;
	}
	return 0;
}

/* The row of its section, or -1: looked up once, for its names never change. */
static int
plan_of(const struct policy *p, struct policy_machine *m)
{
	if (!m->known)
		m->plan = policy_plan_of(p, m->row, m->address, m->account);
	m->known = true;
	return m->plan;
}

/* True for one that policy_follow.c follows, by all its logins and readings. */
static bool
is_planned(const struct policy *p, struct policy_machine *m)
{
	return plan_of(p, m) >= 0 && p->conf->plans[m->plan].planned;
}

uint64_t
policy_longest_stop(const struct policy *p)
{
	uint64_t longest = 0;

	for (size_t i = 0; i < p->conf->nplans; i++)
		if (p->conf->plans[i].takes_ms > longest)
			longest = p->conf->plans[i].takes_ms;
	return longest;
}

static void
say_gone(struct policy *p, const struct policy_machine *m)
{
	char name[NAME_MAX_BYTES];

	if (p->phase != PHASE_SYNC)
		return;
	name_of(m, name, sizeof(name));
	policy_say(p, false, "gone: %s", name);
}

/* The machine has left at `left_ms`, or fell silent. True when it is waited for until it has
 * stopped: of one that does not say how long that takes, only the cut knows. */
static bool
leave(struct policy *p, struct policy_machine *m, uint64_t left_ms)
{
	char name[NAME_MAX_BYTES];
	uint64_t takes = stopping_time(p, m);

	if (takes == 0) {
		m->stops_ms = left_ms + POLICY_TAKES_MS;
		return false;
	}
	m->off_ms = left_ms + takes;
	p->dirty = true;
	if (p->phase == PHASE_SYNC) {
		name_of(m, name, sizeof(name));
		policy_say(p, false, "leaving: %s, off in %u s (takes)", name,
		    (unsigned)(takes / 1000));
	}
	return true;
}

/* Makes room: for one that is not waited for, or whose connection broke. */
static struct policy_machine *
add(struct policy *p, size_t row, enum policy_machine_kind kind)
{
	struct policy_machine *m;
	size_t i = 0;

	if (p->nmachines == POLICY_MACHINES_MAX) {
		while (i < p->nmachines && !p->machines[i].gone &&
		       !p->machines[i].broken && p->machines[i].off_ms == 0)
			i++;
		if (i == p->nmachines) {
			if (!p->crowded)
				policy_say(p, true,
				    "more than %d machines: the rest is waited for until "
				    "HOSTSYNC in any case",
				    POLICY_MACHINES_MAX);
			p->crowded = p->dirty = true;
			return NULL;
		}
		drop(p, i);
	}
	p->dirty = true;
	m = policy_machine_new(p);
	*m = (struct policy_machine){.row = row, .kind = kind};
	return m;
}

/* A login that is none at the moment. */
static bool
is_away(const struct policy_machine *m)
{
	return m->broken || (m->kind == MACHINE_LOGIN && (m->off_ms > 0 || m->gone));
}

static struct policy_machine *
find_session(struct policy *p, size_t row, unsigned long session)
{
	for (size_t i = 0; i < p->nmachines; i++) {
		struct policy_machine *m = &p->machines[i];

		if (m->row == row && m->kind == MACHINE_LOGIN && !is_away(m) &&
		    m->session == session)
			return m;
	}
	return NULL;
}

/* By address and, unless NULL, account; a login as it is asked for: away or not. */
static struct policy_machine *
find_address(struct policy *p, size_t row, enum policy_machine_kind kind, bool away,
    const char *address, const char *account)
{
	for (size_t i = 0; i < p->nmachines; i++) {
		struct policy_machine *m = &p->machines[i];

		if (m->row == row && m->kind == kind && is_away(m) == away &&
		    strcmp(m->address, address) == 0 &&
		    (account == NULL || strcmp(m->account, account) == 0))
			return m;
	}
	return NULL;
}

/* A machine whose connection broke and that is back is the same machine; one that logs in
 * needs no other sign of life. */
static void
login(struct policy *p, const struct policy_event *e)
{
	struct policy_machine *m =
	    find_address(p, e->row, MACHINE_LOGIN, true, e->address, e->account);

	if (m == NULL)
		m = add(p, e->row, MACHINE_LOGIN);
	if (m == NULL)
		return;
	m->session = e->session;
	m->broken = m->gone = false;
	m->off_ms = m->stops_ms = 0;
	snprintf(m->address, sizeof(m->address), "%s", e->address);
	snprintf(m->account, sizeof(m->account), "%s", e->account);
	p->dirty = true;
	for (size_t i = p->nmachines; i-- > 0;)
		if (p->machines[i].row == e->row &&
		    p->machines[i].kind != MACHINE_LOGIN &&
		    strcmp(p->machines[i].address, e->address) == 0)
			drop(p, i);
}

/* A login that a core before this one has heard of, and this one has not. */
static struct policy_machine *
find_carried(struct policy *p, const struct policy_event *e)
{
	for (size_t i = 0; i < p->nmachines; i++) {
		struct policy_machine *m = &p->machines[i];

		if (m->row == e->row && m->kind == MACHINE_LOGIN && m->broken &&
		    !m->gone && strcmp(m->address, e->address) == 0 &&
		    strcmp(m->account, e->account) == 0)
			return m;
	}
	return NULL;
}

static void
logout(struct policy *p, const struct policy_event *e)
{
	struct policy_machine *m =
	    e->session != 0 ? find_session(p, e->row, e->session) : find_carried(p, e);

	if (m == NULL)
		return;
	p->leaver = plan_of(p, m);
	p->left_ms = e->ago_ms < p->now_ms ? p->now_ms - e->ago_ms : 0;
	if (m->primary && p->upses[e->row].view == FEED_VIEW_FSD)
		p->left = true;
	if (!is_planned(p, m)) {
		m->gone = !leave(p, m, p->left_ms);
		p->dirty = true;
		if (!m->gone)
			return;
		say_gone(p, m);
		if (p->upses[e->row].view == FEED_VIEW_FSD)
			return;
	}
	drop(p, (size_t)(m - p->machines));
}

/* Many an upsmon that has seen FSD goes without LOGOUT: who says how long it takes has its
 * time from here on, unless it comes back; of others nothing is known but HOSTSYNC. */
static void
broken(struct policy *p, const struct policy_event *e)
{
	struct policy_machine *m = find_session(p, e->row, e->session);

	if (m == NULL || (p->upses[e->row].view == FEED_VIEW_FSD && !is_planned(p, m) &&
			     stopping_time(p, m) > 0 && leave(p, m, p->now_ms)))
		return;
	m->broken = true;
	p->dirty = true;
}

/* True for an address by which holdup.conf has another machine, whatever its account. */
static bool
is_named(const struct policy *p, const char *address)
{
	for (size_t i = 0; i < p->conf->nplans; i++) {
		const struct policy_plan *t = &p->conf->plans[i];

		if (!t->self && t->account == NULL && t->address != NULL &&
		    strcmp(t->address, address) == 0)
			return true;
	}
	return false;
}

/* True for a reader that was taken for one that has gone: how long it was away is not how often
 * it reads. */
static bool
has_left(const struct policy *p, struct policy_machine *m)
{
	const int plan = plan_of(p, m);

	return plan >= 0 && p->planned[plan].stand != STAND_ON &&
	       p->planned[plan].stand != STAND_TOLD;
}

/* A reader is known by what it does: how long it may be silent shows in how often it came
 * before. */
static void
seen(struct policy *p, const struct policy_event *e)
{
	struct policy_machine *m =
	    find_address(p, e->row, e->machine, false, e->address, NULL);
	uint64_t interval;

	if (find_address(p, e->row, MACHINE_LOGIN, false, e->address, NULL) != NULL ||
	    (e->machine == MACHINE_OTHER && !is_named(p, e->address)))
		return;
	if (m == NULL &&
	    (m = find_address(p, e->row, MACHINE_OTHER, false, e->address, NULL)) != NULL)
		m->kind = e->machine; /* now it is known better */
	if (m == NULL) {
		if ((m = add(p, e->row, e->machine)) == NULL)
			return;
		snprintf(m->address, sizeof(m->address), "%s", e->address);
		m->awaited_ms = p->now_ms;
	}
	interval = p->now_ms - m->awaited_ms;
	if (interval > m->interval_ms && interval < POLICY_ABSENT_MS && !has_left(p, m))
		m->interval_ms = interval;
	m->gone = false;
	m->off_ms = m->stops_ms = 0;
	m->seen_ms = m->awaited_ms = p->now_ms;
	p->dirty = true;
}

void
policy_machine_event(struct policy *p, const struct policy_event *event)
{
	struct policy_machine *m;

	switch (event->kind) {
	case POLICY_LOGIN:
		login(p, event);
		break;
	case POLICY_LOGOUT:
		logout(p, event);
		break;
	case POLICY_BROKEN:
		broken(p, event);
		break;
	case POLICY_SEEN:
		if (event->machine != MACHINE_LOGIN)
			seen(p, event);
		break;
	case POLICY_PRIMARY:
		if ((m = find_session(p, event->row, event->session)) != NULL) {
			m->primary = true;
			p->dirty = true;
		}
		break;
	default:
		break;
	}
}

/* Nobody's silence is longer for it, nor its interval. */
void
policy_machines_slept(struct policy *p)
{
	for (size_t i = 0; i < p->nmachines; i++)
		if (!p->machines[i].gone)
			p->machines[i].awaited_ms = p->now_ms;
}

bool
policy_elsewhere(const struct policy *p)
{
	for (size_t i = 0; i < p->nmachines; i++)
		if (p->machines[i].primary && !is_away(&p->machines[i]) &&
		    policy_watched(p, p->machines[i].row))
			return true;
	return p->left;
}

/* True when this machine has to wait for the others on this UPS. */
static bool
is_primary_of(const struct policy *p, size_t row)
{
	for (size_t i = 0; i < p->conf->nmonitors; i++)
		if (p->conf->monitors[i].row == (long)row && p->conf->monitors[i].primary)
			return true;
	return false;
}

/* True for a reader that did not come for so long that it must have gone. */
static bool
is_silent(struct policy *p, const struct policy_machine *m)
{
	uint64_t silence = 3 * m->interval_ms;

	if (silence < POLICY_SILENCE_MS)
		silence = POLICY_SILENCE_MS;
	return policy_due(p, m->awaited_ms + silence);
}

/* A login is on until it says otherwise, a reader until it is silent, and then for the
 * time that it takes to stop. */
static bool
is_on(struct policy *p, struct policy_machine *m)
{
	if (m->gone)
		return false;
	if (m->off_ms == 0 && m->kind == MACHINE_LOGIN)
		return true;
	if (m->off_ms == 0 && (!is_silent(p, m) || leave(p, m, p->now_ms)))
		return true;
	if (m->off_ms > 0 && !policy_due(p, m->off_ms))
		return true;
	m->gone = true;
	p->dirty = true;
	if (m->off_ms == 0 || m->off_ms > p->fsd_ms)
		say_gone(p, m);
	return false;
}

/* Who else hangs on a far UPS that this machine is primary of, is known by number only,
 * and only while its server answers. */
static bool
is_others_on(const struct policy *p, const struct policy_monitor *m)
{
	const struct policy_ups *u = &p->upses[m->row < 0 ? 0 : m->row];

	return m->row >= 0 && m->far && m->primary && (u->logins < 0 || u->logins > 1);
}

/* Names the far UPSes on which others are still on; returns how many. */
static size_t
far_still_on(const struct policy *p, char *names, size_t size)
{
	size_t count = 0;

	for (size_t i = 0; i < p->conf->nmonitors; i++) {
		const struct policy_monitor *m = &p->conf->monitors[i];
		size_t len = strlen(names);

		if (!is_others_on(p, m))
			continue;
		snprintf(names + len, size - len, "%sothers on ups %s",
		    len > 0 ? ", " : "", p->conf->names[m->row]);
		count++;
	}
	return count;
}

size_t
policy_still_on(struct policy *p, long row, bool stopping, char *names, size_t size)
{
	char name[NAME_MAX_BYTES];
	size_t count = 0, len = 0;
	bool beyond = p->crowded && !stopping;

	snprintf(names, size, "%s", beyond ? "machines beyond the table" : "");
	for (size_t i = 0; i < p->nmachines; i++) {
		struct policy_machine *m = &p->machines[i];

		if ((row < 0 ? !is_primary_of(p, m->row) : m->row != (size_t)row) ||
		    is_planned(p, m) || !is_on(p, m) || (m->off_ms > 0) != stopping)
			continue;
		len = strlen(names);
		name_of(m, name, sizeof(name));
		snprintf(names + len, size - len, "%s%s", len > 0 ? ", " : "", name);
		count++;
	}
	if (!stopping && row < 0)
		count += far_still_on(p, names, size);
	return count + (beyond ? 1 : 0);
}

enum policy_there
policy_there(struct policy *p, size_t plan)
{
	enum policy_there there = THERE_NOT;

	for (size_t i = 0; i < p->nmachines; i++) {
		struct policy_machine *m = &p->machines[i];

		if (plan_of(p, m) != (int)plan)
			continue;
		if (m->kind == MACHINE_LOGIN ? !is_away(m) : !m->gone && !is_silent(p, m))
			return THERE_YES;
		if (m->kind == MACHINE_LOGIN && m->broken && m->session == 0)
			there = THERE_CARRIED;
		else if (m->kind == MACHINE_LOGIN && m->broken && there == THERE_NOT)
			there = THERE_BROKEN;
		else if (m->kind != MACHINE_LOGIN && !m->gone)
			m->gone = p->dirty = true;
	}
	return there;
}

bool
policy_heard(const struct policy *p, size_t plan, uint64_t since_ms)
{
	for (size_t i = 0; i < p->nmachines; i++) {
		const struct policy_machine *m = &p->machines[i];

		if (m->known && m->plan == (int)plan &&
		    (m->kind == MACHINE_LOGIN ? !is_away(m) : m->seen_ms >= since_ms))
			return true;
	}
	return false;
}

/* How long it needs to stop: also one that does not say it. */
static uint64_t
needed_time(const struct policy *p, const struct policy_machine *m)
{
	uint64_t takes = stopping_time(p, m);

	return takes > 0 ? takes : POLICY_TAKES_MS;
}

/* What is left of that for one that has left. */
static uint64_t
left_ms(const struct policy *p, const struct policy_machine *m)
{
	uint64_t end = m->off_ms > m->stops_ms ? m->off_ms : m->stops_ms;

	return end > p->now_ms ? end - p->now_ms : 0;
}

uint64_t
policy_machines_need(struct policy *p, size_t row)
{
	uint64_t longest = 0, need;

	for (size_t i = 0; i < p->nmachines; i++) {
		struct policy_machine *m = &p->machines[i];

		if (m->row != row || is_planned(p, m))
			continue;
		if (m->off_ms > 0 || m->gone)
			need = left_ms(p, m);
		else
			need = p->conf->hostsync_ms + needed_time(p, m);
		if (need > longest)
			longest = need;
	}
	return longest;
}
