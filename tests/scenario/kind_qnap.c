/* SPDX-License-Identifier: ISC */
#include "tests/scenario/house.h"

/*
 * A QNAP NAS: reads without login, one connection for each question, every few seconds. It
 * goes down some time after it read FSD or low battery, or was on battery for long; it
 * reads until its processes end, and says nothing.
 */

static void
up(struct house *h, struct machine *m)
{
	m->next_ms = h->now_ms + between(h, 500, m->period_ms);
	m->readers[0] = (struct reader){0};
}

static void
act(struct house *h, struct machine *m)
{
	struct reader *r = &m->readers[0];
	bool low;

	m->next_ms =
	    h->now_ms + m->period_ms + between(h, 0, once_in(h, 30) ? 4000 : 200);
	net_read(h, m, 0);
	if (r->linked)
		core_event(h, &h->machines[PRIMARY],
		    (struct policy_event){.kind = POLICY_SEEN,
			.row = m->feeds[0],
			.machine = MACHINE_QNAP,
			.address = m->address,
			.account = ""});
	if (m->power != POWER_ON || m->stop_ms != NEVER)
		return;
	low = (r->words & SAYS_FSD) ||
	      ((r->words & SAYS_OB) && (r->words & SAYS_LB) && !(r->words & SAYS_TEST));
	if (!low && (r->battery_ms == 0 || m->patience_ms == NEVER ||
			h->now_ms < r->battery_ms + m->patience_ms))
		return;
	m->stop_ms = h->now_ms + m->finaldelay_ms;
	tell(h, "%s is going to power off", m->name);
}

const struct machine_kind kind_qnap = {.what = "a QNAP", .up = up, .act = act};
