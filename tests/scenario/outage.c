/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/scenario/world.h"

/*
 * Random schedules of outages and faults in a house; what must never happen is checked at
 * every step.
 *
 *   outage            many houses; silent when all is well
 *   outage KIND SEED  one of them, told step by step
 */

/* xorshift: the same schedule from the same seed on every machine. */
static unsigned
chance(struct world *w, unsigned below)
{
	w->random ^= w->random << 13;
	w->random ^= w->random >> 7;
	w->random ^= w->random << 17;
	return (unsigned)(w->random >> 20) % below;
}

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
			machine_restart(w, e->who % MACHINES);
		m->slept = true;
		until += POLICY_GAP_MS + 1000;
		m->asleep_ms = until > m->asleep_ms ? until : m->asleep_ms;
		tell(w, "%u sleeps", e->who % MACHINES);
		break;
	case FAULT_KILL:
		if (!w->kills || !machine_awake(w, m) || m->slept)
			break;
		m->dead_ms = w->now_ms + TICK_MS + e->lasts_ms / 10;
		tell(w, "%u: core is killed", e->who % MACHINES);
		break;
	case FAULT_FSD:
		if (e->lasts_ms % 4 != 0 || !machine_awake(w, &w->machines[PRIMARY]))
			break;
		w->fsd_called = true;
		tell(w, "FSD is called");
		machine_step(w, PRIMARY, (struct policy_event){.kind = POLICY_FSD});
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
	machines_init(w);
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
			machine_hear(&w, i);
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
	}
	machines_end(&w);
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
