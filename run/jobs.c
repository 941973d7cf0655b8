/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/paths.h"
#include "lib/xmem.h"
#include "run/command.h"
#include "run/jobs.h"

#define FAILED 256 /* exit 1, as of waitpid(2) */

struct job {
	TAILQ_ENTRY(job) entry;
	struct jobs *all;
	struct notify_row row;
	uint32_t id;
	bool wall;    /* else NOTIFYCMD */
	bool answers; /* its end is that of the row */
	pid_t pid;    /* 0: waits */
	bool overdue;
	struct event *deadline;
};

struct jobs {
	struct event_base *base;
	const char *notifycmd;
	void (*done)(void *arg, uint32_t id, int status);
	void *arg;
	TAILQ_HEAD(, job) list; /* in the order in which they came */
	size_t running;
	struct event *sigchld;
};

static void
job_free(struct job *job)
{
	TAILQ_REMOVE(&job->all->list, job, entry);
	event_free(job->deadline);
	free(job);
}

static const char *
job_name(const struct job *job)
{
	return job->wall ? "wall" : "NOTIFYCMD";
}

/* It has ended, or could not begin. */
static void
job_end(struct job *job, int status)
{
	struct jobs *j = job->all;
	uint32_t id = job->id;
	bool answers = job->answers;

	if (status != 0)
		log_warn("%s for %s %s has failed (status 0x%04x)", job_name(job),
		    notify_name(job->row.type), job->row.ups, (unsigned)status);
	job_free(job);
	if (answers)
		j->done(j->arg, id, status);
}

static void
job_start(struct job *job)
{
	const struct timeval time = {.tv_sec = JOBS_DEADLINE_S};
	pid_t pid;

	pid = job->wall ? command_wall(&job->row)
			: command_notify(&job->row, job->all->notifycmd);
	if (pid < 0) {
		log_warn_errno("cannot start %s", job_name(job));
		job_end(job, FAILED);
		return;
	}
	setpgid(pid, pid); /* it does so too: whoever comes first */
	job->pid = pid;
	job->all->running++;
	event_add(job->deadline, &time);
}

/* Starts what waits while there is room. */
static void
jobs_go_on(struct jobs *j)
{
	struct job *job, *next;

	for (job = TAILQ_FIRST(&j->list); job != NULL; job = next) {
		next = TAILQ_NEXT(job, entry);
		if (j->running == JOBS_AT_ONCE)
			return;
		if (job->pid == 0)
			job_start(job);
	}
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	const struct timeval grace = {.tv_sec = JOBS_GRACE_S};
	struct job *job = arg;

	log_warn("%s for %s %s has not ended within %d s: %s", job_name(job),
	    notify_name(job->row.type), job->row.ups, JOBS_DEADLINE_S,
	    job->overdue ? "killing it" : "ending it");
	kill(-job->pid, job->overdue ? SIGKILL : SIGTERM);
	job->overdue = true;
	event_add(job->deadline, &grace);
}

static void
on_sigchld(evutil_socket_t number, short what, void *arg)
{
	struct jobs *j = arg;
	struct job *job, *next;

	for (job = TAILQ_FIRST(&j->list); job != NULL; job = next) {
		int status;

		next = TAILQ_NEXT(job, entry);
		if (job->pid == 0 || waitpid(job->pid, &status, WNOHANG) != job->pid)
			continue;
		if (job->overdue) /* what it has left behind */
			kill(-job->pid, SIGKILL);
		j->running--;
		job_end(job, status);
	}
	jobs_go_on(j);
}

struct jobs *
jobs_new(struct event_base *base, const char *notifycmd,
    void (*done)(void *arg, uint32_t id, int status), void *arg)
{
	struct jobs *j = xcalloc(1, sizeof(*j));

	j->base = base;
	j->notifycmd = notifycmd;
	j->done = done;
	j->arg = arg;
	TAILQ_INIT(&j->list);
	j->sigchld = evsignal_new(base, SIGCHLD, on_sigchld, j);
	event_add(j->sigchld, NULL);
	return j;
}

static void
job_add(
    struct jobs *j, const struct notify_row *row, uint32_t id, bool wall, bool answers)
{
	struct job *job = xcalloc(1, sizeof(*job));

	job->all = j;
	job->row = *row;
	job->id = id;
	job->wall = wall;
	job->answers = answers;
	job->deadline = evtimer_new(j->base, on_deadline, job);
	TAILQ_INSERT_TAIL(&j->list, job, entry);
}

/* Nobody's terminal hears of a private installation. */
void
jobs_add(struct jobs *j, const struct notify_row *row, uint32_t id)
{
	const bool exec = (row->flags & NOTIFY_EXEC) != 0 && j->notifycmd != NULL;
	const bool wall = (row->flags & NOTIFY_WALL) != 0 && !paths_private();

	if (exec)
		job_add(j, row, id, false, true);
	if (wall)
		job_add(j, row, id, true, !exec);
	if (!exec && !wall)
		j->done(j->arg, id, 0);
	jobs_go_on(j);
}

void
jobs_free(struct jobs *j)
{
	struct job *job, *next;

	for (job = TAILQ_FIRST(&j->list); job != NULL; job = next) {
		next = TAILQ_NEXT(job, entry);
		job_free(job);
	}
	event_free(j->sigchld);
	free(j);
}
