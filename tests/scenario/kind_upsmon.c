/* SPDX-License-Identifier: ISC */
#include "tests/scenario/house.h"

/*
 * NUT's upsmon as a secondary: reads each UPS every POLLFREQ, holds one that is on battery
 * and low for critical after HOSTSYNC without FSD, one with FSD at once, one that is lost
 * on battery after DEADTIME. Too few good ones: FINALDELAY, LOGOUT, the system stops.
 * There is no way back from that.
 */

#define HOSTSYNC_MS 15000
#define DEADTIME_MS 15000
#define POLL_MS 5000

static void
up(struct house *h, struct machine *m)
{
	m->next_ms = h->now_ms + between(h, 500, POLL_MS);
	for (size_t i = 0; i < m->nfeeds; i++)
		m->readers[i] = (struct reader){.calm_ms = h->now_ms};
}

static bool
is_critical(const struct house *h, struct reader *r)
{
	const unsigned low = SAYS_OB | SAYS_LB;

	if (r->words & SAYS_FSD)
		return true;
	if (r->source != FEED_OK && (r->words & SAYS_OB) &&
	    h->now_ms > r->fresh_ms + DEADTIME_MS)
		return true;
	if ((r->words & low) == low && !(r->words & SAYS_TEST))
		return h->now_ms > r->calm_ms + HOSTSYNC_MS;
	r->calm_ms = h->now_ms;
	return false;
}

static void
act(struct house *h, struct machine *m)
{
	unsigned good = 0;

	m->next_ms = h->now_ms + POLL_MS + between(h, 0, once_in(h, 30) ? 3000 : 100);
	if (m->power != POWER_ON || m->stop_ms != NEVER)
		return;
	for (size_t i = 0; i < m->nfeeds; i++) {
		net_read(h, m, i);
		good += !is_critical(h, &m->readers[i]);
	}
	if (good >= m->needs)
		return;
	m->stop_ms = h->now_ms + m->finaldelay_ms;
	tell(h, "%s decides to go down", m->name);
}

static void
end(struct house *h, struct machine *m, bool clean)
{
	if (clean)
		net_logout(h, m);
}

const struct machine_kind kind_upsmon = {
    .what = "upsmon", .logs_in = true, .up = up, .act = act, .end = end};
