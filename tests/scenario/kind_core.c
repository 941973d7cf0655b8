/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "tests/scenario/house.h"

/*
 * Our core. On the primary the drivers tell it what is new (driver.c); on a secondary
 * `remote` logs in and reads, and its core hears of what has changed.
 */

#define POLL_MS 5000

static void
up(struct house *h, struct machine *m)
{
	m->next_ms = m->index == PRIMARY ? NEVER : h->now_ms + between(h, 300, POLL_MS);
	for (size_t i = 0; i < m->nfeeds; i++)
		m->readers[i] = (struct reader){0};
}

static void
hear(struct house *h, struct machine *m, size_t feed, const struct reader *before)
{
	struct reader *r = &m->readers[feed];
	char text[64];
	bool fresh = r->source == FEED_OK && before->source != FEED_OK;

	if (r->source == FEED_OK && (fresh || r->words != before->words))
		core_event(h, m,
		    (struct policy_event){.kind = POLICY_STATUS,
			.row = feed,
			.status = told_words(r->words, text, sizeof(text))});
	if (r->source == FEED_OK && (fresh || r->charge != before->charge))
		core_event(h, m,
		    (struct policy_event){.kind = POLICY_VALUE,
			.row = feed,
			.value = POLICY_CHARGE,
			.number = r->charge});
	if (r->source != before->source)
		core_event(h, m,
		    (struct policy_event){
			.kind = POLICY_SOURCE, .row = feed, .source = r->source});
	if (fresh)
		core_event(h, m, (struct policy_event){.kind = POLICY_READ, .row = feed});
}

static void
act(struct house *h, struct machine *m)
{
	m->next_ms = h->now_ms + POLL_MS + between(h, 0, once_in(h, 30) ? 2000 : 100);
	if (m->power != POWER_ON || m->core->policy == NULL || m->core->hung_ms != 0)
		return;
	for (size_t i = 0; i < m->nfeeds; i++) {
		struct reader before = m->readers[i];

		net_read(h, m, i);
		hear(h, m, i, &before);
	}
}

static void
end(struct house *h, struct machine *m, bool clean)
{
	if (clean && m->index != PRIMARY)
		net_logout(h, m);
}

const struct machine_kind kind_core = {
    .what = "our core", .logs_in = true, .up = up, .act = act, .end = end};
