/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "tests/scenario/house.h"

#define GIVE_UP_MS 60000 /* TCP on a line that is dead */
#define NEARLY_S 120.0   /* a battery that is nearly empty */

bool
net_serves(const struct house *h)
{
	const struct machine *p = &h->machines[PRIMARY];

	return p->power == POWER_ON ||
	       (p->power == POWER_STOPPING && p->services_ms != NEVER);
}

bool
net_reaches(const struct house *h, const struct machine *m)
{
	return h->now_ms >= m->cut_off_ms &&
	       (m->power == POWER_ON || m->power == POWER_STOPPING ||
		   m->power == POWER_OFF) &&
	       m->asleep_ms == 0;
}

static bool
connects(const struct house *h, const struct machine *m)
{
	return net_serves(h) && h->machines[PRIMARY].asleep_ms == 0 &&
	       h->now_ms >= m->cut_off_ms;
}

/* What one connection says keeps its order. */
static uint64_t
after_others(const struct house *h, const struct message *message)
{
	uint64_t at = message->at_ms;

	for (size_t i = 0; i < h->nmessages && message->session != 0; i++)
		if (h->messages[i].session == message->session &&
		    h->messages[i].at_ms >= at)
			at = h->messages[i].at_ms + 1;
	return at;
}

void
net_send(struct house *h, struct message message)
{
	const struct core *c = h->machines[PRIMARY].core;

	must(h, h->nmessages < MESSAGES_MAX, "the simulator's queue is full");
	message.at_ms = message.said_ms = after_others(h, &message);
	message.boot = c->boot;
	message.restarts = c->policy != NULL ? c->restarts : c->restarts - 1;
	h->messages[h->nmessages++] = message;
}

/* Words as this machine sees them: docs/plan.md, 2. */
static unsigned
view_of(const struct supply *s, const struct machine *m, const struct reader *r)
{
	size_t line = MACHINES_MAX;
	enum feed_view view;
	unsigned words = s->words;

	if (m->plan >= 0 && s->viewed[m->plan])
		line = (size_t)m->plan;
	view = s->views[line];
	if (m->plan >= 0 && line == MACHINES_MAX && view == FEED_VIEW_NONE)
		view = FEED_VIEW_HOLD;
	switch (view) {
	case FEED_VIEW_NONE:
		return words;
	case FEED_VIEW_LB:
		return words | SAYS_LB;
	case FEED_VIEW_FSD:
		return words | SAYS_FSD;
	case FEED_VIEW_HOLD:
		return words & ~(unsigned)(SAYS_LB | SAYS_FSD);
	case FEED_VIEW_OLD:
		return r->session != 0 && r->session_ms <= s->fsd_ms ? words | SAYS_FSD
								     : words;
	}
	return words;
}

/* Its connection is new: the server takes the login. */
static void
connect_reader(struct house *h, struct machine *m, size_t feed)
{
	struct reader *r = &m->readers[feed];

	r->linked = true;
	if (!m->kind->logs_in)
		return;
	if (r->session != 0)
		net_send(h, (struct message){.at_ms = h->now_ms + 1,
				.kind = MESSAGE_BROKEN,
				.machine = m->index,
				.feed = feed,
				.session = r->session});
	r->session = ++h->sessions;
	r->session_ms = h->now_ms;
	if (h->machines[PRIMARY].core->policy != NULL) /* else net_core_new() tells it */
		net_send(h, (struct message){.at_ms = h->now_ms + between(h, 1, 200),
				.kind = MESSAGE_LOGIN,
				.machine = m->index,
				.feed = feed,
				.session = r->session});
}

void
net_read(struct house *h, struct machine *m, size_t feed)
{
	struct reader *r = &m->readers[feed];
	const struct supply *s = &h->supplies[m->feeds[feed]];
	unsigned before = r->words, words;
	char text[64];

	if (!connects(h, m)) {
		r->linked = false;
		r->source = FEED_LOST;
		if (h->machines[PRIMARY].power != POWER_STOPPING &&
		    h->machines[PRIMARY].power != POWER_LATE && h->now_ms > m->reached_ms)
			m->reached_ms = h->now_ms;
		if (r->words & SAYS_OB)
			m->dark_ms = h->now_ms;
		return;
	}
	if (!r->linked)
		connect_reader(h, m, feed);
	/* Under FSD net serves what was last known, whatever became of the driver. */
	words = view_of(s, m, r);
	r->source = s->estimated || (words & SAYS_FSD) ? FEED_OK : s->source;
	if (r->source != FEED_OK && (r->words & SAYS_OB))
		m->dark_ms = h->now_ms;
	if (r->source != FEED_OK)
		return;
	if (m->first_ms == 0)
		m->first_ms = h->now_ms;
	r->words = words;
	r->charge = s->values[POLICY_CHARGE];
	r->fresh_ms = h->now_ms;
	r->nearly =
	    (r->words & SAYS_OB) && (r->nearly || ups_runtime(&s->ups) < NEARLY_S);
	if (!(r->words & SAYS_OB))
		r->battery_ms = 0;
	else if (r->battery_ms == 0)
		r->battery_ms = h->now_ms;
	if (r->words & ~before & SAYS_FSD)
		machine_told(h, m);
	if (r->words != before)
		tell(h, "%s reads %s of %s", m->name,
		    told_words(r->words, text, sizeof(text)), s->name);
}

void
net_logout(struct house *h, struct machine *m)
{
	for (size_t i = 0; i < m->nfeeds; i++) {
		struct reader *r = &m->readers[i];
		bool heard = r->linked && connects(h, m);

		if (r->session == 0)
			continue;
		tell(h, "%s %s", m->name, heard ? "says LOGOUT" : "leaves, unheard");
		net_send(
		    h, (struct message){
			   .at_ms = h->now_ms + (heard ? between(h, 1, 200)
						       : between(h, 1000, GIVE_UP_MS)),
			   .kind = heard ? MESSAGE_LOGOUT : MESSAGE_BROKEN,
			   .machine = m->index,
			   .feed = i,
			   .session = r->session});
		*r = (struct reader){0};
	}
}

void
net_break(struct house *h, struct machine *m, bool silent)
{
	for (size_t i = 0; i < m->nfeeds; i++) {
		struct reader *r = &m->readers[i];

		if (r->session != 0)
			net_send(h, (struct message){
					.at_ms = h->now_ms +
						 (silent ? between(h, 1000, GIVE_UP_MS)
							 : between(h, 1, 100)),
					.kind = MESSAGE_BROKEN,
					.machine = m->index,
					.feed = i,
					.session = r->session});
		r->linked = false;
		r->session = 0;
	}
}

void
net_server_gone(struct house *h)
{
	for (size_t i = 0; i < h->nmachines; i++)
		for (size_t k = 0; k < h->machines[i].nfeeds; k++) {
			h->machines[i].readers[k].linked = false;
			h->machines[i].readers[k].session = 0;
		}
	for (size_t i = 0; i < SUPPLIES_MAX; i++) {
		struct supply *s = &h->supplies[i];

		for (size_t k = 0; k <= MACHINES_MAX; k++) {
			s->views[k] = FEED_VIEW_NONE;
			s->viewed[k] = false;
		}
		s->estimated = false;
		s->fsd_ms = 0;
	}
}

/* net tells a new core who has left while there was none, and who is logged in. */
void
net_core_new(struct house *h)
{
	for (size_t i = 0; i < h->nmessages; i++) {
		struct message *e = &h->messages[i];

		if (e->kind == MESSAGE_LOGOUT && e->said_ms <= h->now_ms) {
			e->at_ms = h->now_ms + between(h, 20, 400);
			e->again_ms = 0;
		}
	}
	for (size_t i = 0; i < h->nmachines; i++)
		for (size_t k = 0; k < h->machines[i].nfeeds; k++) {
			struct reader *r = &h->machines[i].readers[k];

			if (r->session == 0)
				continue;
			net_send(
			    h, (struct message){.at_ms = h->now_ms + between(h, 20, 400),
				   .kind = MESSAGE_LOGIN,
				   .machine = (unsigned)i,
				   .feed = k,
				   .session = r->session});
		}
}

void
net_run_dies(struct house *h)
{
	for (size_t i = 0; i < h->nmessages; i++)
		if (h->messages[i].kind == MESSAGE_DONE) {
			h->messages[i].done = 9; /* RUNNER_LOST */
			h->messages[i].at_ms = h->now_ms + 1;
			h->messages[i].again_ms = 0;
		}
}

uint64_t
net_next(const struct house *h)
{
	uint64_t next = NEVER;

	for (size_t i = 0; i < h->nmessages; i++) {
		const struct message *e = &h->messages[i];
		uint64_t at_ms = e->again_ms > e->at_ms ? e->again_ms : e->at_ms;

		if (at_ms < next)
			next = at_ms;
	}
	return next;
}

/* What core hears of a machine. */
static void
hear(struct house *h, const struct message *e)
{
	static const enum policy_event_kind kinds[] = {
	    [MESSAGE_LOGIN] = POLICY_LOGIN,
	    [MESSAGE_LOGOUT] = POLICY_LOGOUT,
	    [MESSAGE_BROKEN] = POLICY_BROKEN,
	    [MESSAGE_DONE] = POLICY_DONE,
	};
	struct machine *m = &h->machines[e->machine];
	const struct core *c = h->machines[PRIMARY].core;
	bool anew = e->restarts != c->restarts;

	if (e->boot != c->boot)
		return;
	/* What net had to say to a core that was killed, it has said to the next one. */
	if (e->kind == MESSAGE_LOGIN && anew)
		return;
	anew &= e->kind == MESSAGE_LOGOUT;
	core_event(h, &h->machines[PRIMARY],
	    (struct policy_event){.kind = kinds[e->kind],
		.row = e->kind == MESSAGE_DONE ? 0 : m->feeds[e->feed],
		.session = anew ? 0 : e->session,
		.ago_ms = anew ? h->now_ms - e->said_ms : 0,
		.address = m->address,
		.account = m->account,
		.key = e->key,
		.done = e->done});
}

/* A core that does nothing reads it later; who sleeps stops when it wakes up. */
static bool
waits(const struct house *h, const struct message *e)
{
	const struct machine *p = &h->machines[PRIMARY];

	if (e->kind == MESSAGE_HOOK || e->kind == MESSAGE_WAKE)
		return h->machines[e->machine].asleep_ms != 0;
	/* net keeps a LOGOUT until core has answered. */
	if (e->kind == MESSAGE_LOGOUT && p->core->policy == NULL)
		return p->core->start_ms != NEVER;
	return p->asleep_ms != 0 || (p->core->policy != NULL && p->core->hung_ms != 0);
}

static void
deliver(struct house *h, const struct message *e)
{
	struct machine *m = &h->machines[e->machine];

	switch (e->kind) {
	case MESSAGE_LOGIN:
	case MESSAGE_LOGOUT:
	case MESSAGE_BROKEN:
	case MESSAGE_DONE:
		hear(h, e);
		break;
	case MESSAGE_HOOK:
		machine_stop(h, m, "its hook has told it");
		break;
	case MESSAGE_WAKE:
		machine_wake(h, m);
		break;
	}
}

/* The first that is due, and taken; NULL: none is. Those that wait keep their order. */
static struct message *
due(struct house *h)
{
	struct message *first = NULL;

	for (size_t i = 0; i < h->nmessages; i++) {
		struct message *e = &h->messages[i];

		if (e->at_ms > h->now_ms)
			continue;
		if (waits(h, e))
			e->again_ms = h->now_ms + 500;
		else if (first == NULL || e->at_ms < first->at_ms)
			first = e;
	}
	return first;
}

void
net_act(struct house *h)
{
	const struct core *c = h->machines[PRIMARY].core;
	struct message *first, e;
	unsigned restarts;

	while ((first = due(h)) != NULL) {
		e = *first;
		*first = h->messages[--h->nmessages];
		restarts = c->restarts;
		deliver(h, &e);
		if (e.kind != MESSAGE_LOGOUT || c->restarts == restarts)
			continue;
		/* Killed before it answered. */
		must(h, h->nmessages < MESSAGES_MAX, "the simulator's queue is full");
		h->messages[h->nmessages++] = e;
	}
}
