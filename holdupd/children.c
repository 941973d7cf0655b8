/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "holdupd/children.h"
#include "holdupd/foreign.h"
#include "holdupd/heart.h"
#include "holdupd/spawn.h"
#include "lib/backoff.h"
#include "lib/boottime.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/sock.h"
#include "lib/xmem.h"

#define HURRY_MS 200 /* between two starts of a child that cannot live */

struct child {
	struct children *all;
	const struct plan_child *plan; /* NULL: it has no place any more, and is to end */
	char *name;
	bool driver;
	pid_t pid; /* 0: does not run */
	uint64_t started_ms;
	struct backoff backoff;
	bool hurry;
	bool renewed; /* it ends because another configuration waits for it */
	bool missing; /* its program is, and that is in the log */
	struct foreign foreign;
	struct event *start, *overdue;
};

struct children {
	struct event_base *base;
	struct child **list; /* those of the plan, in its order; then those that end */
	size_t count, total;
	const struct users *users;
	int (*descriptor)(void *arg, struct plan_fd fd);
	void *arg;
	struct event *sigchld, *kill, *stopped;
	bool stopping;
	void (*ended)(void *arg);
	void *ended_arg;
};

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

	if (c->hurry)
		delay = lived < HURRY_MS ? HURRY_MS : 0;
	timer_start(c->start, delay);
	return delay;
}

/* The path of its program, which the caller frees; what is missing is logged once. */
static char *
program(struct child *c)
{
	char cause[512], *path = spawn_path(c->plan, cause, sizeof(cause));

	if (path == NULL && !c->missing)
		log_warn("%s: %s", c->name, cause);
	c->missing = path == NULL;
	return path;
}

/* Collects the descriptors and forks. Returns -1 with the cause logged. */
static int
child_start(struct child *c)
{
	const struct plan_child *plan = c->plan;
	int fds[PLAN_FDS_MAX];
	pid_t pid;
	char *path;

	c->started_ms = boottime_ms();
	if ((path = program(c)) == NULL)
		return -1;
	for (size_t i = 0; i < plan->nfds; i++)
		if ((fds[i] = c->all->descriptor(c->all->arg, plan->fds[i])) < 0) {
			log_warn("%s: a descriptor for it is missing", c->name);
			free(path);
			return -1;
		}
	pid = spawn_child(plan, path, fds, &c->all->users->list[plan->user]);
	free(path);
	if (pid < 0)
		return -1;
	log_debug("%s started, pid %d", c->name, (int)pid);
	c->pid = pid;
	return 0;
}

/* True when somebody serves the socket of that driver. */
static bool
answers(const struct plan_child *plan)
{
	char *path = paths_state(plan->socket);
	bool served = sock_is_served(path) ||
		      (plan->elsewhere != NULL && sock_is_served(plan->elsewhere));

	free(path);
	return served;
}

/* True when a driver of NUT is somebody else's, which is looked at again later. */
static bool
is_elsewhere(struct child *c)
{
	switch (foreign_look(&c->foreign, answers(c->plan), boottime_ms())) {
	case FOREIGN_START:
		return false;
	case FOREIGN_AFTER:
		log_warn("%s: nobody has run it for %d s: starting it", c->name,
		    FOREIGN_GONE_MS / 1000);
		return false;
	case FOREIGN_FOUND:
		log_info("%s: somebody runs it already, it is used as it is", c->name);
		break;
	case FOREIGN_USE:
	case FOREIGN_WAIT:
		break;
	}
	timer_start(c->start, FOREIGN_LOOK_MS);
	return true;
}

static void
on_start(evutil_socket_t fd, short what, void *arg)
{
	struct child *c = arg;

	if (c->all->stopping || c->plan->idle || (c->plan->foreign && is_elsewhere(c)))
		return;
	if (child_start(c) < 0)
		child_later(c);
}

static void
on_overdue(evutil_socket_t fd, short what, void *arg)
{
	struct child *c = arg;

	log_warn("%s did not end within %d s of SIGTERM: killing it", c->name,
	    CHILDREN_TERM_MS / 1000);
	kill(c->pid, SIGKILL);
}

static struct child *
child_new(struct children *all, const struct plan_child *plan)
{
	struct child *c = xcalloc(1, sizeof(*c));

	c->all = all;
	c->plan = plan;
	c->name = xstrdup(plan->name);
	c->driver = plan->told != NULL;
	c->start = evtimer_new(all->base, on_start, c);
	c->overdue = evtimer_new(all->base, on_overdue, c);
	return c;
}

static void
child_free(struct child *c)
{
	event_free(c->start);
	event_free(c->overdue);
	free(c->name);
	free(c);
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

/* It may go: a child that is renewed starts again, one without a place is forgotten when
 * the list is next swept. */
static void
child_ended(struct child *c, int status)
{
	char text[32];
	uint64_t delay;

	c->pid = 0;
	event_del(c->overdue);
	if (c->all->stopping || c->plan == NULL)
		return;
	if (c->renewed) {
		c->renewed = false;
		c->backoff = (struct backoff){0};
		on_start(-1, 0, c);
		return;
	}
	end_text(status, text, sizeof(text));
	delay = child_later(c);
	if (delay < 1000)
		log_warn("%s ended (%s); starting it again", c->name, text);
	else
		log_warn("%s ended (%s); starting it again in %llu s", c->name, text,
		    (unsigned long long)delay / 1000);
}

/* Counts those that run, drivers or the others. */
static size_t
running(const struct children *all, bool drivers)
{
	size_t n = 0;

	for (size_t i = 0; i < all->total; i++)
		n += all->list[i]->pid != 0 && all->list[i]->driver == drivers;
	return n;
}

static void
signal_some(struct children *all, bool drivers, int number)
{
	for (size_t i = 0; i < all->total; i++)
		if (all->list[i]->pid != 0 && all->list[i]->driver == drivers)
			kill(all->list[i]->pid, number);
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

/* Forgets those that have ended and have no place in the plan. */
static void
sweep(struct children *all)
{
	size_t kept = all->count;

	for (size_t i = all->count; i < all->total; i++) {
		if (all->list[i]->pid != 0)
			all->list[kept++] = all->list[i];
		else
			child_free(all->list[i]);
	}
	all->total = kept;
}

static void
on_sigchld(evutil_socket_t number, short what, void *arg)
{
	struct children *all = arg;

	for (size_t i = 0; i < all->total; i++) {
		struct child *c = all->list[i];
		int status;

		if (c->pid != 0 && waitpid(c->pid, &status, WNOHANG) == c->pid)
			child_ended(c, status);
	}
	sweep(all);
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
children_new(struct event_base *base, const struct plan *plan, const struct users *users,
    int (*descriptor)(void *arg, struct plan_fd fd), void *arg)
{
	struct children *all = xcalloc(1, sizeof(*all));

	all->base = base;
	all->users = users;
	all->descriptor = descriptor;
	all->arg = arg;
	all->count = all->total = plan->nchildren;
	all->list = xcalloc(all->count, sizeof(*all->list));
	all->sigchld = evsignal_new(base, SIGCHLD, on_sigchld, all);
	all->kill = evtimer_new(base, on_kill, all);
	all->stopped = event_new(base, -1, 0, on_stopped, all);
	event_add(all->sigchld, NULL);
	for (size_t i = 0; i < all->count; i++)
		all->list[i] = child_new(all, &plan->children[i]);
	for (size_t i = 0; i < all->count; i++)
		on_start(-1, 0, all->list[i]);
	return all;
}

/* Takes a child of that name out of the first `count` of a list; NULL: none. */
static struct child *
take_named(struct child **list, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		struct child *c = list[i];

		if (c != NULL && strcmp(c->name, name) == 0) {
			list[i] = NULL;
			return c;
		}
	}
	return NULL;
}

/* Asks a running child to end. */
static void
child_end(struct child *c)
{
	event_del(c->start);
	if (c->pid == 0)
		return;
	kill(c->pid, SIGTERM);
	timer_start(c->overdue, CHILDREN_TERM_MS);
}

/* Starts a child, or ends it so that it starts afresh. */
static void
child_renew(struct child *c)
{
	if (c->pid == 0) {
		timer_start(c->start, 0);
		return;
	}
	c->renewed = true;
	child_end(c);
}

void
children_again(struct children *all, size_t index)
{
	child_renew(all->list[index]);
}

void
children_replace(struct children *all, const struct plan *plan, const bool *same)
{
	struct child **old = all->list, **list;
	size_t count = all->count, total = all->total, n = plan->nchildren;

	list = xcalloc(n + total, sizeof(*list));
	for (size_t i = 0; i < n; i++) {
		list[i] = take_named(old, count, plan->children[i].name);
		if (list[i] == NULL)
			list[i] = child_new(all, &plan->children[i]);
		list[i]->plan = &plan->children[i];
	}
	all->list = list;
	all->count = n;
	for (size_t i = 0; i < total; i++) {
		if (old[i] == NULL)
			continue;
		old[i]->plan = NULL;
		child_end(old[i]);
		list[n++] = old[i];
	}
	all->total = n;
	free(old);
	sweep(all);
	for (size_t i = 0; i < all->count; i++) {
		if (list[i]->pid == 0 || !same[i])
			child_renew(list[i]);
	}
}

void
children_kill(struct children *all, size_t index, const char *why)
{
	struct child *c = all->list[index];

	if (c->pid == 0)
		return;
	log_warn("%s: %s: killing it", c->name, why);
	kill(c->pid, SIGKILL);
}

void
children_hurry(struct children *all, size_t index)
{
	all->list[index]->hurry = true;
	if (all->list[index]->pid == 0)
		timer_start(all->list[index]->start, 0);
}

void
children_silent(struct children *all, size_t index)
{
	struct child *c = all->list[index];
	uint64_t now = boottime_ms();

	if (c->pid == 0 || now - c->started_ms < HEART_SILENCE_MS)
		return;
	if (!c->plan->foreign ||
	    foreign_hangs(&c->foreign, c->plan->silence_s * UINT64_C(1000),
		c->plan->patience_s * UINT64_C(1000), now))
		children_kill(all, index, "does not answer core");
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
	for (size_t i = 0; i < all->total; i++)
		child_free(all->list[i]);
	event_free(all->sigchld);
	event_free(all->kill);
	event_free(all->stopped);
	free(all->list);
	free(all);
}
