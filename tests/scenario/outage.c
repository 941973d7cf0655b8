/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy.h"
#include "lib/notify.h"
#include "lib/xmem.h"

/*
 * A whole house under virtual time: a UPS, the policy of its primary, those of two
 * secondaries, clients of other makes, and a reader that shuts down by itself. Random
 * schedules of outages and faults; what must never happen is checked at every step.
 *
 *   outage            many houses; silent when all is well
 *   outage KIND SEED  one of them, told step by step
 */

#define TICK_MS 100
#define PRIMARY 0
#define MACHINES 3 /* the primary and the secondaries, which are clients 0 and 1 */
#define CLIENTS 4
#define FAULTS_MAX 24
#define QUIET_MS 240000 /* no new faults from here on */
#define END_MS 360000
#define READER_SILENCE_MS 10000
#define BOOT "scenario"

enum kind {
	KIND_MIXED, /* anything: outages, faults, FSD by hand */
	KIND_MAINS, /* every fault, but the mains stays */
	KIND_DOOM,  /* the mains fails for good when the faults are over */
	KINDS,
};

enum fault {
	FAULT_MAINS,  /* fails or returns */
	FAULT_SOURCE, /* the UPS's driver is stale or lost for a while */
	FAULT_LINK,   /* a client's connection breaks for a while */
	FAULT_NET,    /* all connections break at once, for a moment */
	FAULT_SLEEP,  /* a machine sleeps */
	FAULT_KILL,   /* kill -9 of a core; another is started */
	FAULT_FSD,    /* somebody entitled calls FSD */
	FAULTS,
};

struct event {
	uint64_t at_ms, lasts_ms;
	enum fault fault;
	unsigned who;
};

/* A machine with a policy, and what it was told. */
struct machine {
	struct policy *policy;
	const struct policy_conf *conf;
	void *saved;
	uint64_t next_ms;
	uint64_t asleep_ms, dead_ms; /* until then */
	uint64_t woke_ms;
	bool slept, refresh;
	enum feed_source source;
	char status[32];
	uint64_t fresh_ms, low_ms; /* fresh until, low since, as told */
	uint64_t fsd_ms, final_ms, down_ms;
};

/* A client of the primary: a secondary's connection, or an upsmon of another make. */
struct client {
	bool linked, left, told,
	    told_left; /* is connected; has said LOGOUT; primary knows */
	unsigned long session;
	bool counted;       /* it logged in and did not say LOGOUT since */
	uint64_t broken_ms; /* its link is broken until then */
	uint64_t leaves_ms; /* after FSD; UINT64_MAX: never */
};

struct world {
	enum kind kind;
	unsigned seed;
	bool kills, trace;
	uint64_t random, now_ms;
	struct event events[FAULTS_MAX];
	struct machine machines[MACHINES];
	struct client clients[CLIENTS];
	unsigned long sessions;
	bool mains, fsd_called;
	uint64_t battery_ms, capacity_ms; /* spent; until low */
	uint64_t source_bad_ms;
	enum feed_source source_bad;
	uint64_t read_ms, period_ms, off_ms; /* the reader: last, each, off after OB */
	uint64_t outage_ms;                  /* the mains failed then; 0: it is there */
};

static struct policy_monitor primary_monitor = {.row = 0, .power = 1, .primary = true};
static struct policy_monitor secondary_monitor = {.row = 0, .power = 1, .far = true};
static char ups_name[] = "qnapups";
static char *names[] = {ups_name};

#define CONF(monitor)                                                                \
	{                                                                            \
		.names = names, .nupses = 1, .monitors = &(monitor), .nmonitors = 1, \
		.minsupplies = 1, .pollfreq_ms = 5000, .deadtime_ms = 15000,         \
		.hostsync_ms = 15000, .finaldelay_ms = 5000, .rbwarn_ms = 43200000,  \
		.nocommwarn_ms = 300000,                                             \
	}
static const struct policy_conf primary_conf = CONF(primary_monitor);
static const struct policy_conf secondary_conf = CONF(secondary_monitor);

/* xorshift: the same schedule from the same seed on every machine. */
static unsigned
chance(struct world *w, unsigned below)
{
	w->random ^= w->random << 13;
	w->random ^= w->random >> 7;
	w->random ^= w->random << 17;
	return (unsigned)(w->random >> 20) % below;
}

static void __attribute__((format(printf, 2, 3)))
tell(const struct world *w, const char *format, ...)
{
	va_list args;

	if (!w->trace)
		return;
	printf("%7.1f  ", (double)w->now_ms / 1000);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

static void
must(const struct world *w, bool good, const char *what)
{
	if (good)
		return;
	printf("outage %d %u%s: after %.1f s: %s\n", w->kind, w->seed,
	    w->kills ? "" : " (without kills)", (double)w->now_ms / 1000, what);
	exit(1);
}

/* What the world is like. */

static bool
is_awake(const struct world *w, const struct machine *m)
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

/* What must never happen. */

/* Everybody who was waited for has left, or had his time. */
static void
check_final(const struct world *w, const struct machine *m)
{
	bool waited = w->now_ms >= m->fsd_ms + m->conf->hostsync_ms;
	bool gone = w->read_ms == 0 || w->now_ms - w->read_ms >= READER_SILENCE_MS;

	for (size_t i = 0; i < CLIENTS; i++)
		gone &= !w->clients[i].counted;
	must(w, waited || gone, "the primary did not wait");
}

/* A decision needs a reason that this machine was told. */
static void
check_decision(const struct world *w, unsigned who)
{
	const struct machine *m = &w->machines[who];
	bool battery = strstr(m->status, "OB") != NULL;
	bool low = battery && strstr(m->status, "LB") != NULL;
	bool fsd = who == PRIMARY ? w->fsd_called : strstr(m->status, "FSD") != NULL;
	bool lost = w->now_ms - m->fresh_ms + TICK_MS >= m->conf->deadtime_ms;
	bool patient =
	    who == PRIMARY || w->now_ms - m->low_ms + TICK_MS >= m->conf->hostsync_ms;

	must(w, fsd || (low && patient) || (battery && lost),
	    "a shutdown without a reason");
	must(w, w->kind != KIND_MAINS || w->fsd_called, "a shutdown on mains");
	must(w,
	    m->woke_ms == 0 || w->now_ms - m->woke_ms + TICK_MS >= POLICY_READ_MS ||
		(who == PRIMARY && w->fsd_called),
	    "a decision before anything was read after a sleep");
}

static void
check_shutdown(const struct world *w, unsigned who, const struct policy_action *a)
{
	const struct machine *m = &w->machines[who];

	must(w, a->cut == (who == PRIMARY), "the cut belongs to the primary alone");
	must(w, m->final_ms != 0 && w->now_ms >= m->final_ms + m->conf->finaldelay_ms,
	    "a shutdown before FINALDELAY");
	must(w, who != PRIMARY || m->fsd_ms != 0, "the cut without FSD");
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
			check_final(w, m);
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
	case POLICY_SELF:
	case POLICY_RESTART:
	case POLICY_HEARTBEAT:
		break;
	}
}

static void
step(struct world *w, unsigned who, struct policy_event event)
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
static void
restart(struct world *w, unsigned who)
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
	step(w, who, (struct policy_event){.kind = POLICY_TIME});
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
			step(w, who,
			    (struct policy_event){.kind = POLICY_SOURCE, .source = now});
		/* A stale driver dumps what it had. */
		if (now == FEED_STALE && read) {
			step(w, who,
			    (struct policy_event){
				.kind = POLICY_STATUS, .status = m->status});
			step(w, who, (struct policy_event){.kind = POLICY_READ});
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
		step(w, who,
		    (struct policy_event){.kind = POLICY_STATUS, .status = m->status});
	}
	if (was != now)
		step(w, who,
		    (struct policy_event){.kind = POLICY_SOURCE, .source = FEED_OK});
	if (read)
		step(w, who, (struct policy_event){.kind = POLICY_READ});
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
		step(w, PRIMARY, event);
	}
}

static void
hear_reader(struct world *w)
{
	bool off = w->outage_ms != 0 && w->now_ms >= w->outage_ms + w->off_ms;

	if (off || w->now_ms < w->read_ms + w->period_ms)
		return;
	w->read_ms = w->now_ms;
	step(w, PRIMARY,
	    (struct policy_event){
		.kind = POLICY_SEEN, .machine = MACHINE_QNAP, .address = "10.0.0.99"});
}

/* Wakes a machine up, or brings its core back, when it is time. */
static void
revive(struct world *w, unsigned who)
{
	struct machine *m = &w->machines[who];

	if (m->dead_ms != 0 && w->now_ms >= m->dead_ms)
		restart(w, who);
	if (m->slept && w->now_ms >= m->asleep_ms) {
		m->slept = false;
		m->woke_ms = w->now_ms;
		step(w, who, (struct policy_event){.kind = POLICY_TIME});
	}
}

static void
hear(struct world *w, unsigned who)
{
	struct machine *m = &w->machines[who];

	if (!is_awake(w, m))
		return;
	revive(w, who);
	hear_source(w, who);
	if (who == PRIMARY) {
		hear_clients(w);
		hear_reader(w);
	}
	if (w->now_ms >= m->next_ms)
		step(w, who, (struct policy_event){.kind = POLICY_TIME});
}

/* What happens in the house. */

static void
happen(struct world *w, const struct event *e)
{
	struct machine *m = &w->machines[e->who % MACHINES];
	struct client *c = &w->clients[e->who % CLIENTS];
	uint64_t until = w->now_ms + e->lasts_ms;

	switch (e->fault) {
	case FAULT_MAINS:
		w->mains = w->kind == KIND_MAINS ? true : !w->mains;
		tell(w, "mains %s", w->mains ? "returns" : "fails");
		break;
	case FAULT_SOURCE:
		w->source_bad_ms = until;
		w->source_bad = e->who % 2 == 0 ? FEED_STALE : FEED_LOST;
		tell(w, "the driver is away for %.1f s", (double)e->lasts_ms / 1000);
		break;
	case FAULT_LINK:
		c->broken_ms = until;
		tell(w, "link %u is broken", e->who % CLIENTS);
		break;
	case FAULT_NET:
		for (size_t i = 0; i < CLIENTS; i++)
			w->clients[i].broken_ms = w->now_ms + TICK_MS;
		tell(w, "net is restarted");
		break;
	case FAULT_SLEEP:
		/* holdupd brings a core back at once, before anything can sleep. */
		if (m->dead_ms != 0)
			restart(w, e->who % MACHINES);
		m->slept = true;
		until += POLICY_GAP_MS + 1000;
		m->asleep_ms = until > m->asleep_ms ? until : m->asleep_ms;
		tell(w, "%u sleeps", e->who % MACHINES);
		break;
	case FAULT_KILL:
		if (!w->kills || !is_awake(w, m) || m->slept)
			break;
		m->dead_ms = w->now_ms + TICK_MS + e->lasts_ms / 10;
		tell(w, "%u: core is killed", e->who % MACHINES);
		break;
	case FAULT_FSD:
		if (e->lasts_ms % 4 != 0 || !is_awake(w, &w->machines[PRIMARY]))
			break;
		w->fsd_called = true;
		tell(w, "FSD is called");
		step(w, PRIMARY, (struct policy_event){.kind = POLICY_FSD});
		break;
	case FAULTS:
		break;
	}
}

/* Clients leave some time after FSD; a secondary leaves with its machine. */
static void
clients_live(struct world *w)
{
	uint64_t fsd_ms = w->machines[PRIMARY].fsd_ms;

	for (size_t i = 0; i < CLIENTS; i++) {
		struct client *c = &w->clients[i];

		c->linked = w->now_ms >= c->broken_ms;
		if (i + 1 < MACHINES)
			c->left |= w->machines[i + 1].down_ms != 0 && c->linked;
		else if (fsd_ms != 0 && c->leaves_ms != UINT64_MAX)
			c->left |= w->now_ms >= fsd_ms + c->leaves_ms && c->linked;
	}
}

static void
house_lives(struct world *w)
{
	for (size_t i = 0; i < FAULTS_MAX; i++)
		if (w->events[i].at_ms == w->now_ms)
			happen(w, &w->events[i]);
	if (w->kind == KIND_DOOM && w->now_ms == QUIET_MS)
		w->mains = false;
	if (w->mains)
		w->battery_ms = 0;
	else
		w->battery_ms += TICK_MS;
	if (w->mains)
		w->outage_ms = 0;
	else if (w->outage_ms == 0)
		w->outage_ms = w->now_ms;
	clients_live(w);
}

/* Draws the house and all that will happen in it. */
static void
world_init(struct world *w, enum kind kind, unsigned seed, bool kills)
{
	*w = (struct world){.kind = kind, .seed = seed, .kills = kills, .mains = true};
	w->random = 0x9e3779b97f4a7c15ULL * (seed + 1);
	w->now_ms = 10000;
	w->capacity_ms = 10000 + chance(w, 60) * 1000;
	w->period_ms = 1000 + chance(w, 7) * 1000;
	w->off_ms = chance(w, 2) == 0 ? chance(w, 60) * 1000 : UINT64_MAX / 2;
	for (size_t i = 0; i < CLIENTS; i++)
		w->clients[i].leaves_ms =
		    chance(w, 4) == 0 ? UINT64_MAX : chance(w, 200) * 100;
	for (size_t i = 0; i < FAULTS_MAX; i++)
		w->events[i] = (struct event){
		    .at_ms = 20000 + chance(w, (QUIET_MS - 60000) / TICK_MS) * TICK_MS,
		    .lasts_ms = chance(w, 300) * TICK_MS,
		    .fault = chance(w, FAULTS + 2) % FAULTS,
		    .who = chance(w, 12),
		};
	for (unsigned i = 0; i < MACHINES; i++) {
		struct machine *m = &w->machines[i];

		m->conf = i == PRIMARY ? &primary_conf : &secondary_conf;
		m->policy = policy_new(m->conf, w->now_ms);
		m->saved = xcalloc(1, policy_saved_size());
		policy_save(m->policy, BOOT, m->saved);
		step(w, i, (struct policy_event){.kind = POLICY_TIME});
	}
}

/* Runs it to its end; returns when the primary went down, or UINT64_MAX. */
static uint64_t
run(enum kind kind, unsigned seed, bool kills, bool trace)
{
	struct world w;
	uint64_t down;

	world_init(&w, kind, seed, kills);
	w.trace = trace;
	for (; w.now_ms < END_MS; w.now_ms += TICK_MS) {
		house_lives(&w);
		for (unsigned i = 0; i < MACHINES; i++)
			hear(&w, i);
	}
	down = w.machines[PRIMARY].down_ms;
	must(&w, kind != KIND_DOOM || down != 0, "the primary outlived its battery");
	for (unsigned i = 0; i < MACHINES; i++) {
		struct machine *m = &w.machines[i];

		/* Who never heard of the outage cannot know. */
		must(&w,
		    kind != KIND_DOOM || m->down_ms != 0 ||
			strstr(m->status, "OB") == NULL,
		    "a machine outlived the battery");
		policy_free(m->policy);
		free(m->saved);
	}
	return down == 0 ? UINT64_MAX : down;
}

/* One house twice: a kill never makes the cut earlier. */
static void
compare(enum kind kind, unsigned seed, bool trace)
{
	uint64_t without = run(kind, seed, false, trace), with;

	if (trace)
		printf("--- with kills\n");
	with = run(kind, seed, true, trace);
	if (with >= without)
		return;
	printf("outage %d %u: a kill made the cut earlier\n", kind, seed);
	exit(1);
}

int
main(int argc, char **argv)
{
	const unsigned houses = 400; /* of each kind: some seconds */

	if (argc == 3) {
		compare((enum kind)atoi(argv[1]), (unsigned)atoi(argv[2]), true);
		return 0;
	}
	for (unsigned seed = 0; seed < houses; seed++)
		for (enum kind kind = 0; kind < KINDS; kind++)
			compare(kind, seed, false);
	return 0;
}
