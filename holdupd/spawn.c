/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "holdupd/spawn.h"
#include "lib/drivers.h"
#include "lib/log.h"
#include "lib/paths.h"

/* Forks with no signal of the parent's in the child: a handler that ran there before exec
 * would write into the pipe by which the parent's loop hears of its own signals. */
static pid_t
fork_quiet(void)
{
	sigset_t all, before;
	pid_t pid;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	if ((pid = fork()) == 0) {
		for (int number = 1; number < NSIG; number++)
			signal(number, SIG_DFL);
		sigemptyset(&before);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}

/* In the child: nothing to read, what is written goes into the log. */
static int
standard_streams(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0)
		return -1;
	return dup2(STDERR_FILENO, STDOUT_FILENO) < 0 ? -1 : 0;
}

/* In the child: descriptors to their places, everything else closed. First out of the
 * way of the places, then into them. */
static int
descriptors_place(int *fds, size_t count)
{
	const int end = PLAN_FIRST_FD + (int)count;

	for (size_t i = 0; i < count; i++)
		if ((fds[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, end)) < 0)
			return -1;
	for (size_t i = 0; i < count; i++)
		if (dup2(fds[i], PLAN_FIRST_FD + (int)i) < 0)
			return -1;
	return close_range((unsigned)end, ~0U, 0);
}

/* In the child: a driver of NUT, whatever folders that was built for, finds ups.conf and
 * makes its socket where ours do; what systemd has told holdupd is not for it. */
static void
foreign_environment(void)
{
	static const char *const ours[] = {"NOTIFY_SOCKET", "WATCHDOG_PID",
	    "WATCHDOG_USEC", "LISTEN_PID", "LISTEN_FDS", NULL};
	char *conf = paths_conf(""), *state = paths_state("");

	for (size_t i = 0; ours[i] != NULL; i++)
		unsetenv(ours[i]);
	setenv("NUT_CONFPATH", conf, 1);
	setenv("NUT_STATEPATH", state, 1);
	setenv("NUT_ALTPIDPATH", state, 1);
	free(conf);
	free(state);
}

/* In the child, between fork and exec: only what is safe there, in one thread. */
static void __attribute__((noreturn)) child_become(const struct plan_child *plan,
    const char *path, const int *given, const struct user *user, pid_t parent)
{
	int fds[PLAN_FDS_MAX];

	memcpy(fds, given, plan->nfds * sizeof(*fds));
	if (plan->foreign)
		foreign_environment();
	if (standard_streams() < 0 || users_become(user) < 0) {
		log_warn_errno("cannot become what %s is to be", plan->name);
		_exit(127);
	}
	/* SIGTERM when holdupd dies, whatever it dies of; it may have died already. A
	 * change of user takes this back, so it comes after. */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || getppid() != parent)
		_exit(1);
	if (descriptors_place(fds, plan->nfds) == 0)
		execv(path, plan->argv);
	log_warn_errno("cannot run %s", path);
	_exit(127);
}

char *
spawn_path(const struct plan_child *plan, char *cause, size_t size)
{
	char *path;

	if (plan->foreign)
		return drivers_find(plan->argv[0], plan->folder, cause, size);
	path = paths_program(plan->argv[0]);
	if (path == NULL)
		snprintf(cause, size,
		    "the program %s is missing beside holdupd and in HOLDUP_LIBEXEC",
		    plan->argv[0]);
	return path;
}

pid_t
spawn_child(const struct plan_child *plan, const char *path, const int *fds,
    const struct user *user)
{
	pid_t parent = getpid(), pid;

	if ((pid = fork_quiet()) == 0)
		child_become(plan, path, fds, user, parent);
	if (pid < 0)
		log_warn_errno("%s: cannot be started", plan->name);
	return pid;
}

pid_t
spawn_detached(const char *const *argv)
{
	pid_t pid = fork_quiet();
	char *words[8] = {NULL};

	if (pid != 0)
		return pid;
	/* execv(3) does not write to the words, whatever its type says. */
	for (size_t i = 0; i < sizeof(words) / sizeof(*words) - 1 && argv[i] != NULL; i++)
		words[i] = strdup(argv[i]);
	setsid();
	if (words[0] != NULL && standard_streams() == 0 &&
	    close_range(PLAN_FIRST_FD, ~0U, 0) == 0)
		execvp(words[0], words);
	log_warn_errno("cannot run %s", argv[0]);
	_exit(127);
}
