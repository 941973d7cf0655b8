/* SPDX-License-Identifier: ISC */
#include "tests/scenario/house.h"

/*
 * A Synology NAS: its upsmon logs in and reads every 5 s; low battery or FSD, or its own
 * time on battery, and it enters safe mode and goes off. It leaves with a LOGOUT.
 */

#define POLL_MS 5000

static void
up(struct house *h, struct machine *m)
{
	m->next_ms = h->now_ms + between(h, 500, POLL_MS);
	for (size_t i = 0; i < m->nfeeds; i++)
		m->readers[i] = (struct reader){0};
}

static void
act(struct house *h, struct machine *m)
{
	struct reader *r = &m->readers[0];
	bool low;

	m->next_ms = h->now_ms + POLL_MS + between(h, 0, 200);
	if (m->power != POWER_ON || m->stop_ms != NEVER)
		return;
	net_read(h, m, 0);
	low = (r->words & SAYS_FSD) ||
	      ((r->words & SAYS_OB) && (r->words & SAYS_LB) && !(r->words & SAYS_TEST));
	if (!low && (r->battery_ms == 0 || m->patience_ms == NEVER ||
			h->now_ms < r->battery_ms + m->patience_ms))
		return;
	m->stop_ms = h->now_ms + m->finaldelay_ms;
	tell(h, "%s enters safe mode", m->name);
}

static void
end(struct house *h, struct machine *m, bool clean)
{
	if (clean)
		net_logout(h, m);
}

const struct machine_kind kind_synology = {
    .what = "a Synology", .logs_in = true, .up = up, .act = act, .end = end};
