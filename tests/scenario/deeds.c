/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "lib/notify.h"
#include "lib/task.h"
#include "tests/scenario/house.h"

#define EXIT_1 256 /* as of waitpid(2) */

static bool
is_primary(const struct machine *m)
{
	return m->index == PRIMARY;
}

static void
do_log(struct house *h, struct machine *m, const struct policy_action *a)
{
	tell(h, "%s: core: %s", m->name, a->text);
	h->by_fall |= is_primary(m) && h->first && strstr(a->text, " falls by ") != NULL;
}

/* The machine of a plan; NULL: it is the primary itself. */
static struct machine *
planned(struct house *h, size_t plan)
{
	for (size_t i = 0; i < h->nmachines; i++)
		if (h->machines[i].plan == (int)plan)
			return &h->machines[i];
	return NULL;
}

static void
do_view(struct house *h, struct machine *m, const struct policy_action *a)
{
	static const char *const names[] = {[FEED_VIEW_NONE] = "none",
	    [FEED_VIEW_LB] = "lb",
	    [FEED_VIEW_FSD] = "fsd",
	    [FEED_VIEW_HOLD] = "hold",
	    [FEED_VIEW_OLD] = "old"};
	struct supply *s = &h->supplies[a->row];
	bool all = a->plan == POLICY_EVERYBODY;
	size_t line = all ? MACHINES_MAX : (size_t)a->plan;
	struct machine *whom = all ? NULL : planned(h, line);
	const bool anew = a->view == FEED_VIEW_FSD && s->views[line] != FEED_VIEW_FSD;

	if (!is_primary(m))
		return;
	if (s->views[line] != a->view || !s->viewed[line])
		tell(h, "%s: view of %s for %s: %s", m->name, s->name,
		    all            ? "everybody else"
		    : whom == NULL ? "itself"
				   : whom->name,
		    names[a->view]);
	if (anew) {
		faults_moment(h, MOMENT_FSD);
		if (whom != NULL)
			must_tell(h, whom);
	}
	s->views[line] = a->view;
	s->viewed[line] = true;
	if (!all)
		return;
	if (a->view == FEED_VIEW_OLD) {
		m->core->fsd_ms = 0;
		return;
	}
	/* After an old one, too, it is a new lease, of those who are there now. */
	if (a->view != FEED_VIEW_FSD)
		s->fsd_ms = m->core->fsd_ms = 0;
	else if (anew)
		s->fsd_ms = h->now_ms;
	if (a->view == FEED_VIEW_FSD && h->first && h->fsd_ms == NEVER)
		h->fsd_ms = h->now_ms;
	if (m->core->fsd_ms == 0 && a->view == FEED_VIEW_FSD)
		m->core->fsd_ms = h->now_ms;
}

static void
do_stand(struct house *h, struct machine *m, const struct policy_action *a)
{
	if (a->stand < POLICY_STANDS && a->plan >= 0)
		tell(h, "%s: core: %s is %s%s%s", m->name,
		    m->core->conf.plans[a->plan].name, policy_stands[a->stand],
		    a->text[0] != '\0' ? ": " : "", a->text);
}

/* What run does; how long each takes, and how it ends. */
static void
run_task(struct house *h, struct machine *whom, enum task_verb verb, uint32_t id)
{
	bool reached = net_reaches(h, whom);
	struct message done = {.kind = MESSAGE_DONE, .key = id, .machine = PRIMARY};

	switch (verb) {
	case TASK_TELL:
		done.done = reached && whom->power == POWER_ON ? 0 : EXIT_1;
		if (done.done == 0)
			machine_told(h, whom);
		else
			whom->hook_failed = !reached || whom->asleep_ms != 0 ||
					    !h->plans[whom->plan].probe;
		if (done.done == 0 && whom->kind->by_hook)
			net_send(h,
			    (struct message){.at_ms = h->now_ms + between(h, 200, 3000),
				.kind = MESSAGE_HOOK,
				.machine = whom->index});
		break;
	case TASK_WAKE:
		if (!reached || once_in(h, 12))
			whom->in_vain++;
		else
			net_send(h, (struct message){.at_ms = h->now_ms + 50,
					.kind = MESSAGE_WAKE,
					.machine = whom->index});
		if (whom->power == POWER_OFF)
			whom->wakings++;
		break;
	case TASK_PROBE:
		done.done =
		    reached && (whom->power == POWER_ON || whom->power == POWER_STOPPING)
			? 0
			: EXIT_1;
		break;
	case TASK_VERBS:
		return;
	}
	done.at_ms =
	    h->now_ms + (done.done == 0 ? between(h, 20, 800) : between(h, 1000, 5000));
	net_send(h, done);
}

/* holdupd hands a row and id on once (docs/plan.md, 7). */
static bool
hand_on(struct core *c, uint32_t row, uint32_t id)
{
	size_t count = c->nhanded < TASKS_MAX ? c->nhanded : TASKS_MAX;

	for (size_t i = 0; i < count; i++)
		if (c->handed[i].row == row && c->handed[i].id == id)
			return false;
	c->handed[c->nhanded++ % TASKS_MAX] = (struct handed){.row = row, .id = id};
	return true;
}

static void
do_task(struct house *h, struct machine *m, const struct policy_action *a)
{
	enum task_verb verb;
	struct machine *whom;
	size_t plan;

	must(h, task_of_row(a->notify, &plan, &verb), "a task that is none");
	whom = planned(h, plan);
	must(h, whom != NULL && whom->index != PRIMARY, "a task for this machine itself");
	if (whom == NULL || !hand_on(m->core, a->notify, a->id))
		return;
	if (verb != TASK_PROBE)
		tell(h, "%s: run does %s for %s", m->name, task_name(verb), whom->name);
	must_task(h, a->notify, a->id, a->outage);
	if (verb == TASK_TELL) {
		must_tell(h, whom);
		faults_moment(h, MOMENT_TOLD);
	}
	run_task(h, whom, verb, a->id);
}

static void
do_order(struct house *h, struct machine *m, const struct policy_action *a)
{
	must(h, is_primary(m), "a secondary orders a cut");
	driver_order(h, &h->supplies[a->row], a);
}

static void
do_estimate(struct house *h, struct machine *m, const struct policy_action *a)
{
	if (!is_primary(m))
		return;
	if (h->supplies[a->row].estimated != a->on)
		tell(h, "%s: core estimates %s%s", m->name, h->supplies[a->row].name,
		    a->on ? "" : " no longer");
	h->supplies[a->row].estimated = a->on;
}

static void
do_notify(struct house *h, struct machine *m, const struct policy_action *a)
{
	struct core *c = m->core;

	if (a->notify != notify_row_number(0, NOTIFY_SHUTDOWN))
		return;
	faults_moment(h, MOMENT_FINAL);
	must_final(h, m);
	c->final_ms = h->now_ms;
}

static void
do_refresh(struct house *h, struct machine *m, const struct policy_action *a)
{
	if (is_primary(m)) {
		h->supplies[a->row].dump_ms = h->now_ms + between(h, 20, 2000);
	} else
		m->readers[a->row].source = FEED_LOST; /* it is all told again */
}

static void
do_heartbeat(struct house *h, struct machine *m, const struct policy_action *a)
{
	struct core *c = m->core;

	c->beat_ms = h->now_ms;
	c->deadline_ms = a->deadline_ms == 0 ? 0 : core_time(c, a->deadline_ms);
	c->deadline_cut = a->cut;
}

static void
do_shutdown(struct house *h, struct machine *m, const struct policy_action *a)
{
	if (!m->core->begun)
		must_shutdown(h, m, a->cut);
	core_shutdown(h, m, a->cut, "core says so");
}

static void
do_leave(struct house *h, struct machine *m, const struct policy_action *a)
{
	net_logout(h, m);
}

static void
do_nothing(struct house *h, struct machine *m, const struct policy_action *a)
{
}

static void (*const deeds[])(
    struct house *h, struct machine *m, const struct policy_action *a) = {
    [POLICY_SAVE] = do_nothing, /* core.c */
    [POLICY_KEEP] = do_nothing,
    [POLICY_LOG] = do_log,
    [POLICY_VIEW] = do_view,
    [POLICY_STAND] = do_stand,
    [POLICY_TASK] = do_task,
    [POLICY_ORDER] = do_order,
    [POLICY_ESTIMATE] = do_estimate,
    [POLICY_LEAVE] = do_leave,
    [POLICY_SELF] = do_nothing,
    [POLICY_NOTIFY] = do_notify,
    [POLICY_REFRESH] = do_refresh,
    [POLICY_RESTART] = do_nothing,
    [POLICY_HEARTBEAT] = do_heartbeat,
    [POLICY_SHUTDOWN] = do_shutdown,
};

void
deed_do(struct house *h, struct machine *m, const struct policy_action *a)
{
	if (a->outage > m->core->outage)
		m->core->outage = a->outage;
	deeds[a->kind](h, m, a);
}
