/* SPDX-License-Identifier: ISC */
#ifndef TESTS_SCENARIO_WORLD_H
#define TESTS_SCENARIO_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/policy.h"

/*
 * A whole house under virtual time: a UPS, the policy of its primary, those of two
 * secondaries, clients of other makes, and a reader that shuts down by itself.
 *   outage.c   what happens in the house
 *   machines.c what the policies hear and do
 *   checks.c   what must never happen
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

/* checks.c: ends the program with the house's number unless `good`; a line of the story,
 * when it is told; what each step of a way down must fulfil. */
void must(const struct world *w, bool good, const char *what);
void tell(const struct world *w, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void check_decision(const struct world *w, unsigned who);
void check_final(const struct world *w);
void check_shutdown(const struct world *w, unsigned who, const struct policy_action *a);

/* machines.c: makes the machines / releases them; a new core with what the killed one has
 * saved; gives an event to a policy and does what follows; tells a machine what is new. */
void machines_init(struct world *w);
void machines_end(struct world *w);
bool machine_awake(const struct world *w, const struct machine *m);
void machine_restart(struct world *w, unsigned who);
void machine_step(struct world *w, unsigned who, struct policy_event event);
void machine_hear(struct world *w, unsigned who);

#endif
