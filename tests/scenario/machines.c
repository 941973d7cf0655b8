/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/notify.h"
#include "lib/xmem.h"
#include "tests/scenario/world.h"

static struct policy_monitor primary_monitor = {.row = 0, .power = 1, .primary = true};
static struct policy_monitor secondary_monitor = {.row = 0, .power = 1, .far = true};
static char ups_name[] = "qnapups";
static char *names[] = {ups_name};
static bool honest[] = {true};

#define CONF(monitor)                                                                \
	{                                                                            \
		.names = names, .nupses = 1, .monitors = &(monitor), .nmonitors = 1, \
		.minsupplies = 1, .pollfreq_ms = 5000, .deadtime_ms = 15000,         \
		.hostsync_ms = 15000, .finaldelay_ms = 5000, .rbwarn_ms = 43200000,  \
		.nocommwarn_ms = 300000, .honest = honest,                           \
	}
static const struct policy_conf primary_conf = CONF(primary_monitor);
static const struct policy_conf secondary_conf = CONF(secondary_monitor);

bool
machine_awake(const struct world *w, const struct machine *m)
{
	return m->down_ms == 0 && w->now_ms >= m->asleep_ms && w->now_ms >= m->dead_ms;
}

static void
ups_status(const struct world *w, char *out, size_t size)
{
	bool low = w->battery_ms >= w->capacity_ms;

	snprintf(out, size, "%s%s", w->mains ? "OL" : "OB", low ? " LB" : "");
}

/* What a machine's source says now: the driver's, or what the primary serves. */
static enum feed_source
source_now(const struct world *w, unsigned who, char *status, size_t size)
{
	const struct machine *server = &w->machines[PRIMARY];

	if (who == PRIMARY) {
		ups_status(w, status, size);
		return w->now_ms < w->source_bad_ms ? w->source_bad : FEED_OK;
	}
	snprintf(
	    status, size, "%s%.20s", server->fsd_ms != 0 ? "FSD " : "", server->status);
	if (!w->clients[who - 1].linked || server->down_ms != 0)
		return FEED_LOST;
	/* net serves the last values while core is away. */
	return server->source;
}

/* What policies do. */

static void
act(struct world *w, unsigned who, const struct policy_action *a)
{
	struct machine *m = &w->machines[who];
	const uint32_t final = notify_row_number(0, NOTIFY_SHUTDOWN);

	switch (a->kind) {
	case POLICY_SAVE:
		if (w->kills)
			policy_save(m->policy, BOOT, m->saved);
		break;
	case POLICY_LOG:
		tell(w, "%u: %s", who, a->text);
		break;
	case POLICY_VIEW:
		if (m->fsd_ms == 0)
			check_decision(w, who);
		if (m->fsd_ms == 0)
			m->fsd_ms = w->now_ms;
		break;
	case POLICY_NOTIFY:
		if (a->notify != final)
			break;
		if (who == PRIMARY)
			check_final(w);
		else
			check_decision(w, who);
		must(w, m->final_ms == 0, "people are told twice");
		m->final_ms = w->now_ms;
		break;
	case POLICY_REFRESH:
		m->refresh = true;
		break;
	case POLICY_SHUTDOWN:
		check_shutdown(w, who, a);
		tell(w, "%u: SHUTDOWN", who);
		m->down_ms = w->now_ms;
		break;
	case POLICY_KEEP:
	case POLICY_STAND:
	case POLICY_TASK:
	case POLICY_ORDER:
	case POLICY_ESTIMATE:
	case POLICY_LEAVE:
	case POLICY_SELF:
	case POLICY_RESTART:
	case POLICY_HEARTBEAT:
		break;
	}
}

void
machine_step(struct world *w, unsigned who, struct policy_event event)
{
	struct machine *m = &w->machines[who];
	const struct policy_actions *actions;

	if (m->down_ms != 0)
		return;
	actions = policy_step(m->policy, &event, w->now_ms);
	for (size_t i = 0; i < actions->count && m->down_ms == 0; i++)
		act(w, who, &actions->list[i]);
	m->next_ms = actions->next_ms;
}

/* A new core, with what the killed one has saved. */
void
machine_restart(struct world *w, unsigned who)
{
	struct machine *m = &w->machines[who];
	const char *cause;

	tell(w, "%u: core is back", who);
	policy_free(m->policy);
	m->policy = policy_new(m->conf, w->now_ms);
	must(w, policy_load(m->policy, BOOT, m->saved, w->now_ms, &cause) == 0,
	    "what was saved cannot be read");
	m->dead_ms = 0;
	m->slept = false;
	m->source = FEED_LOST;
	for (size_t i = 0; who == PRIMARY && i < CLIENTS; i++)
		w->clients[i].told = false;
	machine_step(w, who, (struct policy_event){.kind = POLICY_TIME});
}

/* What policies hear. */

static void
hear_source(struct world *w, unsigned who)
{
	struct machine *m = &w->machines[who];
	char status[sizeof(m->status)];
	enum feed_source now = source_now(w, who, status, sizeof(status)),
			 was = m->source;
	bool low = strstr(status, "OB") != NULL && strstr(status, "LB") != NULL;
	bool read = m->refresh || was == FEED_LOST;

	if (now != FEED_OK) {
		m->source = now;
		if (was != now)
			machine_step(w, who,
			    (struct policy_event){.kind = POLICY_SOURCE, .source = now});
		/* A stale driver dumps what it had. */
		if (now == FEED_STALE && read) {
			machine_step(w, who,
			    (struct policy_event){
				.kind = POLICY_STATUS, .status = m->status});
			machine_step(w, who, (struct policy_event){.kind = POLICY_READ});
			m->refresh = false;
		}
		return;
	}
	if (!low)
		m->low_ms = 0;
	else if (m->low_ms == 0)
		m->low_ms = w->now_ms;
	m->source = now;
	m->refresh = false;
	if (strcmp(status, m->status) != 0 || read) {
		snprintf(m->status, sizeof(m->status), "%s", status);
		machine_step(w, who,
		    (struct policy_event){.kind = POLICY_STATUS, .status = m->status});
	}
	if (was != now)
		machine_step(w, who,
		    (struct policy_event){.kind = POLICY_SOURCE, .source = FEED_OK});
	if (read)
		machine_step(w, who, (struct policy_event){.kind = POLICY_READ});
	m->fresh_ms = w->now_ms;
}

/* The primary hears what its clients do; what they did while it was away it never knows,
 * but net logs in anew those who are there. */
static void
hear_clients(struct world *w)
{
	for (unsigned i = 0; i < CLIENTS; i++) {
		struct client *c = &w->clients[i];
		char address[] = "10.0.0.0";
		struct policy_event event = {.address = address, .account = "u"};

		address[sizeof(address) - 2] = (char)('1' + i);
		if (c->linked && !c->left && !c->told) {
			c->session = ++w->sessions;
			c->counted = c->told = true;
			event.kind = POLICY_LOGIN;
		} else if (c->told && c->left) {
			c->told = c->counted = false;
			event.kind = POLICY_LOGOUT;
		} else if (c->told && !c->linked) {
			c->told = false;
			event.kind = POLICY_BROKEN;
		} else
			continue;
		event.session = c->session;
		machine_step(w, PRIMARY, event);
	}
}

static void
hear_reader(struct world *w)
{
	bool off = w->outage_ms != 0 && w->now_ms >= w->outage_ms + w->off_ms;

	if (off || w->now_ms < w->read_ms + w->period_ms)
		return;
	w->read_ms = w->now_ms;
	machine_step(w, PRIMARY,
	    (struct policy_event){
		.kind = POLICY_SEEN, .machine = MACHINE_QNAP, .address = "10.0.0.99"});
}

/* Wakes a machine up, or brings its core back, when it is time. */
static void
revive(struct world *w, unsigned who)
{
	struct machine *m = &w->machines[who];

	if (m->dead_ms != 0 && w->now_ms >= m->dead_ms)
		machine_restart(w, who);
	if (m->slept && w->now_ms >= m->asleep_ms) {
		m->slept = false;
		m->woke_ms = w->now_ms;
		machine_step(w, who, (struct policy_event){.kind = POLICY_TIME});
	}
}

void
machine_hear(struct world *w, unsigned who)
{
	struct machine *m = &w->machines[who];

	if (!machine_awake(w, m))
		return;
	revive(w, who);
	hear_source(w, who);
	if (who == PRIMARY) {
		hear_clients(w);
		hear_reader(w);
	}
	if (w->now_ms >= m->next_ms)
		machine_step(w, who, (struct policy_event){.kind = POLICY_TIME});
}

void
machines_init(struct world *w)
{
	for (unsigned i = 0; i < MACHINES; i++) {
		struct machine *m = &w->machines[i];

		m->conf = i == PRIMARY ? &primary_conf : &secondary_conf;
		m->policy = policy_new(m->conf, w->now_ms);
		m->saved = xcalloc(1, policy_saved_size());
		policy_save(m->policy, BOOT, m->saved);
		machine_step(w, i, (struct policy_event){.kind = POLICY_TIME});
	}
}

void
machines_end(struct world *w)
{
	for (unsigned i = 0; i < MACHINES; i++) {
		policy_free(w->machines[i].policy);
		free(w->machines[i].saved);
	}
}
