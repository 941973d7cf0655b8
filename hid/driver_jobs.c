/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>

#include "hid/driver_in.h"
#include "lib/xmem.h"

/* A command is through: its result waits for driver_result(). */
static void
finish(struct driver *d, struct job *j, enum dserver_status status, int error)
{
	j->result.status = status;
	j->result.error = error;
	TAILQ_REMOVE(&d->jobs, j, link);
	TAILQ_INSERT_TAIL(&d->done, j, link);
	d->njobs--;
}

void
driver_jobs_fail(struct driver *d, int error)
{
	struct job *j;

	while ((j = TAILQ_FIRST(&d->jobs)) != NULL)
		finish(d, j, DSERVER_FAILED, error);
}

void
driver_jobs_wrote(struct driver *d, int error)
{
	struct job *j = TAILQ_FIRST(&d->jobs);

	if (error != 0)
		finish(d, j, DSERVER_FAILED, error);
	else
		j->written++;
}

void
driver_jobs_reread(struct driver *d, uint64_t now)
{
	struct job *j = TAILQ_FIRST(&d->jobs);

	if (++j->reread < j->nwrites)
		return;
	finish(d, j, DSERVER_DONE, 0);
	d->next_poll = now;
	d->urgent = true;
}

/* Queues what hidups made of a command; a setting of the driver's own is done at once. */
static enum dserver_status
queue(struct driver *d, struct job *j, enum hidups_answer answer)
{
	if (answer == HIDUPS_OK && j->nwrites > 0) {
		TAILQ_INSERT_TAIL(&d->jobs, j, link);
		d->njobs++;
		return DSERVER_PENDING;
	}
	free(j);
	if (answer == HIDUPS_OK) {
		driver_refresh(d);
		d->urgent = true;
		return DSERVER_DONE;
	}
	return answer == HIDUPS_INVALID ? DSERVER_INVALID : DSERVER_UNKNOWN;
}

/* A new job, or NULL with the reason when none can be taken now. */
static struct job *
job_new(
    struct driver *d, const char *name, unsigned long ticket, char *cause, size_t size)
{
	struct job *j;

	if (d->ups == NULL || d->gone) {
		snprintf(cause, size, "there is no device");
		return NULL;
	}
	if (d->njobs == DRIVER_JOBS_MAX) {
		snprintf(cause, size, "%d commands wait already", DRIVER_JOBS_MAX);
		return NULL;
	}
	j = xcalloc(1, sizeof(*j));
	j->result.ticket = ticket;
	snprintf(j->result.name, sizeof(j->result.name), "%s", name);
	return j;
}

enum dserver_status
driver_command(struct driver *d, const char *cmd, const char *value, unsigned long ticket,
    char *cause, size_t size)
{
	struct job *j = job_new(d, cmd, ticket, cause, size);

	if (j == NULL)
		return DSERVER_FAILED;
	return queue(d, j,
	    hidups_command(d->ups, cmd, value, j->writes, &j->nwrites, cause, size));
}

enum dserver_status
driver_set(struct driver *d, const char *var, const char *value, unsigned long ticket,
    char *cause, size_t size)
{
	struct job *j;

	if (state_get(d->options->overrides, var) != NULL) {
		snprintf(cause, size, "ups.conf overrides it");
		return DSERVER_INVALID;
	}
	if ((j = job_new(d, var, ticket, cause, size)) == NULL)
		return DSERVER_FAILED;
	return queue(
	    d, j, hidups_set(d->ups, var, value, j->writes, &j->nwrites, cause, size));
}

bool
driver_result(struct driver *d, struct driver_result *r)
{
	struct job *j = TAILQ_FIRST(&d->done);

	if (j == NULL)
		return false;
	*r = j->result;
	TAILQ_REMOVE(&d->done, j, link);
	free(j);
	return true;
}
