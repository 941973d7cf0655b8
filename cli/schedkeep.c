/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/schedkeep.h"
#include "cli/schedscript.h"
#include "cli/schedtalk.h"
#include "cli/timers.h"
#include "lib/boottime.h"
#include "lib/lineio.h"
#include "lib/log.h"
#include "lib/sock.h"
#include "lib/xmem.h"

#define ASKERS_MAX 64      /* upsscheds that ask at the same time */
#define QUEUE_MAX 16777216 /* bytes of an answer: a long list */
#define LINGER_S 1         /* from being idle to the end */
#define AGAIN_S 1          /* from a failed start of CMDSCRIPT to the next */
#define SLEPT_MS 1000      /* less is rounding */

struct asker {
	TAILQ_ENTRY(asker) entry;
	struct keeper *keeper;
	struct lineio *io;
};

struct script {
	TAILQ_ENTRY(script) entry;
	pid_t pid;
	char *name;
};

struct keeper {
	const struct upssched_conf *conf;
	struct event_base *base;
	struct timers *timers;
	TAILQ_HEAD(, asker) askers;
	TAILQ_HEAD(, script) scripts;
	size_t naskers;
	int listener, clock; /* a timerfd */
	uint64_t asleep;     /* ms that the machine has slept since it booted */
	struct event *arrival, *due, *idle, *sigchld, *sigterm;
};

static uint64_t
asleep_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return boottime_ms() -
	       ((uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000);
}

/* Starts to wait for the next timer, or for the end. */
static void
keeper_wait(struct keeper *k)
{
	const struct timeval linger = {.tv_sec = LINGER_S};
	const uint64_t next = timers_next(k->timers);
	const struct itimerspec at = {.it_value = {.tv_sec = (time_t)(next / 1000),
					  .tv_nsec = (long)(next % 1000) * 1000000}};

	if (timerfd_settime(k->clock, TFD_TIMER_ABSTIME, &at, NULL) < 0)
		log_warn_errno("cannot set the clock of the timers");
	if (next == 0 && k->naskers == 0 && TAILQ_EMPTY(&k->scripts))
		event_add(k->idle, &linger);
	else
		event_del(k->idle);
}

/* Before anything that has to do with time. */
static void
notice_sleep(struct keeper *k)
{
	uint64_t asleep = asleep_ms();

	if (asleep > k->asleep + SLEPT_MS)
		timers_postpone(
		    k->timers, boottime_ms() + (uint64_t)SCHEDKEEP_WAKING_S * 1000);
	k->asleep = asleep;
}

/* Where no process can be had now, the timer is due again in a moment. */
static void
run_script(struct keeper *k, struct timer_told *told)
{
	const struct timer_event e = {.ups = buf_str(&told->ups),
	    .type = buf_str(&told->type),
	    .message = buf_str(&told->message)};
	struct script *script;
	pid_t pid;

	log_debug("timer %s is due (%s, %s)", told->name, e.type, e.ups);
	pid = schedscript_start(k->conf->cmdscript, told->name, &e);
	if (pid < 0) {
		log_warn_errno("cannot run CMDSCRIPT for timer %s now", told->name);
		timers_start(
		    k->timers, told->name, boottime_ms() + AGAIN_S * 1000, &e, false);
		return;
	}
	script = xcalloc(1, sizeof(*script));
	script->pid = pid;
	script->name = xstrdup(told->name);
	TAILQ_INSERT_TAIL(&k->scripts, script, entry);
}

static void
on_due(evutil_socket_t fd, short what, void *arg)
{
	struct keeper *k = arg;
	struct timer_told told;
	uint64_t expirations;

	(void)!read(fd, &expirations, sizeof(expirations));
	notice_sleep(k);
	while (timers_take(k->timers, boottime_ms(), &told)) {
		run_script(k, &told);
		timer_told_free(&told);
	}
	keeper_wait(k);
}

static void
on_sigchld(evutil_socket_t number, short what, void *arg)
{
	struct keeper *k = arg;
	struct script *script, *next;

	for (script = TAILQ_FIRST(&k->scripts); script != NULL; script = next) {
		int status;

		next = TAILQ_NEXT(script, entry);
		if (waitpid(script->pid, &status, WNOHANG) != script->pid)
			continue;
		schedscript_ended(script->name, status);
		TAILQ_REMOVE(&k->scripts, script, entry);
		free(script->name);
		free(script);
	}
	keeper_wait(k);
}

static void
asker_end(struct asker *a)
{
	struct keeper *k = a->keeper;

	TAILQ_REMOVE(&k->askers, a, entry);
	k->naskers--;
	lineio_free(a->io);
	free(a);
}

static void
on_closed(void *arg, const char *why)
{
	struct asker *a = arg;
	struct keeper *k = a->keeper;

	asker_end(a);
	keeper_wait(k);
}

static void
on_question(void *arg, char *line, size_t len)
{
	struct asker *a = arg;
	struct keeper *k = a->keeper;
	struct buf answer = {0};

	notice_sleep(k);
	schedtalk_answer(k->timers, line, len, boottime_ms(), time(NULL), &answer);
	keeper_wait(k);
	log_debug("%s", line);
	lineio_send(a->io, buf_head(&answer), answer.len);
	buf_free(&answer);
}

/* Takes who has come; true when there was one. */
static bool
take_asker(struct keeper *k)
{
	static const struct lineio_ops ops = {on_question, on_closed};
	struct asker *a;
	int fd = accept4(k->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return false;
	if (k->naskers == ASKERS_MAX)
		asker_end(TAILQ_FIRST(&k->askers));
	a = xcalloc(1, sizeof(*a));
	a->keeper = k;
	a->io = lineio_new(k->base, fd, SCHEDTALK_LINE_MAX, QUEUE_MAX, &ops, a);
	TAILQ_INSERT_TAIL(&k->askers, a, entry);
	k->naskers++;
	return true;
}

static void
on_arrival(evutil_socket_t fd, short what, void *arg)
{
	struct keeper *k = arg;

	if (take_asker(k))
		keeper_wait(k);
}

/* Nothing is left to wait for. Who has the lock may be about to ask; who has come already
 * is heard. Who comes too late is not answered, and begins another keeper. */
static void
on_idle(evutil_socket_t fd, short what, void *arg)
{
	struct keeper *k = arg;
	int lock = schedkeep_lock(k->conf->lockfn, false);

	if ((lock < 0 && errno == EWOULDBLOCK) || take_asker(k)) {
		keeper_wait(k);
	} else {
		unlink(k->conf->pipefn);
		event_base_loopbreak(k->base);
	}
	if (lock >= 0)
		schedkeep_unlock(k->conf->lockfn, lock);
}

static void
on_sigterm(evutil_socket_t number, short what, void *arg)
{
	struct keeper *k = arg;

	unlink(k->conf->pipefn);
	event_base_loopbreak(k->base);
}

/* Becomes a process that hangs on nobody: its caller may be killed with its group. */
static void
leave(int listener, int debug)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (setsid() < 0 || null < 0 || dup2(null, STDIN_FILENO) < 0 ||
	    dup2(null, STDOUT_FILENO) < 0)
		log_fatal_errno("cannot go to the background");
	if (debug == 0)
		log_to_syslog();
	for (int fd = STDERR_FILENO + 1; fd < listener; fd++)
		close(fd);
	close_range((unsigned)listener + 1, ~0U, 0);
}

static void __attribute__((noreturn)) keep(const struct upssched_conf *conf, int listener)
{
	struct keeper k = {.conf = conf, .listener = listener, .asleep = asleep_ms()};

	TAILQ_INIT(&k.askers);
	TAILQ_INIT(&k.scripts);
	k.timers = timers_new();
	k.clock = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	if (k.clock < 0 || (k.base = event_base_new()) == NULL)
		log_fatal_errno("cannot make an event loop");
	k.arrival = event_new(k.base, listener, EV_READ | EV_PERSIST, on_arrival, &k);
	k.due = event_new(k.base, k.clock, EV_READ | EV_PERSIST, on_due, &k);
	k.idle = evtimer_new(k.base, on_idle, &k);
	k.sigchld = evsignal_new(k.base, SIGCHLD, on_sigchld, &k);
	k.sigterm = evsignal_new(k.base, SIGTERM, on_sigterm, &k);
	event_add(k.arrival, NULL);
	event_add(k.due, NULL);
	event_add(k.sigchld, NULL);
	event_add(k.sigterm, NULL);
	log_debug("the timers are kept by process %d", (int)getpid());
	keeper_wait(&k);
	event_base_dispatch(k.base);
	_exit(0); /* all that is left is memory, part of it the caller's */
}

/* One that NUT's upssched or another user has left behind may not even be opened. */
static int
lock_open(const char *lockfn)
{
	const int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
	int fd = open(lockfn, flags, 0600);

	if (fd < 0 && errno == EACCES && unlink(lockfn) == 0)
		fd = open(lockfn, flags, 0600);
	return fd;
}

/* True unless somebody has removed the file while the lock was waited for. */
static bool
is_file(int fd, const char *path)
{
	struct stat a, b;

	return fstat(fd, &a) == 0 && stat(path, &b) == 0 && a.st_ino == b.st_ino &&
	       a.st_dev == b.st_dev;
}

int
schedkeep_lock(const char *lockfn, bool wait)
{
	int fd, error;

	while ((fd = lock_open(lockfn)) >= 0) {
		if (flock(fd, LOCK_EX | (wait ? 0 : LOCK_NB)) == 0) {
			if (is_file(fd, lockfn))
				return fd;
		} else if (errno != EINTR) {
			error = errno;
			close(fd);
			errno = error;
			return -1;
		}
		close(fd);
	}
	return -1;
}

void
schedkeep_unlock(const char *lockfn, int lock)
{
	unlink(lockfn);
	close(lock);
}

int
schedkeep_begin(const struct upssched_conf *c, int debug, char *cause, size_t size)
{
	int listener = sock_listen_unix(c->pipefn, SOCK_STREAM, 0600, cause, size);
	pid_t pid;

	if (listener < 0)
		return -1;
	if ((pid = fork()) == 0) {
		leave(listener, debug);
		keep(c, listener);
	}
	if (pid < 0)
		snprintf(cause, size,
		    "cannot start the process that keeps the timers: %s",
		    strerror(errno));
	close(listener);
	return pid < 0 ? -1 : 0;
}
