/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/policy.h"
#include "lib/buf.h"
#include "lib/monitors.h"
#include "lib/xmem.h"

static uint64_t
ms(int seconds)
{
	return (uint64_t)seconds * 1000;
}

/* A UPS is far when its section is one that lib/monitors.h makes for a MONITOR line. */
static bool
is_far(const struct conf_ups *u)
{
	const char *driver = conf_ups_get(u, "driver");

	return driver != NULL && strcmp(driver, "remote") == 0 &&
	       conf_ups_get(u, "login") != NULL;
}

static long
row_named(const struct ups_conf *u, const char *name)
{
	for (size_t i = 0; i < u->nupses; i++)
		if (strcasecmp(u->upses[i].name, name) == 0)
			return (long)i;
	return -1;
}

/* The rows of its feeds: those named, or the first UPS. One that does not exist feeds
 * nobody, and is not needed (conf_machines_check() has named it). */
static void
feeds_make(struct policy_plan *p, const struct conf_machine *m, const struct ups_conf *u)
{
	p->feeds = xcalloc(m->nfeeds + 1, sizeof(*p->feeds));
	for (size_t i = 0; i < m->nfeeds; i++) {
		long row = row_named(u, m->feeds[i]);

		if (row >= 0)
			p->feeds[p->nfeeds++] = (size_t)row;
	}
	if (p->nfeeds == 0 && u->nupses > 0)
		p->feeds[p->nfeeds++] = 0;
	p->needs =
	    (unsigned)m->needs < p->nfeeds ? (unsigned)m->needs : (unsigned)p->nfeeds;
}

/* How one knows that it is off; where the section is silent, or asks for what cannot be
 * seen, by what there is. */
static enum policy_off
off_of(const struct conf_machine *m)
{
	static const enum policy_off said[] = {
	    [CONF_OFF_LOGOUT] = POLICY_OFF_LOGOUT,
	    [CONF_OFF_SILENT] = POLICY_OFF_SILENT,
	    [CONF_OFF_PING] = POLICY_OFF_PROBE,
	    [CONF_OFF_TCP] = POLICY_OFF_PROBE,
	};

	if (m->off != CONF_OFF_UNSAID &&
	    (m->off == CONF_OFF_LOGOUT ? m->login : m->address) != NULL)
		return said[m->off];
	if (m->login != NULL)
		return POLICY_OFF_LOGOUT;
	if (m->address == NULL)
		return POLICY_OFF_TIME;
	return m->hook != NULL ? POLICY_OFF_PROBE : POLICY_OFF_SILENT;
}

/* One that says no more than how long a machine takes leaves all as NUT has it. */
static bool
is_planned(const struct conf_machine *m)
{
	return m->after > 0 || m->charge > 0 || m->runtime > 0 || m->voltage > 0 ||
	       m->nfeeds > 0 || m->needs > 1 || m->hook != NULL ||
	       m->off != CONF_OFF_UNSAID || m->wakes || m->wakehook != NULL;
}

static double
or_nan(double value)
{
	return value > 0 ? value : NAN;
}

static void
plans_make(struct policy_conf *c, const struct holdup_conf *h, const struct ups_conf *u)
{
	c->plans = xcalloc(h->nmachines, sizeof(*c->plans));
	for (size_t i = 0; i < h->nmachines; i++) {
		const struct conf_machine *m = &h->machines[i];
		struct policy_plan *p = &c->plans[c->nplans++];

		*p = (struct policy_plan){
		    .name = xstrdup(m->name),
		    .account = m->login == NULL ? NULL : xstrdup(m->login),
		    .address = m->address == NULL ? NULL : xstrdup(m->address),
		    .self = m->self,
		    .planned = is_planned(m),
		    .moment = {.after_ms = ms(m->after),
			.charge = or_nan(m->charge),
			.runtime = or_nan(m->runtime),
			.voltage = or_nan(m->voltage)},
		    .takes_ms = ms(m->takes),
		    .boots_ms = ms(m->boots),
		    .off = off_of(m),
		    .hook = m->hook != NULL,
		    .wake = m->wakes || m->wakehook != NULL,
		    .probe = m->address != NULL && !m->self,
		};
		feeds_make(p, m, u);
	}
}

/* What [plan] and [ups] say. */
static void
trust_make(struct policy_conf *c, const struct holdup_conf *h, const struct ups_conf *u)
{
	c->restart = h->plan.restart;
	c->calm_ms = ms(h->plan.calm);
	c->planned = h->plan.line != 0 || h->nmachines > 0;
	c->honest = xcalloc(u->nupses, sizeof(*c->honest));
	for (size_t i = 0; i < h->nnames; i++) {
		long row = row_named(u, h->names[i].ups);

		if (row >= 0)
			c->honest[row] = h->names[i].honest;
	}
}

void
policy_conf_make(struct policy_conf *c, const struct upsmon_conf *m,
    const struct ups_conf *u, const struct holdup_conf *h)
{
	long power = 0;

	*c = (struct policy_conf){
	    .nupses = u->nupses,
	    .nmonitors = m->nmonitors,
	    .minsupplies = m->minsupplies,
	    .pollfreq_ms = ms(m->pollfreq),
	    .deadtime_ms = ms(m->deadtime),
	    .hostsync_ms = ms(m->hostsync),
	    .finaldelay_ms = ms(m->finaldelay),
	    .rbwarn_ms = ms(m->rbwarntime),
	    .nocommwarn_ms = ms(m->nocommwarntime),
	    .exit_ms = (int64_t)m->shutdownexit * 1000,
	    .oblb_ms = ms(m->oblbduration > 0 ? m->oblbduration : 0),
	    .off_ms = (int64_t)m->offduration * 1000,
	    .over_ms = (int64_t)m->overduration * 1000,
	    .alarm_critical = m->alarmcritical,
	};
	if (m->pollfail_log_throttle_max > 0)
		c->pollfail_ms = c->pollfreq_ms * (uint64_t)m->pollfail_log_throttle_max;
	c->names = xcalloc(u->nupses, sizeof(*c->names));
	for (size_t i = 0; i < u->nupses; i++)
		c->names[i] = xstrdup(u->upses[i].name);
	c->monitors = xcalloc(m->nmonitors, sizeof(*c->monitors));
	for (size_t i = 0; i < m->nmonitors; i++) {
		long row = monitors_row(m, i, u);

		c->monitors[i] = (struct policy_monitor){
		    .row = row,
		    .power = m->monitors[i].power,
		    .primary = m->monitors[i].primary,
		    .far = row >= 0 && is_far(&u->upses[row]),
		};
		power += m->monitors[i].power;
	}
	plans_make(c, h, u);
	trust_make(c, h, u);
	/* More than there is can never be given: that is a slip, not an outage. */
	if (power < c->minsupplies)
		c->minsupplies = (int)power;
}

void
policy_conf_free(struct policy_conf *c)
{
	for (size_t i = 0; i < c->nupses; i++)
		free(c->names[i]);
	for (size_t i = 0; i < c->nplans; i++) {
		free(c->plans[i].name);
		free(c->plans[i].account);
		free(c->plans[i].address);
		free(c->plans[i].feeds);
	}
	free(c->names);
	free(c->monitors);
	free(c->plans);
	free(c->honest);
	*c = (struct policy_conf){0};
}

char *
policy_plan_text(const struct policy_plan *plan)
{
	const struct policy_moment *m = &plan->moment;
	struct buf text = {0};
	char *copy;

	if (m->after_ms != 0)
		buf_printf(
		    &text, "after %u s on battery, or ", (unsigned)(m->after_ms / 1000));
	if (!isnan(m->charge))
		buf_printf(&text, "at %.0f %% of charge, or ", m->charge);
	if (!isnan(m->runtime))
		buf_printf(&text, "with %.0f s left, or ", m->runtime);
	if (!isnan(m->voltage))
		buf_printf(&text, "at %.1f V, or ", m->voltage);
	buf_puts(&text, "when the battery is low");
	copy = xstrdup(buf_str(&text));
	buf_free(&text);
	return copy;
}
