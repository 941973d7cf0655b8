/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy_in.h"
#include "core/policy_pack.h"
#include "lib/xmem.h"

#define MAGIC 0x38646c6f48ULL /* "Hold8": changes with the layout */
#define NAME_MAX_BYTES 64
#define WHY_MAX_BYTES 128
#define UPSES_MAX 64 /* watched, fed or under FSD; more are not carried over a restart */
#define PLANNED_MAX CONF_MACHINES_MAX
#define BOOT_MAX 64
#define FIELDS(table) (sizeof(table) / sizeof((table)[0]))

static const struct policy_field whole[] = {
    PACK_T(struct policy, fsd_ms),
    PACK_T(struct policy, sync_ms),
    PACK_T(struct policy, final_ms),
    PACK_T(struct policy, deadline_ms),
    PACK_T(struct policy, hold_ms),
    PACK_C(struct policy, phase, PHASE_DOWN),
    PACK_C(struct policy, outage, UINT_MAX),
    PACK_C(struct policy, run_id, UINT_MAX),
    PACK_F(struct policy, cut),
    PACK_F(struct policy, battery),
    PACK_F(struct policy, left),
    PACK_F(struct policy, crowded),
    PACK_F(struct policy, went_down),
    PACK_F(struct policy, booted),
    PACK_F(struct policy, announced),
    PACK_F(struct policy, hurried),
    PACK_F(struct policy, notified),
};

/* A gauge, and the value of it before the last one. */
#define PACK_STEADY(value)                              \
	PACK_N(struct policy_ups, power.before[value]), \
	    PACK_T(struct policy_ups, power.changed_ms[value])
#define PACK_SAMPLE(gauge, i)                         \
	PACK_T(struct policy_ups, power.gauge.ms[i]), \
	    PACK_N(struct policy_ups, power.gauge.at[i])
#define PACK_FALL(gauge)                                                                 \
	PACK_C(struct policy_ups, power.gauge.n, POLICY_SAMPLES), PACK_SAMPLE(gauge, 0), \
	    PACK_SAMPLE(gauge, 1), PACK_SAMPLE(gauge, 2), PACK_SAMPLE(gauge, 3),         \
	    PACK_SAMPLE(gauge, 4), PACK_SAMPLE(gauge, 5), PACK_SAMPLE(gauge, 6),         \
	    PACK_SAMPLE(gauge, 7)

static const struct policy_field ups[] = {
    PACK_T(struct policy_ups, lost_ms),
    PACK_T(struct policy_ups, low_ms),
    PACK_T(struct policy_ups, replace_ms),
    PACK_T(struct policy_ups, nocomm_ms),
    PACK_T(struct policy_ups, silence_ms),
    PACK_T(struct policy_ups, cut_ms),
    PACK_T(struct policy_ups, look_back_ms),
    PACK_C(struct policy_ups, words, UINT_MAX),
    PACK_C(struct policy_ups, line, LINE_BATTERY),
    PACK_C(struct policy_ups, view, FEED_VIEW_OLD),
    PACK_T(struct policy_ups, lease_ms),
    PACK_C(struct policy_ups, lease, LEASE_OLD),
    PACK_C(struct policy_ups, cut, CUT_FAILED),
    PACK_C(struct policy_ups, cut_s, UINT_MAX),
    PACK_C(struct policy_ups, cut_on, UINT_MAX),
    PACK_F(struct policy_ups, dead),
    PACK_F(struct policy_ups, fresh),
    PACK_F(struct policy_ups, commbad),
    PACK_C(struct policy_ups, power.line, LINE_BATTERY),
    PACK_T(struct policy_ups, power.line_ms),
    PACK_T(struct policy_ups, power.battery_ms),
    PACK_T(struct policy_ups, power.mains_ms),
    PACK_T(struct policy_ups, power.off_ms),
    PACK_T(struct policy_ups, power.over_ms),
    PACK_T(struct policy_ups, power.test_ms),
    PACK_T(struct policy_ups, power.tested_ms),
    PACK_T(struct policy_ups, power.ordered_ms),
    PACK_F(struct policy_ups, power.ordered_deep),
    PACK_C(struct policy_ups, power.signs, 7),
    PACK_F(struct policy_ups, power.excused),
    PACK_F(struct policy_ups, power.input_seen),
    PACK_F(struct policy_ups, power.dark),
    PACK_T(struct policy_ups, power.dark_ms),
    PACK_T(struct policy_ups, power.changed_ms[POLICY_INPUT_VOLTAGE]),
    PACK_C(struct policy_ups, power.low, LOW_ESTIMATE),
    PACK_T(struct policy_ups, power.flag_ms),
    PACK_N(struct policy_ups, power.learned_fall),
    PACK_T(struct policy_ups, power.estimate_ms),
    PACK_N(struct policy_ups, power.left_charge),
    PACK_N(struct policy_ups, power.left_runtime),
    PACK_N(struct policy_ups, power.lasts_s),
    PACK_N(struct policy_ups, power.half_s),
    PACK_F(struct policy_ups, power.estimate_said),
    PACK_N(struct policy_ups, power.values[POLICY_CHARGE]),
    PACK_N(struct policy_ups, power.values[POLICY_CHARGE_LOW]),
    PACK_N(struct policy_ups, power.values[POLICY_RUNTIME]),
    PACK_N(struct policy_ups, power.values[POLICY_RUNTIME_LOW]),
    PACK_N(struct policy_ups, power.values[POLICY_VOLTAGE]),
    PACK_N(struct policy_ups, power.values[POLICY_VOLTAGE_LOW]),
    PACK_N(struct policy_ups, power.values[POLICY_INPUT_VOLTAGE]),
    PACK_N(struct policy_ups, power.values[POLICY_LOAD]),
    PACK_N(struct policy_ups, power.values[POLICY_TESTING]),
    PACK_STEADY(POLICY_CHARGE),
    PACK_STEADY(POLICY_RUNTIME),
    PACK_STEADY(POLICY_VOLTAGE),
    PACK_FALL(charge),
    PACK_FALL(voltage),
};

/* A machine comes back as one whose connection broke: load_machine(). */
static const struct policy_field machine[] = {
    PACK_T(struct policy_machine, seen_ms),
    PACK_T(struct policy_machine, interval_ms),
    PACK_T(struct policy_machine, off_ms),
    PACK_T(struct policy_machine, stops_ms),
    PACK_C(struct policy_machine, kind, MACHINE_OTHER),
    PACK_F(struct policy_machine, primary),
    PACK_F(struct policy_machine, gone),
};

/* A probe that was under way is one that nobody waits for any more. */
static const struct policy_field planned[] = {
    PACK_T(struct policy_planned, told_ms),
    PACK_T(struct policy_planned, leaving_ms),
    PACK_T(struct policy_planned, off_ms),
    PACK_T(struct policy_planned, probe_ms),
    PACK_T(struct policy_planned, fed_ms),
    PACK_T(struct policy_planned, broken_ms),
    PACK_T(struct policy_planned, starts_ms),
    PACK_T(struct policy_planned, on_ms),
    PACK_T(struct policy_planned, retry_ms),
    PACK_T(struct policy_planned, wake_ms),
    PACK_C(struct policy_planned, stand, POLICY_STANDS - 1),
    PACK_C(struct policy_planned, outage, UINT_MAX),
    PACK_C(struct policy_planned, misses, UINT_MAX),
    PACK_C(struct policy_planned, tells, UINT_MAX),
    PACK_C(struct policy_planned, fails, UINT_MAX),
    PACK_C(struct policy_planned, wakes, UINT_MAX),
    PACK_C(struct policy_planned, wake_outage, UINT_MAX),
    PACK_C(struct policy_planned, came, CAME_NOT),
    PACK_F(struct policy_planned, reached),
    PACK_F(struct policy_planned, late),
    PACK_F(struct policy_planned, hooked),
    PACK_F(struct policy_planned, doubted),
    PACK_F(struct policy_planned, drill),
    PACK_F(struct policy_planned, taken),
    PACK_F(struct policy_planned, present),
    PACK_F(struct policy_planned, left),
    PACK_F(struct policy_planned, alive),
};

/* UPSes and planned machines travel by name: rows change with the files. */
struct saved_ups {
	char name[NAME_MAX_BYTES];
	uint64_t words[FIELDS(ups)];
};

struct saved_machine {
	char address[POLICY_ADDRESS_MAX], account[POLICY_ACCOUNT_MAX];
	uint64_t ups; /* index of upses */
	uint64_t words[FIELDS(machine)];
};

struct saved_planned {
	char name[NAME_MAX_BYTES], why[WHY_MAX_BYTES];
	uint64_t words[FIELDS(planned)];
};

/* The block: words of 64 bits, with no hole between its fields. */
struct saved {
	uint64_t magic, sum, number; /* sum: of all bytes behind it */
	char boot_id[BOOT_MAX];
	uint64_t words[FIELDS(whole)];
	uint64_t nupses, nmachines, nplanned;
	struct saved_ups upses[UPSES_MAX];
	struct saved_machine machines[POLICY_MACHINES_MAX];
	struct saved_planned planned[PLANNED_MAX];
};

static uint64_t
sum_of(const struct saved *s)
{
	return policy_pack_sum(&s->number, (const uint64_t *)(s + 1));
}

size_t
policy_saved_size(void)
{
	return sizeof(struct saved);
}

/* Saves a row, if it says something, and notes its index, or UPSES_MAX. */
static void
save_ups(const struct policy *p, size_t row, struct saved *s, uint64_t *index)
{
	const struct policy_ups *u = &p->upses[row];
	const char *name = p->conf->names[row];

	index[row] = UPSES_MAX;
	if (s->nupses == UPSES_MAX || strlen(name) >= NAME_MAX_BYTES ||
	    (!policy_watched(p, row) && u->view == FEED_VIEW_NONE && !p->conf->planned))
		return;
	index[row] = s->nupses++;
	policy_pack_text(s->upses[index[row]].name, NAME_MAX_BYTES, name);
	policy_pack(s->upses[index[row]].words, ups, FIELDS(ups), u);
}

static void
save_machine(const struct policy_machine *m, struct saved *s, const uint64_t *index)
{
	struct saved_machine *out = &s->machines[s->nmachines];

	if (index[m->row] == UPSES_MAX)
		return;
	s->nmachines++;
	policy_pack_text(out->address, sizeof(out->address), m->address);
	policy_pack_text(out->account, sizeof(out->account), m->account);
	out->ups = index[m->row];
	policy_pack(out->words, machine, FIELDS(machine), m);
}

static void
save_planned(const struct policy *p, size_t plan, struct saved *s)
{
	struct saved_planned *out = &s->planned[s->nplanned];
	const char *name = p->conf->plans[plan].name;

	if (s->nplanned == PLANNED_MAX || strlen(name) >= NAME_MAX_BYTES)
		return;
	s->nplanned++;
	policy_pack_text(out->name, sizeof(out->name), name);
	policy_pack_text(out->why, sizeof(out->why), p->planned[plan].why);
	policy_pack(out->words, planned, FIELDS(planned), &p->planned[plan]);
}

void
policy_save(struct policy *p, const char *boot_id, void *block)
{
	struct saved *s = block;
	uint64_t *index = xcalloc(p->conf->nupses, sizeof(*index));

	memset(s, 0, sizeof(*s));
	s->magic = MAGIC;
	s->number = ++p->saved;
	policy_pack_text(s->boot_id, sizeof(s->boot_id), boot_id);
	policy_pack(s->words, whole, FIELDS(whole), p);
	for (size_t row = 0; row < p->conf->nupses; row++)
		save_ups(p, row, s, index);
	for (size_t i = 0; i < p->nmachines; i++)
		save_machine(&p->machines[i], s, index);
	for (size_t i = 0; i < p->conf->nplans; i++)
		save_planned(p, i, s);
	s->sum = sum_of(s);
	free(index);
}

uint64_t
policy_saved_number(const void *block)
{
	const struct saved *s = block;

	return s->magic == MAGIC && s->sum == sum_of(s) ? s->number : 0;
}

static long
row_of(const struct policy *p, const char *name)
{
	for (size_t row = 0; row < p->conf->nupses; row++)
		if (strncmp(p->conf->names[row], name, NAME_MAX_BYTES) == 0)
			return (long)row;
	return -1;
}

/* What was known of a UPS. Its driver is asked before anything is made of it; one that was
 * lost before gets a moment to be found. */
static void
load_ups(struct policy *p, const struct saved_ups *s, size_t row)
{
	struct policy_ups *u = &p->upses[row];
	uint64_t grace = p->conf->deadtime_ms > POLICY_READ_MS
			     ? p->conf->deadtime_ms - POLICY_READ_MS
			     : 0;
	uint64_t lost_ms;
	bool fresh;

	policy_unpack(u, ups, FIELDS(ups), s->words);
	fresh = u->fresh;
	lost_ms = u->lost_ms;
	u->fresh = false;
	u->said.carried = true;
	policy_power_loaded(u);
	u->unread = true;
	u->lost_ms = p->now_ms;
	if (!fresh) {
		u->lost_ms = p->now_ms > grace ? p->now_ms - grace : 1;
		if (lost_ms > u->lost_ms)
			u->lost_ms = lost_ms;
	}
}

static void
load_machine(struct policy *p, const struct saved_machine *s, size_t row)
{
	struct policy_machine *m = policy_machine_new(p);

	*m = (struct policy_machine){.row = row, .awaited_ms = p->now_ms};
	policy_unpack(m, machine, FIELDS(machine), s->words);
	m->broken = m->kind == MACHINE_LOGIN && m->off_ms == 0;
	snprintf(m->address, sizeof(m->address), "%s", s->address);
	snprintf(m->account, sizeof(m->account), "%s", s->account);
}

static void
load_planned(struct policy *p, const struct saved_planned *s)
{
	for (size_t i = 0; i < p->conf->nplans; i++) {
		struct policy_planned *m = &p->planned[i];

		if (strcmp(p->conf->plans[i].name, s->name) != 0)
			continue;
		policy_unpack(m, planned, FIELDS(planned), s->words);
		snprintf(m->why, sizeof(m->why), "%s", s->why);
	}
}

/* The sum finds damage; this finds a block that one of us has written wrongly. */
static bool
is_sane(const struct saved *s)
{
	bool sane = policy_pack_ok(s->words, whole, FIELDS(whole)) &&
		    s->nupses <= UPSES_MAX && s->nmachines <= POLICY_MACHINES_MAX &&
		    s->nplanned <= PLANNED_MAX &&
		    policy_pack_text_ok(s->boot_id, BOOT_MAX);

	for (size_t i = 0; sane && i < s->nupses; i++)
		sane = policy_pack_ok(s->upses[i].words, ups, FIELDS(ups)) &&
		       policy_pack_text_ok(s->upses[i].name, NAME_MAX_BYTES);
	for (size_t i = 0; sane && i < s->nmachines; i++)
		sane = s->machines[i].ups < s->nupses &&
		       policy_pack_ok(s->machines[i].words, machine, FIELDS(machine)) &&
		       policy_pack_text_ok(s->machines[i].address, POLICY_ADDRESS_MAX) &&
		       policy_pack_text_ok(s->machines[i].account, POLICY_ACCOUNT_MAX);
	for (size_t i = 0; sane && i < s->nplanned; i++)
		sane = policy_pack_ok(s->planned[i].words, planned, FIELDS(planned)) &&
		       policy_pack_text_ok(s->planned[i].name, NAME_MAX_BYTES) &&
		       policy_pack_text_ok(s->planned[i].why, WHY_MAX_BYTES);
	return sane;
}

int
policy_load(struct policy *p, const char *boot_id, const void *block, uint64_t now_ms,
    const char **cause)
{
	const struct saved *s = block;
	long rows[UPSES_MAX];

	if (policy_saved_number(block) == 0 || !is_sane(s)) {
		*cause = "it is damaged";
		return -1;
	}
	if (strncmp(s->boot_id, boot_id, BOOT_MAX - 1) != 0) {
		*cause = "it is of another boot";
		return -1;
	}
	p->saved = s->number;
	p->now_ms = now_ms;
	policy_unpack(p, whole, FIELDS(whole), s->words);
	for (size_t i = 0; i < s->nupses; i++)
		if ((rows[i] = row_of(p, s->upses[i].name)) >= 0)
			load_ups(p, &s->upses[i], (size_t)rows[i]);
	for (size_t i = 0; i < s->nmachines; i++)
		if (rows[s->machines[i].ups] >= 0)
			load_machine(
			    p, &s->machines[i], (size_t)rows[s->machines[i].ups]);
	for (size_t i = 0; i < s->nplanned; i++)
		load_planned(p, &s->planned[i]);
	p->dirty = true;
	return 0;
}
