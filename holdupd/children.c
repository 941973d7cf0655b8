/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "holdupd/backoff.h"
#include "holdupd/children.h"
#include "lib/boottime.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/xmem.h"

struct child {
	struct children *all;
	const struct plan_child *plan;
	pid_t pid; /* 0: does not run */
	uint64_t started_ms;
	struct backoff backoff;
	struct event *start;
};

struct children {
	struct child *list;
	size_t count;
	int (*descriptor)(void *arg, struct plan_fd fd);
	void *arg;
	struct event *sigchld, *kill, *stopped;
	bool stopping;
	void (*ended)(void *arg);
	void *ended_arg;
};

/* In the child: descriptors to their places, everything else closed. First out of the
 * way of the places, then into them. */
static int
descriptors_place(int *fds, size_t count)
{
	const int end = PLAN_FIRST_FD + (int)count;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (size_t i = 0; i < count; i++)
		if ((fds[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, end)) < 0)
			return -1;
	for (size_t i = 0; i < count; i++)
		if (dup2(fds[i], PLAN_FIRST_FD + (int)i) < 0)
			return -1;
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 ||
	    dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
		return -1;
	return close_range((unsigned)end, ~0U, 0);
}

/* In the child, between fork and exec: only what is safe there. */
static void __attribute__((noreturn))
child_become(const struct plan_child *plan, const char *path, int *fds, pid_t parent)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* SIGTERM when holdupd dies, whatever it dies of; it may have died already. */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || getppid() != parent)
		_exit(1);
	if (descriptors_place(fds, plan->nfds) == 0)
		execv(path, plan->argv);
	log_warn_errno("cannot run %s", path);
	_exit(127);
}

static void
timer_start(struct event *timer, uint64_t ms)
{
	const struct timeval time = {
	    .tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)};

	event_add(timer, &time);
}

/* Plans the next start. Returns its delay. */
static uint64_t
child_later(struct child *c)
{
	uint64_t lived = boottime_ms() - c->started_ms;
	uint64_t delay = backoff_delay(&c->backoff, lived);

	timer_start(c->start, delay);
	return delay;
}

/* Collects the descriptors and forks. Returns -1 with the cause logged. */
static int
child_start(struct child *c)
{
	char *path = paths_program(c->plan->argv[0]);
	pid_t parent = getpid(), pid = -1;
	int fds[PLAN_FDS_MAX];

	c->started_ms = boottime_ms();
	if (path == NULL) {
		log_warn("the program %s is missing beside holdupd and in HOLDUP_LIBEXEC",
		    c->plan->argv[0]);
		return -1;
	}
	for (size_t i = 0; i < c->plan->nfds; i++)
		if ((fds[i] = c->all->descriptor(c->all->arg, c->plan->fds[i])) < 0) {
			log_warn("%s: a descriptor for it is missing", c->plan->name);
			goto out;
		}
	if ((pid = fork()) == 0)
		child_become(c->plan, path, fds, parent);
	if (pid < 0)
		log_warn_errno("%s: cannot be started", c->plan->name);
	else
		log_debug("%s started, pid %d", c->plan->name, (int)pid);
out:
	free(path);
	c->pid = pid > 0 ? pid : 0;
	return pid > 0 ? 0 : -1;
}

static void
on_start(evutil_socket_t fd, short what, void *arg)
{
	struct child *c = arg;

	if (!c->all->stopping && child_start(c) < 0)
		child_later(c);
}

/* "signal 11" or "exit 1". */
static const char *
end_text(int status, char *out, size_t size)
{
	if (WIFSIGNALED(status))
		snprintf(out, size, "signal %d", WTERMSIG(status));
	else
		snprintf(out, size, "exit %d", WEXITSTATUS(status));
	return out;
}

static void
child_ended(struct child *c, int status)
{
	char text[32];
	uint64_t delay;

	c->pid = 0;
	if (c->all->stopping)
		return;
	end_text(status, text, sizeof(text));
	delay = child_later(c);
	if (delay == 0)
		log_warn("%s ended (%s); starting it again", c->plan->name, text);
	else
		log_warn("%s ended (%s); starting it again in %llu s", c->plan->name,
		    text, (unsigned long long)delay / 1000);
}

/* Counts those that run, drivers or the others. */
static size_t
running(const struct children *all, bool drivers)
{
	size_t n = 0;

	for (size_t i = 0; i < all->count; i++)
		n += all->list[i].pid != 0 && (all->list[i].plan->row >= 0) == drivers;
	return n;
}

static void
signal_some(struct children *all, bool drivers, int number)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->list[i].pid != 0 && (all->list[i].plan->row >= 0) == drivers)
			kill(all->list[i].pid, number);
}

/* The drivers go last, so that no client is told of a loss that is none. */
static void
stop_go_on(struct children *all)
{
	if (running(all, false) > 0)
		return;
	if (running(all, true) > 0)
		signal_some(all, true, SIGTERM);
	else
		event_active(all->stopped, EV_TIMEOUT, 1);
}

static void
on_sigchld(evutil_socket_t number, short what, void *arg)
{
	struct children *all = arg;

	for (size_t i = 0; i < all->count; i++) {
		struct child *c = &all->list[i];
		int status;

		if (c->pid != 0 && waitpid(c->pid, &status, WNOHANG) == c->pid)
			child_ended(c, status);
	}
	if (all->stopping)
		stop_go_on(all);
}

static void
on_kill(evutil_socket_t fd, short what, void *arg)
{
	struct children *all = arg;

	log_warn("a program did not end within %d s of SIGTERM: killing it",
	    CHILDREN_TERM_MS / 1000);
	signal_some(all, false, SIGKILL);
	signal_some(all, true, SIGKILL);
}

static void
on_stopped(evutil_socket_t fd, short what, void *arg)
{
	struct children *all = arg;

	event_del(all->kill);
	all->ended(all->ended_arg);
}

struct children *
children_new(struct event_base *base, const struct plan *plan,
    int (*descriptor)(void *arg, struct plan_fd fd), void *arg)
{
	struct children *all = xcalloc(1, sizeof(*all));

	all->descriptor = descriptor;
	all->arg = arg;
	all->count = plan->nchildren;
	all->list = xcalloc(all->count, sizeof(*all->list));
	all->sigchld = evsignal_new(base, SIGCHLD, on_sigchld, all);
	all->kill = evtimer_new(base, on_kill, all);
	all->stopped = event_new(base, -1, 0, on_stopped, all);
	event_add(all->sigchld, NULL);
	for (size_t i = 0; i < all->count; i++) {
		struct child *c = &all->list[i];

		c->all = all;
		c->plan = &plan->children[i];
		c->start = evtimer_new(base, on_start, c);
		on_start(-1, 0, c);
	}
	return all;
}

void
children_kill(struct children *all, size_t index, const char *why)
{
	struct child *c = &all->list[index];

	if (c->pid == 0)
		return;
	log_warn("%s: %s: killing it", c->plan->name, why);
	kill(c->pid, SIGKILL);
}

uint64_t
children_age(const struct children *all, size_t index)
{
	const struct child *c = &all->list[index];

	return c->pid == 0 ? 0 : boottime_ms() - c->started_ms;
}

void
children_stop(struct children *all, void (*ended)(void *arg), void *arg)
{
	if (all->stopping)
		return;
	all->stopping = true;
	all->ended = ended;
	all->ended_arg = arg;
	timer_start(all->kill, CHILDREN_TERM_MS);
	signal_some(all, false, SIGTERM);
	stop_go_on(all);
}

void
children_free(struct children *all)
{
	for (size_t i = 0; i < all->count; i++)
		event_free(all->list[i].start);
	event_free(all->sigchld);
	event_free(all->kill);
	event_free(all->stopped);
	free(all->list);
	free(all);
}
