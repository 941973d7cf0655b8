/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy_in.h"
#include "lib/xmem.h"

#define MAGIC 0x32646c6f48ULL /* "Hold2": changes with the layout */
#define NAME_MAX_BYTES 64
#define UPSES_MAX 64 /* watched or under FSD; more are not carried over a restart */
#define BOOT_MAX 64

/* A UPS travels by name: rows change with ups.conf. */
struct saved_ups {
	char name[NAME_MAX_BYTES];
	uint64_t lost_ms, low_ms, replace_ms, nocomm_ms;
	uint32_t words, line, view, flags;
};

enum { UPS_FRESH = 1 << 0, UPS_COMMBAD = 1 << 1 };

struct saved_machine {
	char address[POLICY_ADDRESS_MAX], account[POLICY_ACCOUNT_MAX];
	uint64_t seen_ms, interval_ms, off_ms;
	uint32_t ups; /* index of upses */
	uint32_t kind, flags, pad;
};

enum { MACHINE_PRIMARY = 1 << 0, MACHINE_GONE = 1 << 1 };

/* The block: words of 64 bits, with no hole between its fields. */
struct saved {
	uint64_t magic, sum, number; /* sum: of all bytes behind it */
	char boot_id[BOOT_MAX];
	uint64_t fsd_ms, sync_ms, final_ms, deadline_ms, hold_ms;
	uint32_t phase, outage, run_id, flags;
	uint32_t nupses, nmachines;
	struct saved_ups upses[UPSES_MAX];
	struct saved_machine machines[POLICY_MACHINES_MAX];
};

enum {
	SAVED_CUT = 1 << 0,
	SAVED_BATTERY = 1 << 1,
	SAVED_LEFT = 1 << 2,
	SAVED_CROWDED = 1 << 3
};

/* FNV-1a over words of 64 bits: it finds damage, it keeps nobody out. */
static uint64_t
sum_of(const struct saved *s)
{
	const uint64_t *at = &s->number;
	const uint64_t *end = (const uint64_t *)(s + 1);
	uint64_t sum = 0xcbf29ce484222325ULL;

	for (; at < end; at++)
		sum = (sum ^ *at) * 0x100000001b3ULL;
	return sum;
}

size_t
policy_saved_size(void)
{
	return sizeof(struct saved);
}

/* The rest of `out` is zero already. */
static void
put(char *out, size_t size, const char *text)
{
	memcpy(out, text, strnlen(text, size - 1));
}

/* Saves a row, if it says something, and notes its index, or UPSES_MAX. */
static void
save_ups(const struct policy *p, size_t row, struct saved *s, uint32_t *index)
{
	const struct policy_ups *u = &p->upses[row];

	index[row] = UPSES_MAX;
	if (s->nupses == UPSES_MAX || strlen(p->conf->names[row]) >= NAME_MAX_BYTES ||
	    (!policy_watched(p, row) && u->view == FEED_VIEW_NONE))
		return;
	index[row] = s->nupses++;
	s->upses[index[row]] = (struct saved_ups){
	    .lost_ms = u->lost_ms,
	    .low_ms = u->low_ms,
	    .replace_ms = u->replace_ms,
	    .nocomm_ms = u->nocomm_ms,
	    .words = u->words,
	    .line = u->line,
	    .view = u->view,
	    .flags = (u->fresh ? UPS_FRESH : 0) | (u->commbad ? UPS_COMMBAD : 0),
	};
	put(s->upses[index[row]].name, NAME_MAX_BYTES, p->conf->names[row]);
}

static void
save_machine(const struct policy_machine *m, struct saved *s, const uint32_t *index)
{
	struct saved_machine *out = &s->machines[s->nmachines];

	if (index[m->row] == UPSES_MAX)
		return;
	s->nmachines++;
	put(out->address, sizeof(out->address), m->address);
	put(out->account, sizeof(out->account), m->account);
	out->seen_ms = m->seen_ms;
	out->interval_ms = m->interval_ms;
	out->off_ms = m->off_ms;
	out->ups = index[m->row];
	out->kind = m->kind;
	out->flags = (m->primary ? MACHINE_PRIMARY : 0) | (m->gone ? MACHINE_GONE : 0);
}

void
policy_save(struct policy *p, const char *boot_id, void *block)
{
	struct saved *s = block;
	uint32_t *index = xcalloc(p->conf->nupses, sizeof(*index));

	memset(s, 0, sizeof(*s));
	s->magic = MAGIC;
	s->number = ++p->saved;
	put(s->boot_id, sizeof(s->boot_id), boot_id);
	s->fsd_ms = p->fsd_ms;
	s->sync_ms = p->sync_ms;
	s->final_ms = p->final_ms;
	s->deadline_ms = p->deadline_ms;
	s->hold_ms = p->hold_ms;
	s->phase = p->phase;
	s->outage = p->outage;
	s->run_id = p->run_id;
	s->flags = (p->cut ? SAVED_CUT : 0) | (p->battery ? SAVED_BATTERY : 0) |
		   (p->left ? SAVED_LEFT : 0) | (p->crowded ? SAVED_CROWDED : 0);
	for (size_t row = 0; row < p->conf->nupses; row++)
		save_ups(p, row, s, index);
	for (size_t i = 0; i < p->nmachines; i++)
		save_machine(&p->machines[i], s, index);
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

	u->words = s->words;
	u->line = (enum policy_line)s->line;
	u->view = (enum feed_view)s->view;
	u->low_ms = s->low_ms;
	u->replace_ms = s->replace_ms;
	u->nocomm_ms = s->nocomm_ms;
	u->commbad = (s->flags & UPS_COMMBAD) != 0;
	u->unread = true;
	u->said.carried = true;
	u->lost_ms = p->now_ms;
	if (!(s->flags & UPS_FRESH)) {
		u->lost_ms = p->now_ms > grace ? p->now_ms - grace : 1;
		if (s->lost_ms > u->lost_ms)
			u->lost_ms = s->lost_ms;
	}
}

static void
load_machine(struct policy *p, const struct saved_machine *s, size_t row)
{
	struct policy_machine *m = policy_machine_new(p);

	*m = (struct policy_machine){
	    .row = row,
	    .kind = (enum policy_machine_kind)s->kind,
	    .broken = s->kind == MACHINE_LOGIN && s->off_ms == 0,
	    .primary = (s->flags & MACHINE_PRIMARY) != 0,
	    .gone = (s->flags & MACHINE_GONE) != 0,
	    .seen_ms = s->seen_ms,
	    .awaited_ms = p->now_ms,
	    .interval_ms = s->interval_ms,
	    .off_ms = s->off_ms,
	};
	snprintf(m->address, sizeof(m->address), "%s", s->address);
	snprintf(m->account, sizeof(m->account), "%s", s->account);
}

/* The sum finds damage; this finds a block that one of us has written wrongly. */
static bool
is_sane(const struct saved *s)
{
	bool sane = s->phase <= PHASE_DOWN && s->nupses <= UPSES_MAX &&
		    s->nmachines <= POLICY_MACHINES_MAX;

	for (uint32_t i = 0; sane && i < s->nupses; i++)
		sane = s->upses[i].line <= LINE_BATTERY &&
		       s->upses[i].view <= FEED_VIEW_FSD &&
		       memchr(s->upses[i].name, '\0', NAME_MAX_BYTES) != NULL;
	for (uint32_t i = 0; sane && i < s->nmachines; i++)
		sane = s->machines[i].ups < s->nupses &&
		       s->machines[i].kind <= MACHINE_OTHER &&
		       memchr(s->machines[i].address, '\0', POLICY_ADDRESS_MAX) != NULL &&
		       memchr(s->machines[i].account, '\0', POLICY_ACCOUNT_MAX) != NULL;
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
	p->fsd_ms = s->fsd_ms;
	p->sync_ms = s->sync_ms;
	p->final_ms = s->final_ms;
	p->deadline_ms = s->deadline_ms;
	p->hold_ms = s->hold_ms;
	p->phase = (enum policy_phase)s->phase;
	p->outage = s->outage;
	p->run_id = s->run_id;
	p->cut = (s->flags & SAVED_CUT) != 0;
	p->battery = (s->flags & SAVED_BATTERY) != 0;
	p->left = (s->flags & SAVED_LEFT) != 0;
	p->crowded = (s->flags & SAVED_CROWDED) != 0;
	for (uint32_t i = 0; i < s->nupses; i++)
		if ((rows[i] = row_of(p, s->upses[i].name)) >= 0)
			load_ups(p, &s->upses[i], (size_t)rows[i]);
	for (uint32_t i = 0; i < s->nmachines; i++)
		if (rows[s->machines[i].ups] >= 0)
			load_machine(
			    p, &s->machines[i], (size_t)rows[s->machines[i].ups]);
	p->dirty = true;
	return 0;
}
