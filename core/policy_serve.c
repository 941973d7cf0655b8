/* SPDX-License-Identifier: ISC */
#include "core/policy_in.h"

#define NAMES_MAX 400 /* bytes of a list of machines in the log */

/* The MONITOR line by which this machine serves the UPS; NULL: it is fed, or plans
 * nothing. */
static const struct policy_monitor *
line_of(const struct policy *p, size_t row)
{
	const struct policy_monitor *line = NULL;

	if (!p->conf->planned)
		return NULL;
	for (size_t i = 0; i < p->conf->nplans; i++)
		if (p->conf->plans[i].self)
			return NULL;
	for (size_t i = 0; i < p->conf->nmonitors; i++) {
		const struct policy_monitor *m = &p->conf->monitors[i];

		if (m->power > 0)
			return NULL;
		if (m->row == (long)row && m->primary && !m->far)
			line = m;
	}
	return line;
}

bool
policy_serves(const struct policy *p, size_t row)
{
	return line_of(p, row) != NULL;
}

static bool
is_called(const struct policy_ups *u)
{
	return u->view == FEED_VIEW_FSD || u->lease != LEASE_NONE;
}

/* The others have HOSTSYNC from here on, or from a restart on. */
static void
sync_begin(struct policy *p, size_t row)
{
	char names[NAMES_MAX];

	p->upses[row].sync_ms = p->now_ms + p->conf->hostsync_ms;
	if (policy_still_on(p, (long)row, false, names, sizeof(names)) > 0)
		policy_say(p, true, "ups %s: waiting up to %u s (HOSTSYNC) for %s",
		    p->conf->names[row], (unsigned)(p->conf->hostsync_ms / 1000), names);
}

void
policy_serve_step(struct policy *p)
{
	for (size_t row = 0; row < p->conf->nupses; row++) {
		const struct policy_monitor *line = line_of(p, row);
		struct policy_ups *u = &p->upses[row];
		const char *why;

		if (line == NULL)
			continue;
		if (!is_called(u) && !p->elsewhere && policy_due(p, p->hold_ms) &&
		    (why = policy_critical(p, line)) != NULL) {
			policy_say(p, true,
			    "ups %s: %s; forced shutdown of what hangs on it; this "
			    "machine does not, and stays",
			    p->conf->names[row], why);
			policy_view(p, row, FEED_VIEW_FSD);
		}
		if (!is_called(u))
			u->sync_ms = 0;
		else if (u->sync_ms == 0)
			sync_begin(p, row);
		if (is_called(u))
			policy_due(p, u->sync_ms);
	}
}

bool
policy_serve_fsd(struct policy *p)
{
	bool serves = false;

	for (size_t row = 0; row < p->conf->nupses; row++)
		if (policy_serves(p, row)) {
			policy_view(p, row, FEED_VIEW_FSD);
			serves = true;
		}
	return serves;
}

/* An old FSD is seen by those only who were there: whoever is on now stays on. */
bool
policy_all_off(struct policy *p, size_t row)
{
	const struct policy_ups *u = &p->upses[row];
	const bool patient = u->view != FEED_VIEW_FSD || p->now_ms < u->sync_ms;
	char names[NAMES_MAX];

	return is_called(u) && u->sync_ms != 0 && !policy_plan_any(p, row) &&
	       policy_plan_still_on(p, (long)row, names, sizeof(names)) == 0 &&
	       policy_still_on(p, (long)row, true, names, sizeof(names)) == 0 &&
	       (policy_still_on(p, (long)row, false, names, sizeof(names)) == 0 ||
		   !patient);
}
