/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/backoff.h"
#include "lib/boottime.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/xmem.h"
#include "out/board.h"
#include "out/child.h"
#include "out/queue.h"

struct child {
	struct event_base *base;
	const struct publisher *publisher;
	const struct holdup_conf *conf;
	int conf_fd;
	bool debug;
	bool missing; /* that the UPS is not there has been logged */
	struct board board;
	pid_t pid;    /* 0: does not run */
	int queue_fd; /* -1 then */
	struct event *ended, *writable, *start;
	uint64_t started_ms;
	struct backoff backoff;
};

/* In the child, between fork and exec: it keeps two descriptors, and its parent's end is
 * its own. */
static void __attribute__((noreturn))
become(const struct child *c, const char *path, int queue_fd, pid_t parent)
{
	char conf[16], queue[16];
	sigset_t none;

	snprintf(conf, sizeof(conf), "%d", c->conf_fd);
	snprintf(queue, sizeof(queue), "%d", queue_fd);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || getppid() != parent)
		_exit(1);
	if (close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC) == 0 &&
	    fcntl(c->conf_fd, F_SETFD, 0) == 0 && fcntl(queue_fd, F_SETFD, 0) == 0)
		execl(path, "publish", "-P", c->publisher->name, "-C", conf, "-q", queue,
		    c->debug ? "-D" : NULL, NULL);
	log_warn_errno("%s: cannot run %s", c->publisher->name, path);
	_exit(127);
}

/* Sends what the process does not know yet, as far as the queue takes it. */
static void
flush(struct child *c)
{
	size_t i;

	while (c->queue_fd >= 0 && board_next(&c->board, &i)) {
		if (queue_send(c->queue_fd, (uint32_t)i, c->board.rows[i].now) == 0)
			board_told(&c->board, i);
		else {
			/* Its end is seen by on_ended(). */
			if (errno == EAGAIN)
				event_add(c->writable, NULL);
			return;
		}
	}
}

static void
on_writable(evutil_socket_t fd, short what, void *arg)
{
	flush(arg);
}

/* Plans the next start. */
static void
start_later(struct child *c, const char *why)
{
	uint64_t ms = backoff_delay(&c->backoff, boottime_ms() - c->started_ms);
	const struct timeval delay = {.tv_sec = (time_t)(ms / 1000)};

	log_warn("%s: its process %s; starting it again in %ld s", c->publisher->name,
	    why, (long)delay.tv_sec);
	event_add(c->start, &delay);
}

/* Ends the process, if it still lives, and all that belongs to it. */
static void
let_go(struct child *c, int number)
{
	int status = 0;

	if (c->pid == 0)
		return;
	kill(c->pid, number);
	while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
		;
	event_free(c->ended);
	event_free(c->writable);
	close(c->queue_fd);
	c->pid = 0;
	c->queue_fd = -1;
}

/* The queue is readable: nothing is ever said there, so the process has ended. */
static void
on_ended(evutil_socket_t fd, short what, void *arg)
{
	struct child *c = arg;

	let_go(c, SIGKILL);
	start_later(c, "ended");
}

static void
on_start(evutil_socket_t fd, short what, void *arg)
{
	struct child *c = arg;
	char *path = paths_program("publish");
	pid_t parent = getpid(), pid = -1;
	int fds[2] = {-1, -1};

	c->started_ms = boottime_ms();
	if (path == NULL || queue_pair(fds) < 0 || (pid = fork()) < 0) {
		start_later(c, "cannot be started");
		if (fds[0] >= 0)
			close(fds[0]);
	} else if (pid == 0) {
		become(c, path, fds[1], parent);
	} else {
		c->pid = pid;
		c->queue_fd = fds[0];
		c->ended = event_new(c->base, fds[0], EV_READ, on_ended, c);
		c->writable = event_new(c->base, fds[0], EV_WRITE, on_writable, c);
		event_add(c->ended, NULL);
		board_forget(&c->board);
		flush(c);
	}
	if (fds[1] >= 0)
		close(fds[1]);
	free(path);
}

struct child *
child_new(struct event_base *base, const struct publisher *p,
    const struct holdup_conf *conf, int conf_fd, bool debug)
{
	struct child *c = xcalloc(1, sizeof(*c));

	c->base = base;
	c->publisher = p;
	c->conf = conf;
	c->conf_fd = conf_fd;
	c->debug = debug;
	c->queue_fd = -1;
	c->start = evtimer_new(base, on_start, c);
	board_init(&c->board, p->count(conf));
	event_active(c->start, EV_TIMEOUT, 1);
	return c;
}

/* Once, as long as it is so. */
static void
complain(struct child *c, const struct feed *f)
{
	const char *name = c->publisher->missing(c->conf, f);

	if (name != NULL && !c->missing)
		log_warn("%s: no UPS is named %s: correct ups = in [%s] of holdup.conf",
		    c->publisher->name, name, c->publisher->name);
	c->missing = name != NULL;
}

void
child_look(struct child *c, const struct feed *f)
{
	if (f->whole)
		complain(c, f);
	board_look(&c->board, c->publisher, c->conf, f);
	flush(c);
}

void
child_free(struct child *c)
{
	let_go(c, SIGTERM);
	event_free(c->start);
	board_free(&c->board);
	free(c);
}
