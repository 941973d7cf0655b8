/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "hid/driver_in.h"
#include "lib/xmem.h"

#define ALLOW "driver.flag.allow_killpower"

#define NO_WAY SIZE_MAX /* it is not driver.killpower */

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

bool
driver_jobs_due(const struct driver *d, uint64_t now)
{
	const struct job *j = TAILQ_FIRST(&d->jobs);

	return j != NULL && now >= j->look;
}

bool
driver_jobs_goes_on(const struct driver *d)
{
	const struct job *j = TAILQ_FIRST(&d->jobs);

	return j != NULL && j->written > 0 && j->written < j->nwrites;
}

/* Says more of why a command failed. */
static void __attribute__((format(printf, 2, 3)))
because(struct job *j, const char *format, ...)
{
	size_t used = strlen(j->result.reason);
	va_list args;

	va_start(args, format);
	vsnprintf(j->result.reason + used, sizeof(j->result.reason) - used, format, args);
	va_end(args);
}

/* Makes driver.killpower the first of its ways, from `way` on, that the device's table
 * has; false when there is none. */
static bool
take_way(struct driver *d, struct job *j, size_t way)
{
	const char *name;
	char cause[96];
	long left;

	for (; (name = options_way(d->options, way)) != NULL; way++) {
		if (hidups_command(d->ups, name, NULL, j->writes, &j->nwrites, cause,
			sizeof(cause)) != HIDUPS_OK ||
		    j->nwrites == 0)
			continue;
		j->way = way;
		j->written = 0;
		j->asked = hidups_asked(d->ups, name, NULL);
		hidups_count(d->ups, LONG_MAX, &left);
		j->counted = left >= 0;
		return true;
	}
	return false;
}

void
driver_jobs_wrote(struct driver *d, int error)
{
	struct job *j = TAILQ_FIRST(&d->jobs);

	if (error == 0) {
		j->written++;
		return;
	}
	if (j->way != NO_WAY && !j->undoes && take_way(d, j, j->way + 1))
		return;
	if (j->undoes)
		because(j, ", and does not take the order to stop");
	finish(d, j, DSERVER_FAILED, error);
}

/* The device counts less than was ordered: nothing is as who ordered it believes, so it
 * is to stop. */
static void
undo(struct driver *d, struct job *j)
{
	char cause[96];

	because(j, "it counts %ld s instead of %ld", j->most, j->asked);
	hidups_cap(d->ups, j->most);
	driver_refresh(d);
	if (hidups_command(d->ups, "shutdown.stop", NULL, j->writes, &j->nwrites, cause,
		sizeof(cause)) != HIDUPS_OK) {
		because(j, ", and cannot be stopped");
		finish(d, j, DSERVER_FAILED, 0);
		return;
	}
	j->asked = -1;
	j->stops = j->undoes = true;
	j->written = j->reread = 0;
	j->until = 0;
}

/* What the timer should do by now it does not, or does not say. */
static void
give_up(struct driver *d, struct job *j, enum hidups_count count)
{
	bool silent = count == HIDUPS_UNREAD;

	if (j->stops && !silent)
		because(
		    j, "%s", j->undoes ? ", and goes on counting" : "it still counts");
	else if (!silent)
		because(j, "taken, but its timer does not count: it seems to ignore it");
	finish(d, j, silent && !j->undoes ? DSERVER_DONE : DSERVER_FAILED, 0);
}

/* What was written has been read back; what it should have begun, or ended, is looked at
 * until it shows. */
static void
prove(struct driver *d, struct job *j, int error, uint64_t now)
{
	enum hidups_count count = HIDUPS_UNREAD;
	long left = -1;
	bool ends;

	if (error == 0)
		count = hidups_count(d->ups, j->stops ? LONG_MAX : j->asked, &left);
	ends = j->stops ? count == HIDUPS_IDLE : count == HIDUPS_COUNTS;
	if (j->until == 0)
		j->until = now + DRIVER_PROOF_MS;
	if (left > j->most)
		j->most = left;
	if (ends) {
		if (j->undoes)
			because(j, ": cancelled");
		finish(d, j, j->undoes ? DSERVER_FAILED : DSERVER_DONE, 0);
	} else if (count == HIDUPS_SHORT && !j->stops &&
		   (!j->counted || now >= j->until || left <= HIDUPS_LAG_S)) {
		undo(d, j);
	} else if (now < j->until) {
		j->look = now + DRIVER_LOOK_MS;
		j->reread = 0;
	} else {
		give_up(d, j, count);
	}
}

/* The same of a number that is to stay: some devices take a moment, some cap it or take no
 * notice. */
static void
prove_kept(struct driver *d, struct job *j, int error, uint64_t now)
{
	char cause[sizeof(j->result.reason)];

	if (error != 0 || hidups_kept(d->ups, j->result.name, j->sets ? j->value : NULL,
			      cause, sizeof(cause))) {
		finish(d, j, DSERVER_DONE, 0);
		return;
	}
	if (j->until == 0)
		j->until = now + DRIVER_PROOF_MS;
	if (now < j->until) {
		j->look = now + DRIVER_LOOK_MS;
		j->reread = 0;
	} else {
		because(j, "%s", cause);
		finish(d, j, DSERVER_FAILED, 0);
	}
}

void
driver_jobs_reread(struct driver *d, int error, uint64_t now)
{
	struct job *j = TAILQ_FIRST(&d->jobs);

	d->urgent = true;
	if (++j->reread < j->nwrites)
		return;
	if (j->asked >= 0 || j->stops)
		prove(d, j, error, now);
	else
		prove_kept(d, j, error, now);
	if (j != TAILQ_FIRST(&d->jobs))
		d->next_poll = now;
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
	j->asked = j->most = -1;
	j->way = NO_WAY;
	j->result.ticket = ticket;
	snprintf(j->result.name, sizeof(j->result.name), "%s", name);
	return j;
}

/* driver.killpower: cuts the output now, where ups.conf or a client has allowed that. */
static enum dserver_status
killpower(struct driver *d, unsigned long ticket, char *cause, size_t size)
{
	const char *allowed = state_get(d->vars, ALLOW);
	struct job *j;

	if (allowed == NULL || strcmp(allowed, "1") != 0) {
		snprintf(cause, size, "ups.conf has no allow_killpower for it");
		return DSERVER_INVALID;
	}
	if ((j = job_new(d, "driver.killpower", ticket, cause, size)) == NULL)
		return DSERVER_FAILED;
	return queue(d, j, take_way(d, j, 0) ? HIDUPS_OK : HIDUPS_UNKNOWN);
}

/* The one variable of the driver's own that may be set. */
static enum dserver_status
allow(struct driver *d, const char *value)
{
	static const char *const yes[] = {"enable", "enabled", "true", "yes", "on"};
	bool allowed = strtol(value, NULL, 10) > 0;

	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		allowed |= strcmp(value, yes[i]) == 0;
	driver_announce(d, ALLOW, allowed ? "1" : "0");
	return DSERVER_DONE;
}

enum dserver_status
driver_command(struct driver *d, const char *cmd, const char *value, unsigned long ticket,
    char *cause, size_t size)
{
	struct job *j;
	long left;

	if (strcasecmp(cmd, "driver.killpower") == 0)
		return killpower(d, ticket, cause, size);
	if ((j = job_new(d, cmd, ticket, cause, size)) == NULL)
		return DSERVER_FAILED;
	j->asked = hidups_asked(d->ups, cmd, value);
	hidups_count(d->ups, LONG_MAX, &left);
	j->counted = left >= 0;
	j->stops = strcmp(cmd, "shutdown.stop") == 0;
	return queue(d, j,
	    hidups_command(d->ups, cmd, value, j->writes, &j->nwrites, cause, size));
}

enum dserver_status
driver_set(struct driver *d, const char *var, const char *value, unsigned long ticket,
    char *cause, size_t size)
{
	struct job *j;

	if (strcmp(var, ALLOW) == 0)
		return allow(d, value);
	if (state_get(d->options->overrides, var) != NULL) {
		snprintf(cause, size, "ups.conf overrides it");
		return DSERVER_INVALID;
	}
	if ((j = job_new(d, var, ticket, cause, size)) == NULL)
		return DSERVER_FAILED;
	j->sets = true;
	snprintf(j->value, sizeof(j->value), "%s", value);
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
