/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "core/policy_in.h"
#include "core/policy_pack.h"

#define MAGIC 0x316d6d6572ULL /* "remm1": changes with the layout */
#define NAME_MAX_BYTES 64
#define UPSES_MAX 64
#define MACHINES_MAX CONF_MACHINES_MAX
#define BOOT_MAX 64
#define FIELDS(table) (sizeof(table) / sizeof((table)[0]))

static const struct policy_field whole[] = {
    PACK_C(struct policy, outage, UINT_MAX),
    PACK_F(struct policy, went_down),
    PACK_F(struct policy, booted),
};

static const struct policy_field ups[] = {
    PACK_N(struct policy_ups, power.learned_fall),
};

static const struct policy_field machine[] = {
    PACK_C(struct policy_planned, outage, UINT_MAX),
    PACK_C(struct policy_planned, tells, UINT_MAX),
    PACK_C(struct policy_planned, wakes, UINT_MAX),
    PACK_C(struct policy_planned, wake_outage, UINT_MAX),
    PACK_C(struct policy_planned, came, CAME_NOT),
    PACK_F(struct policy_planned, taken),
};

/* By name: rows change with the files. */
struct memory_ups {
	char name[NAME_MAX_BYTES];
	uint64_t words[FIELDS(ups)];
};

struct memory_machine {
	char name[NAME_MAX_BYTES];
	uint64_t words[FIELDS(machine)];
};

/* The block: words of 64 bits, with no hole between its fields. */
struct memory {
	uint64_t magic, sum, number; /* sum: of all bytes behind it */
	char boot_id[BOOT_MAX];
	uint64_t words[FIELDS(whole)];
	uint64_t nupses, nmachines;
	struct memory_ups upses[UPSES_MAX];
	struct memory_machine machines[MACHINES_MAX];
};

static uint64_t
sum_of(const struct memory *m)
{
	return policy_pack_sum(&m->number, (const uint64_t *)(m + 1));
}

size_t
policy_memory_size(void)
{
	return sizeof(struct memory);
}

static void
remember_ups(const struct policy *p, size_t row, struct memory *m)
{
	struct memory_ups *out = &m->upses[m->nupses];
	const struct policy_ups *u = &p->upses[row];

	if (m->nupses == UPSES_MAX || strlen(p->conf->names[row]) >= NAME_MAX_BYTES ||
	    u->power.learned_fall == 0)
		return;
	m->nupses++;
	policy_pack_text(out->name, sizeof(out->name), p->conf->names[row]);
	policy_pack(out->words, ups, FIELDS(ups), u);
}

static void
remember_machine(const struct policy *p, size_t plan, struct memory *m)
{
	struct memory_machine *out = &m->machines[m->nmachines];
	const char *name = p->conf->plans[plan].name;

	if (m->nmachines == MACHINES_MAX || strlen(name) >= NAME_MAX_BYTES ||
	    (!p->planned[plan].taken && p->planned[plan].came == CAME_UNSAID &&
		p->planned[plan].outage != p->outage))
		return;
	m->nmachines++;
	policy_pack_text(out->name, sizeof(out->name), name);
	policy_pack(out->words, machine, FIELDS(machine), &p->planned[plan]);
}

void
policy_remember(struct policy *p, const char *boot_id, void *block)
{
	struct memory *m = block;

	memset(m, 0, sizeof(*m));
	m->magic = MAGIC;
	m->number = ++p->remembered;
	policy_pack_text(m->boot_id, sizeof(m->boot_id), boot_id);
	policy_pack(m->words, whole, FIELDS(whole), p);
	for (size_t row = 0; row < p->conf->nupses; row++)
		remember_ups(p, row, m);
	for (size_t i = 0; i < p->conf->nplans; i++)
		remember_machine(p, i, m);
	m->sum = sum_of(m);
}

uint64_t
policy_memory_number(const void *block)
{
	const struct memory *m = block;

	return m->magic == MAGIC && m->sum == sum_of(m) ? m->number : 0;
}

/* The sum finds damage; this finds a block that one of us has written wrongly. */
static bool
is_sane(const struct memory *m)
{
	bool sane = policy_pack_ok(m->words, whole, FIELDS(whole)) &&
		    m->nupses <= UPSES_MAX && m->nmachines <= MACHINES_MAX &&
		    policy_pack_text_ok(m->boot_id, BOOT_MAX);

	for (size_t i = 0; sane && i < m->nupses; i++)
		sane = policy_pack_text_ok(m->upses[i].name, NAME_MAX_BYTES);
	for (size_t i = 0; sane && i < m->nmachines; i++)
		sane = policy_pack_ok(m->machines[i].words, machine, FIELDS(machine)) &&
		       policy_pack_text_ok(m->machines[i].name, NAME_MAX_BYTES);
	return sane;
}

static void
recall_ups(struct policy *p, const struct memory_ups *m)
{
	for (size_t row = 0; row < p->conf->nupses; row++)
		if (strcmp(p->conf->names[row], m->name) == 0)
			policy_unpack(&p->upses[row], ups, FIELDS(ups), m->words);
}

/* Whoever was taken down is off, until it shows otherwise. */
static void
recall_machine(struct policy *p, const struct memory_machine *m)
{
	for (size_t i = 0; i < p->conf->nplans; i++) {
		struct policy_planned *planned = &p->planned[i];

		if (strcmp(p->conf->plans[i].name, m->name) != 0)
			continue;
		policy_unpack(planned, machine, FIELDS(machine), m->words);
		if (!planned->taken)
			continue;
		planned->stand = STAND_OFF;
		policy_start(p, i);
		snprintf(planned->why, sizeof(planned->why),
		    "it was told before this machine was started");
	}
}

int
policy_recall(struct policy *p, const char *boot_id, const void *block, uint64_t now_ms,
    const char **cause)
{
	const struct memory *m = block;
	const bool loaded = p->saved > 0; /* this boot is known better than from disk */

	if (policy_memory_number(block) == 0 || !is_sane(m)) {
		*cause = "it is damaged";
		return -1;
	}
	p->now_ms = now_ms;
	p->remembered = m->number;
	if (strncmp(m->boot_id, boot_id, BOOT_MAX - 1) == 0)
		p->kept = m->words[0] + 1; /* the outage is the first of `whole` */
	for (size_t i = 0; i < m->nupses; i++)
		recall_ups(p, &m->upses[i]);
	if (loaded)
		return 0;
	policy_unpack(p, whole, FIELDS(whole), m->words);
	p->booted |= p->kept == 0;
	for (size_t row = 0; row < p->conf->nupses && p->booted && p->went_down; row++)
		p->upses[row].look_back_ms = UINT64_MAX;
	for (size_t i = 0; i < m->nmachines; i++)
		recall_machine(p, &m->machines[i]);
	p->dirty = true;
	return 0;
}

/* Looks what of it has changed: others say so by `keep` themselves. */
void
policy_memory_step(struct policy *p)
{
	const bool down = p->phase >= PHASE_FINAL || (p->booted && p->went_down);

	if (p->kept == (uint64_t)p->outage + 1 && p->went_down == down)
		return;
	p->kept = (uint64_t)p->outage + 1;
	p->went_down = down;
	p->keep = p->dirty = true;
}
