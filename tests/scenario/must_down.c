/* SPDX-License-Identifier: ISC */
#include "tests/scenario/must.h"

#define BOOT_MS 10000 /* the first readings of a boot decide by themselves */

/* The way down of a machine with our core. */

/* The battery lasts no longer than this machine itself takes. */
static bool
is_in_need(const struct house *h, const struct machine *m)
{
	double own = seconds(m->core->conf.finaldelay_ms + must_declared(m)) + 5.0;
	bool need = false;

	for (size_t i = 0; i < m->nfeeds; i++) {
		const struct supply *s = &h->supplies[m->feeds[i]];

		need |= ups_runtime(&s->ups) <= own || s->away_ms != 0 ||
			s->values[POLICY_RUNTIME] <= own;
	}
	return need;
}

/* Everybody who was waited for has left, or had his time. */
void
must_final(struct house *h, struct machine *m)
{
	const struct core *c = m->core;
	bool waited = h->now_ms >= c->fsd_ms + c->conf.hostsync_ms || is_in_need(h, m);

	must(h, c->final_ms == 0, "%s: people are told twice", m->name);
	if (m->index != PRIMARY) {
		must_decide(h, m);
		return;
	}
	must(h, c->fsd_ms != 0, "the primary goes down without FSD");
	for (size_t i = 1; i < h->nmachines && !waited; i++)
		for (size_t k = 0; k < h->machines[i].nfeeds; k++)
			must(h,
			    h->machines[i].readers[k].session == 0 ||
				h->now_ms < h->machines[i].readers[k].session_ms + 1000,
			    "the primary did not wait for %s", h->machines[i].name);
}

/* A decision of a secondary needs a reason that it was told. */
void
must_decide(struct house *h, struct machine *m)
{
	const unsigned low = SAYS_OB | SAYS_LB;
	bool battery = false;
	unsigned good = 0;

	for (size_t i = 0; i < m->nfeeds; i++) {
		const struct reader *r = &m->readers[i];
		bool lost = m->dark_ms != 0 && h->now_ms < m->dark_ms + MUST_REACH_MS;

		battery |= (r->words & SAYS_OB) != 0;
		good += !((r->words & (SAYS_FSD | SAYS_OFF)) || (r->words & low) == low ||
			  ((r->words & SAYS_OB) && r->nearly) ||
			  ((r->words & SAYS_OB) && lost));
	}
	must(h, good < m->needs || (battery && h->now_ms < m->first_ms + BOOT_MS),
	    "%s: a shutdown without a reason", m->name);
	must(h,
	    m->core->woke_ms == 0 || h->now_ms + 100 >= m->core->woke_ms + POLICY_READ_MS,
	    "%s decides before anything was read after a sleep", m->name);
}

void
must_shutdown(struct house *h, struct machine *m, bool cut)
{
	const struct core *c = m->core;

	must(h, cut == (m->index == PRIMARY), "the cut belongs to the primary alone");
	m->core->hurried = is_in_need(h, m);
	/* A core that was killed may have been about to tell people. */
	must(h,
	    (c->final_ms == 0 && c->restarts > 0) ||
		(c->final_ms != 0 && h->now_ms >= c->final_ms + c->conf.finaldelay_ms),
	    "%s: a shutdown before FINALDELAY", m->name);
}
