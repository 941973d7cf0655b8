/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "core/policy_in.h"

/* Lost or stale for longer than a blip: what the words said last decides, as in upsmon. */
static const char *
lost_words(struct policy *p, const struct policy_ups *u)
{
	const struct policy_conf *c = p->conf;
	static const unsigned words =
	    WORD_OVER | WORD_ALARM | WORD_CAL | WORD_BYPASS | WORD_OFF;

	if (!(u->words & words) || !policy_due(p, u->lost_ms + c->pollfreq_ms))
		return NULL;
	if ((u->words & WORD_OVER) && c->over_ms >= 0 &&
	    policy_due(p, u->power.over_ms + (uint64_t)c->over_ms))
		return "lost, and overloaded before (OVERDURATION)";
	if ((u->words & WORD_ALARM) && c->alarm_critical)
		return "lost, and in an alarm before (ALARMCRITICAL)";
	if (u->words & WORD_CAL)
		return "lost in a calibration";
	if (u->words & WORD_BYPASS)
		return "lost, and on bypass before";
	if ((u->words & WORD_OFF) && c->off_ms >= 0)
		return "lost, and off before (OFFDURATION)";
	return NULL;
}

/* It gives nothing, or nobody knows what it gives. */
static const char *
gone(struct policy *p, struct policy_ups *u)
{
	const struct policy_conf *c = p->conf;
	struct policy_power *w = &u->power;
	const char *why;

	if (!u->fresh && (why = lost_words(p, u)) != NULL)
		return why;
	if (!u->fresh && w->battery_ms != 0 && w->estimate_ms == 0 &&
	    policy_due(p, u->lost_ms + c->deadtime_ms))
		return "lost on battery for DEADTIME";
	if (!u->fresh || u->unread || w->off_ms == 0 || c->off_ms < 0 ||
	    !policy_due(p, w->off_ms + (uint64_t)c->off_ms))
		return NULL;
	snprintf(w->clause, sizeof(w->clause), "off for %.0f s (OFFDURATION)",
	    (double)(p->now_ms - w->off_ms) / 1000);
	return w->clause;
}

const char *
policy_low(struct policy *p, size_t row)
{
	struct policy_ups *u = &p->upses[row];
	const char *why = gone(p, u);

	if (why != NULL || u->power.low == LOW_NOT)
		return why;
	if (!u->unread)
		return u->power.why;
	/* After a sleep or a restart the driver has its time to be found. */
	return !u->fresh && u->power.low == LOW_ESTIMATE &&
		       policy_due(p, u->lost_ms + p->conf->deadtime_ms)
		   ? u->power.why
		   : NULL;
}

/* A secondary leaves the word to the primary of its UPS, for HOSTSYNC; then that one is
 * given up. */
const char *
policy_critical(struct policy *p, const struct policy_monitor *m)
{
	struct policy_ups *u;
	const char *why;

	if (m->row < 0)
		return NULL;
	u = &p->upses[m->row];
	if (u->view == FEED_VIEW_FSD || ((u->words & WORD_FSD) && !u->unread))
		return "forced shutdown was called";
	why = policy_low(p, (size_t)m->row);
	if (why == NULL || m->primary || why != u->power.why)
		return why;
	if (!policy_due(p, u->low_ms + p->conf->hostsync_ms))
		return NULL;
	snprintf(u->power.clause, sizeof(u->power.clause),
	    "%s; its primary is silent for HOSTSYNC", u->power.why);
	return u->power.clause;
}
