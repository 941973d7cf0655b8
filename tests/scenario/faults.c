/* SPDX-License-Identifier: ISC */
#include "tests/scenario/house.h"

/* What goes wrong is a list with times: drawn when an outage begins, and added to at the
 * worst moments. From good_ms on the mains stays, from quiet_ms on all is well. */

#define LONGEST_MS 2700000 /* an outage */

uint64_t
faults_next(const struct house *h)
{
	uint64_t next = h->good_ms;

	if (h->now_ms >= h->good_ms)
		next = NEVER;
	for (size_t i = 0; i < h->nfaults; i++)
		if (h->faults[i].at_ms < next)
			next = h->faults[i].at_ms;
	return next;
}

/* `who` picks a circuit, UPS or machine. */
static void
add(struct house *h, uint64_t at_ms, enum fault_kind kind, uint64_t lasts_ms,
    unsigned who)
{
	uint64_t end_ms = kind == FAULT_MAINS ? h->good_ms : h->quiet_ms;

	if (h->nfaults == FAULTS_MAX || at_ms >= end_ms)
		return;
	if (at_ms + lasts_ms > end_ms)
		lasts_ms = end_ms - at_ms;
	h->faults[h->nfaults++] = (struct fault){
	    .at_ms = at_ms, .lasts_ms = lasts_ms, .kind = kind, .who = who};
	if (kind == FAULT_KILL)
		for (size_t i = 0; i < h->nmachines; i++)
			core_prepare_kill(&h->machines[i]);
}

/* How long the mains is away: a blink, some minutes, or longer than any battery. */
static uint64_t
outage_length(struct house *h)
{
	double shortest = 3600.0;
	uint64_t runtime;

	for (size_t i = 0; i < h->nsupplies; i++)
		if (ups_runtime(&h->supplies[i].ups) < shortest)
			shortest = ups_runtime(&h->supplies[i].ups);
	runtime = (uint64_t)(shortest * 1000.0) + 1000;
	switch (chance(h, 8)) {
	case 0:
	case 1:
		return between(h, 100, 20000);
	case 2:
	case 3:
	case 4:
		return between(h, 20000, 20000 + runtime);
	default:
		return between(
		    h, runtime, LONGEST_MS > runtime ? LONGEST_MS : runtime + 1);
	}
}

/* A kind that this house may suffer from. */
static enum fault_kind
any_kind(struct house *h)
{
	static const enum fault_kind often[] = {FAULT_MAINS, FAULT_MAINS, FAULT_MAINS,
	    FAULT_PARTITION, FAULT_DROP, FAULT_NET, FAULT_KILL, FAULT_KILL, FAULT_KILL,
	    FAULT_HANG, FAULT_USB, FAULT_STALE, FAULT_SLEEP, FAULT_TEST, FAULT_RUN};
	enum fault_kind kind = often[chance(h, sizeof(often) / sizeof(often[0]))];

	if (kind == FAULT_KILL && !h->kills)
		return FAULT_MAINS;
	return kind;
}

static uint64_t
any_time(struct house *h)
{
	switch (chance(h, 4)) {
	case 0:
		return between(h, 1, 3000);
	case 1:
		return between(h, 1000, 20000);
	default:
		return between(h, 10000, 120000);
	}
}

void
faults_draw(struct house *h)
{
	uint64_t lead = between(h, 2000, 40000), length = outage_length(h);
	unsigned more = h->wild ? chance(h, 8) : chance(h, 3);
	bool quiet =
	    once_in(h, 25); /* the mains stays, but for a self-test or the like */

	h->nfaults = 0;
	h->good_ms = h->quiet_ms = h->now_ms + lead + length;
	if (h->wild)
		h->quiet_ms += between(h, 0, 300000);
	for (unsigned i = 0; i < h->ncircuits && !quiet; i++) {
		if (i > 0 && once_in(h, 2))
			continue; /* only one of them */
		add(h, h->now_ms + lead + (i > 0 ? between(h, 0, 30000) : 0), FAULT_MAINS,
		    0, i);
	}
	for (unsigned i = 0; i < more; i++) {
		enum fault_kind kind = any_kind(h);

		if (quiet && kind == FAULT_MAINS)
			kind = FAULT_TEST;
		add(h, h->now_ms + between(h, 0, lead + length), kind, any_time(h),
		    chance(h, 1000));
	}
	if (once_in(h, 40))
		add(h, h->now_ms + between(h, 0, lead + length), FAULT_FSD, 0,
		    chance(h, 1000));
}

void
faults_moment(struct house *h, enum moment moment)
{
	uint64_t at =
	    h->now_ms + (once_in(h, 3) ? between(h, 0, 50) : between(h, 0, 9000));

	if (!h->wild || h->now_ms >= h->quiet_ms || !once_in(h, 5))
		return;
	if (h->now_ms < h->good_ms && once_in(h, 3)) {
		if (at < h->good_ms)
			h->good_ms = at;
		for (size_t i = 0; i < h->nfaults;)
			if (h->faults[i].at_ms >= h->good_ms &&
			    h->faults[i].kind == FAULT_MAINS)
				h->faults[i] = h->faults[--h->nfaults];
			else
				i++;
		return;
	}
	add(h, at, any_kind(h), any_time(h), chance(h, 1000));
}

/* Doom strikes at once, or in the middle of what the next steps do. */
static void
kill_core(struct house *h, struct machine *m, const struct fault *f)
{
	struct core *c = m->core;

	if (c == NULL || c->policy == NULL || m->asleep_ms != 0 || h->spared)
		return;
	core_prepare_kill(m);
	if (f->who % 3 == 0)
		core_kill(h, m);
	else {
		c->doom = 1 + f->who % 7;
		c->doom_ms = h->now_ms + 3000;
	}
}

static void
drill(struct house *h, unsigned who)
{
	struct policy_conf *c = &h->machines[PRIMARY].core->conf;
	size_t plan = c->nplans == 0 ? 0 : who % c->nplans;

	if (c->nplans == 0 || h->plans[plan].self)
		return;
	tell(h, "drill: %s is to be told", h->plans[plan].name);
	for (size_t i = 0; i < h->nmachines; i++)
		if (h->machines[i].plan == (int)plan)
			h->machines[i].drilled = true;
	core_event(h, &h->machines[PRIMARY],
	    (struct policy_event){.kind = POLICY_DRILL, .plan = plan});
}

static void
happen(struct house *h, const struct fault *f)
{
	struct machine *m = &h->machines[f->who % h->nmachines];
	struct machine *other =
	    h->nmachines > 1 ? &h->machines[1 + f->who % (h->nmachines - 1)] : NULL;
	struct supply *s = &h->supplies[f->who % h->nsupplies];
	uint64_t until = h->now_ms + f->lasts_ms;

	switch (f->kind) {
	case FAULT_MAINS:
		supply_mains(
		    h, f->who % (unsigned)h->ncircuits, !h->mains[f->who % h->ncircuits]);
		break;
	case FAULT_PARTITION:
		if (other == NULL)
			break;
		tell(h, "%s is cut off from the network for %.0f s", other->name,
		    seconds(f->lasts_ms));
		if (until > other->cut_off_ms)
			other->cut_off_ms = until;
		if (until > other->reached_ms)
			other->reached_ms = until;
		net_break(h, other, true);
		break;
	case FAULT_DROP:
		if (other == NULL)
			break;
		tell(h, "%s: its connection breaks", other->name);
		net_break(h, other, false);
		break;
	case FAULT_NET:
		tell(h, "net is started again");
		for (size_t i = 1; i < h->nmachines; i++)
			net_break(h, &h->machines[i], false);
		break;
	case FAULT_KILL:
		kill_core(h, once_in(h, 3) ? m : &h->machines[PRIMARY], f);
		break;
	case FAULT_HANG:
		m = &h->machines[PRIMARY];
		if (m->core->policy == NULL || h->alike)
			break;
		tell(h, "%s: core does nothing any more", m->name);
		core_prepare_kill(m);
		m->core->hung_ms = h->now_ms + between(h, 500, 20000);
		break;
	case FAULT_USB:
		tell(h, "%s: USB is lost for %.0f s", s->name, seconds(f->lasts_ms));
		s->lost_ms = until;
		s->report_ms = h->now_ms;
		break;
	case FAULT_STALE:
		tell(h, "%s: says nothing for %.0f s", s->name, seconds(f->lasts_ms));
		s->stale_ms = until;
		s->report_ms = h->now_ms;
		break;
	case FAULT_SLEEP:
		if (h->alike && m->index == PRIMARY)
			break;
		machine_sleep(h, m, until + 6000);
		break;
	case FAULT_TEST:
		supply_advance(h, s);
		tell(h, "%s: tests itself", s->name);
		ups_test(&s->ups, 1);
		s->report_ms = h->now_ms + 100;
		supply_plan(h, s);
		break;
	case FAULT_RUN:
		tell(h, "run dies");
		net_run_dies(h);
		break;
	case FAULT_DRILL:
		drill(h, f->who);
		break;
	case FAULT_FSD:
		if (!net_serves(h) || h->machines[PRIMARY].asleep_ms != 0)
			break;
		tell(h, "somebody calls FSD of %s", s->name);
		h->fsd_called = true;
		core_event(h, &h->machines[PRIMARY],
		    (struct policy_event){
			.kind = POLICY_FSD, .row = (size_t)(s - h->supplies)});
		break;
	case FAULTS:
		break;
	}
}

void
faults_act(struct house *h)
{
	for (size_t i = 0; i < h->nfaults;) {
		struct fault f = h->faults[i];

		if (f.at_ms > h->now_ms) {
			i++;
			continue;
		}
		h->faults[i] = h->faults[--h->nfaults];
		happen(h, &f);
	}
	if (h->now_ms >= h->good_ms)
		for (unsigned i = 0; i < h->ncircuits; i++)
			supply_mains(h, i, true);
}
