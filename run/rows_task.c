/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "lib/log.h"
#include "lib/task.h"
#include "lib/xmem.h"
#include "run/command.h"
#include "run/rows.h"

#define PROBE_S 10 /* of a probe: it gives up by itself after some */

static pid_t
start_hook(const void *arg)
{
	const struct conf_machine *m = *(const struct conf_machine *const *)arg;

	return command_hook(m->hook, m->name, "tell");
}

static pid_t
start_wake_hook(const void *arg)
{
	const struct conf_machine *m = *(const struct conf_machine *const *)arg;

	return command_hook(m->wakehook, m->name, "wake");
}

static pid_t
start_packet(const void *arg)
{
	const struct conf_machine *m = *(const struct conf_machine *const *)arg;

	return command_packet(m->mac);
}

static pid_t
start_probe(const void *arg)
{
	const struct conf_machine *m = *(const struct conf_machine *const *)arg;

	return m->off == CONF_OFF_TCP ? command_connect(m->address, m->off_port)
				      : command_ping(m->address);
}

/* How a verb is done for this machine; NULL: it has nothing for that. */
static pid_t (*start_of(const struct conf_machine *m, enum task_verb verb))(const void *)
{
	switch (verb) {
	case TASK_TELL:
		return m->hook != NULL ? start_hook : NULL;
	case TASK_WAKE:
		if (m->wakehook != NULL)
			return start_wake_hook;
		return m->wakes ? start_packet : NULL;
	case TASK_PROBE:
		return m->address != NULL ? start_probe : NULL;
	case TASK_VERBS:
		break;
	}
	return NULL;
}

bool
rows_task(struct rows *r, uint32_t row, uint32_t id)
{
	const struct conf_machine *m, **arg;
	enum task_verb verb;
	size_t machine;
	struct job job = {
	    .queue = JOBS_MACHINES,
	    .deadline_s = JOBS_DEADLINE_S,
	    .answers = true,
	    .id = id,
	};

	if (!task_of_row(row, &machine, &verb) || machine >= r->holdup.nmachines ||
	    (job.start = start_of(&r->holdup.machines[machine], verb)) == NULL) {
		log_warn("holdup.conf has no task %u", (unsigned)row);
		return false;
	}
	m = &r->holdup.machines[machine];
	if (verb == TASK_PROBE) {
		job.queue = JOBS_PROBES;
		job.deadline_s = PROBE_S;
		job.quiet = true;
	} else if (m->takes > JOBS_DEADLINE_S)
		job.deadline_s = (unsigned)m->takes; /* its hook may wait for it */
	job.name = xasprintf("%s %s", task_name(verb), m->name);
	arg = xmalloc(sizeof(*arg));
	*arg = m;
	job.arg = arg;
	if (!job.quiet)
		log_info("%s: key %08x", job.name, (unsigned)id);
	jobs_add(r->jobs, &job);
	return true;
}
