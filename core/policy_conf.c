/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "core/policy.h"
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

/* The machines that say how long they take. */
static void
takes_make(struct policy_conf *c, const struct holdup_conf *h)
{
	c->takes = xcalloc(h->nmachines, sizeof(*c->takes));
	for (size_t i = 0; i < h->nmachines; i++) {
		const struct conf_machine *m = &h->machines[i];

		if (m->takes == 0 || (m->login == NULL && m->address == NULL))
			continue;
		c->takes[c->ntakes++] = (struct policy_takes){
		    .account = m->login == NULL ? NULL : xstrdup(m->login),
		    .address = m->address == NULL ? NULL : xstrdup(m->address),
		    .ms = ms(m->takes),
		};
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
	};
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
	takes_make(c, h);
	/* More than there is can never be given: that is a slip, not an outage. */
	if (power < c->minsupplies)
		c->minsupplies = (int)power;
}

void
policy_conf_free(struct policy_conf *c)
{
	for (size_t i = 0; i < c->nupses; i++)
		free(c->names[i]);
	for (size_t i = 0; i < c->ntakes; i++) {
		free(c->takes[i].account);
		free(c->takes[i].address);
	}
	free(c->names);
	free(c->monitors);
	free(c->takes);
	*c = (struct policy_conf){0};
}
