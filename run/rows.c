/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "lib/log.h"
#include "lib/notify.h"
#include "lib/paths.h"
#include "lib/task.h"
#include "lib/xmem.h"
#include "run/command.h"
#include "run/rows.h"

/* What NOTIFYCMD is started with. */
struct told {
	struct notify_row row;
	char command[];
};

static pid_t
start_wall(const void *arg)
{
	const struct told *t = arg;

	return command_wall(&t->row);
}

static pid_t
start_notify(const void *arg)
{
	const struct told *t = arg;

	return command_notify(&t->row, t->command);
}

static void
add(struct rows *r, const struct notify_row *row, uint32_t id, bool wall, bool answers)
{
	const char *command = wall ? "" : r->upsmon.notifycmd;
	struct told *t = xcalloc(1, sizeof(*t) + strlen(command) + 1);
	const struct job job = {
	    .queue = JOBS_PEOPLE,
	    .name = xasprintf("%s for %s %s", wall ? "wall" : "NOTIFYCMD",
		notify_name(row->type), row->ups),
	    .start = wall ? start_wall : start_notify,
	    .arg = t,
	    .deadline_s = JOBS_DEADLINE_S,
	    .answers = answers,
	    .id = id,
	};

	t->row = *row;
	memcpy(t->command, command, strlen(command) + 1);
	jobs_add(r->jobs, &job);
}

/* Nobody's terminal hears of a private installation. */
static bool
tell_people(struct rows *r, const struct notify_row *row, uint32_t id)
{
	const bool exec = (row->flags & NOTIFY_EXEC) != 0 && r->upsmon.notifycmd != NULL;
	const bool wall = (row->flags & NOTIFY_WALL) != 0 && !paths_private();

	if (row->flags & NOTIFY_SYSLOG)
		log_info("%s", row->text);
	else
		log_debug("%s: %s", notify_name(row->type), row->text);
	if (exec)
		add(r, row, id, false, true);
	if (wall)
		add(r, row, id, true, !exec);
	return exec || wall;
}

bool
rows_run(struct rows *r, uint32_t number, uint32_t id, const char *extra)
{
	struct notify_row row;

	if (number >= TASK_ROWS)
		return rows_task(r, number, id);
	if (notify_row(&r->upsmon, number, extra, &row) < 0) {
		log_warn("upsmon.conf has no row %u", (unsigned)number);
		return false;
	}
	return tell_people(r, &row, id);
}
