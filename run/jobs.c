/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/xmem.h"
#include "run/jobs.h"

struct entry {
	TAILQ_ENTRY(entry) next;
	struct jobs *all;
	struct job job;
	pid_t pid; /* 0: waits */
	bool overdue;
	struct event *deadline;
};

struct jobs {
	struct event_base *base;
	void (*done)(void *arg, uint32_t id, int status);
	void *arg;
	TAILQ_HEAD(, entry) list; /* in the order in which they came */
	size_t running[JOBS_QUEUES];
	struct event *sigchld;
};

static void
entry_free(struct entry *e)
{
	TAILQ_REMOVE(&e->all->list, e, next);
	event_free(e->deadline);
	free(e->job.name);
	free(e->job.arg);
	free(e);
}

/* It has ended, or could not begin. */
static void
entry_end(struct entry *e, int status)
{
	struct jobs *j = e->all;
	uint32_t id = e->job.id;
	bool answers = e->job.answers;

	if (status != 0 && !e->job.quiet)
		log_warn("%s has failed (%s %d)", e->job.name,
		    WIFSIGNALED(status) ? "signal" : "exit status",
		    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	entry_free(e);
	if (answers)
		j->done(j->arg, id, status);
}

static void
entry_start(struct entry *e)
{
	const struct timeval time = {.tv_sec = e->job.deadline_s};
	pid_t pid = e->job.start(e->job.arg);

	if (pid < 0) {
		log_warn_errno("cannot start %s", e->job.name);
		entry_end(e, JOBS_FAILED);
		return;
	}
	setpgid(pid, pid); /* it does so too: whoever comes first */
	e->pid = pid;
	e->all->running[e->job.queue]++;
	event_add(e->deadline, &time);
}

/* Starts what waits while there is room in its queue. */
static void
jobs_go_on(struct jobs *j)
{
	struct entry *e, *next;

	for (e = TAILQ_FIRST(&j->list); e != NULL; e = next) {
		next = TAILQ_NEXT(e, next);
		if (e->pid == 0 && j->running[e->job.queue] < JOBS_AT_ONCE)
			entry_start(e);
	}
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	const struct timeval grace = {.tv_sec = JOBS_GRACE_S};
	struct entry *e = arg;

	if (!e->job.quiet)
		log_warn("%s has not ended within %u s: %s", e->job.name,
		    e->job.deadline_s, e->overdue ? "killing it" : "ending it");
	kill(-e->pid, e->overdue ? SIGKILL : SIGTERM);
	e->overdue = true;
	event_add(e->deadline, &grace);
}

static void
on_sigchld(evutil_socket_t number, short what, void *arg)
{
	struct jobs *j = arg;
	struct entry *e, *next;

	for (e = TAILQ_FIRST(&j->list); e != NULL; e = next) {
		int status;

		next = TAILQ_NEXT(e, next);
		if (e->pid == 0 || waitpid(e->pid, &status, WNOHANG) != e->pid)
			continue;
		if (e->overdue) /* what it has left behind */
			kill(-e->pid, SIGKILL);
		j->running[e->job.queue]--;
		entry_end(e, status);
	}
	jobs_go_on(j);
}

struct jobs *
jobs_new(
    struct event_base *base, void (*done)(void *arg, uint32_t id, int status), void *arg)
{
	struct jobs *j = xcalloc(1, sizeof(*j));

	j->base = base;
	j->done = done;
	j->arg = arg;
	TAILQ_INIT(&j->list);
	j->sigchld = evsignal_new(base, SIGCHLD, on_sigchld, j);
	event_add(j->sigchld, NULL);
	return j;
}

void
jobs_add(struct jobs *j, const struct job *job)
{
	struct entry *e = xcalloc(1, sizeof(*e));

	e->all = j;
	e->job = *job;
	e->deadline = evtimer_new(j->base, on_deadline, e);
	TAILQ_INSERT_TAIL(&j->list, e, next);
	jobs_go_on(j);
}

void
jobs_free(struct jobs *j)
{
	struct entry *e, *next;

	for (e = TAILQ_FIRST(&j->list); e != NULL; e = next) {
		next = TAILQ_NEXT(e, next);
		entry_free(e);
	}
	event_free(j->sigchld);
	free(j);
}
