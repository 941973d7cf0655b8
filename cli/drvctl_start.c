/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/drvctl.h"
#include "cli/nutlike.h"
#include "lib/drivers.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/xmem.h"

#define ARGS_MAX 16
#define DEBUG_MAX 6
#define STEP_MS 50
#define DELAY_MAX 3600 /* seconds, of any setting here */

/* The drivers that -F keeps here: a signal that ends us ends them. */
static pid_t *kept;
static size_t nkept;

/* A global setting that is a number of seconds, or of tries. */
static int
number(const struct drvctl *d, const char *key, int otherwise)
{
	const char *text = drvctl_global(d, key);
	long n = text == NULL ? -1 : strtol(text, NULL, 10);

	return n < 0 || n > DELAY_MAX ? otherwise : (int)n;
}

/* The command line of a driver; ours are in the foreground always. */
static void
command(const struct drvctl *d, const struct conf_ups *u, char *path, bool ours,
    char *argv[ARGS_MAX])
{
	const char *const words[] = {"-a", u->name};
	const bool change = d->user != NULL && !ours;
	int n = 0;

	argv[n++] = path;
	for (size_t i = 0; i < 2; i++)
		argv[n++] = xstrdup(words[i]);
	for (int i = 0; d->pass_debug && i < d->debug && i < DEBUG_MAX; i++)
		argv[n++] = xstrdup("-D");
	if (!ours && d->foreground > 0)
		argv[n++] = xstrdup(d->foreground > 1 ? "-FF" : "-F");
	else if (!ours && d->background)
		argv[n++] = xstrdup("-B");
	if (change) {
		argv[n++] = xstrdup("-u");
		argv[n++] = xstrdup(d->user);
	}
	argv[n] = NULL;
}

static void
command_free(char *argv[ARGS_MAX])
{
	for (int i = 0; argv[i] != NULL; i++)
		free(argv[i]);
}

static void
command_print(char *const argv[])
{
	for (int i = 0; argv[i] != NULL; i++)
		printf("%s%s", i > 0 ? " " : "", argv[i]);
	putchar('\n');
}

/* In the process that is to be the driver. Those of NUT choose for themselves whom they
 * become; ours are who is asked for. */
static void __attribute__((noreturn))
run(const struct drvctl *d, char *const argv[], bool ours)
{
	const char *user = d->user != NULL ? d->user : drvctl_global(d, "user");

	if (!ours || nutlike_become(user) == 0)
		execv(argv[0], argv);
	_exit(cli_complain("cannot run %s: %s", argv[0], strerror(errno)));
}

/* For a driver of ours, which does not write it. */
static void
pidfile_write(const struct conf_ups *u, pid_t pid)
{
	char *path = drvctl_pidfile(u);
	int fd;

	unlink(path); /* STATEPATH is not only ours: nothing there is followed */
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0 || dprintf(fd, "%d\n", (int)pid) < 0)
		cli_complain("cannot write %s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	free(path);
}

/* Waits until the driver of ours takes connections; false when it ends, or is not there in
 * time. */
static bool
settled(const struct conf_ups *u, pid_t pid, int seconds)
{
	const struct timespec step = {.tv_nsec = STEP_MS * 1000000L};
	int status;

	for (int waited = 0; waited < seconds * 1000; waited += STEP_MS) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return false;
		if (drvctl_answers(u))
			return true;
		nanosleep(&step, NULL);
	}
	kill(pid, SIGTERM);
	waitpid(pid, &status, 0);
	return false;
}

/* A driver of NUT has gone to the background when its process here ends. */
static bool
succeeded(pid_t pid, int seconds)
{
	const struct timespec step = {.tv_nsec = STEP_MS * 1000000L};
	int status;

	for (int waited = 0; waited < seconds * 1000; waited += STEP_MS) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WIFEXITED(status) && WEXITSTATUS(status) == 0;
		nanosleep(&step, NULL);
	}
	return false; /* it may come yet, as with upsdrvctl of NUT */
}

/* Starts it in the background; false when it does not settle. */
static bool
start_behind(
    const struct drvctl *d, const struct conf_ups *u, char *const argv[], bool ours)
{
	int seconds = number(d, "maxstartdelay", 75), null;
	pid_t pid;

	/* An own driver's first second is spent on its device. */
	if (ours && seconds < 5)
		seconds = 5;
	if ((pid = fork()) == 0) {
		if (ours) {
			setsid();
			null = open("/dev/null", O_RDWR);
			dup2(null, STDIN_FILENO);
			dup2(null, STDOUT_FILENO);
			log_to_syslog();
		}
		run(d, argv, ours);
	}
	if (pid < 0)
		return false;
	if (!ours)
		return succeeded(pid, seconds);
	if (!settled(u, pid, seconds))
		return false;
	pidfile_write(u, pid);
	return true;
}

/* Tries as often as ups.conf says. */
static bool
start_one(const struct drvctl *d, const struct conf_ups *u, char *const argv[], bool ours)
{
	const int tries = number(d, "maxretry", 1);

	if (ours && drvctl_answers(u)) {
		cli_complain("ups %s: a driver serves it already", u->name);
		return false;
	}
	for (int i = 0; i < tries || i == 0; i++) {
		if (i > 0)
			sleep((unsigned)number(d, "retrydelay", 5));
		if (start_behind(d, u, argv, ours))
			return true;
	}
	cli_complain("Driver failed to start: ups %s (%s)", u->name, argv[0]);
	return false;
}

/* With -F: one takes our place, several are ours as long as they live. */
static bool
keep(const struct drvctl *d, const struct conf_ups *u, char *const argv[], bool ours,
    bool alone)
{
	pid_t pid = alone ? getpid() : fork();

	if (pid > 0 && ours && d->foreground > 1)
		pidfile_write(u, pid);
	if (alone || pid == 0)
		run(d, argv, ours);
	if (pid < 0)
		return false;
	kept = xreallocarray(kept, nkept + 1, sizeof(*kept));
	kept[nkept++] = pid;
	return true;
}

static void
on_signal(int signal)
{
	for (size_t i = 0; i < nkept; i++)
		kill(kept[i], signal);
}

/* Until the last of them has ended. Returns the exit status. */
static int
wait_for_kept(void)
{
	const struct sigaction action = {.sa_handler = on_signal};
	int status, worst = 0;

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	while (wait(&status) > 0 || errno == EINTR)
		if (errno != EINTR && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
			worst = 1;
	return worst;
}

/* One section, if a driver is to be started for it. */
static bool
start(const struct drvctl *d, const struct conf_ups *u, bool alone)
{
	char *argv[ARGS_MAX], *path;
	const char *own;
	bool ours, done;

	if ((path = drvctl_program(d, u, &own)) == NULL)
		return false;
	ours = own != NULL;
	command(d, u, path, ours, argv);
	if (d->testing)
		command_print(argv);
	done = d->testing || (d->foreground > 0 ? keep(d, u, argv, ours, alone)
						: start_one(d, u, argv, ours));
	command_free(argv);
	return done;
}

int
drvctl_start(const struct drvctl *d, const char *name)
{
	int status = 0, later;

	fflush(NULL);
	for (size_t i = 0; i < d->conf.nupses; i++) {
		const struct conf_ups *u = &d->conf.upses[i];

		if ((name == NULL || strcmp(u->name, name) == 0) &&
		    conf_ups_get(u, "driver") != NULL &&
		    !start(d, u, name != NULL || d->conf.nupses == 1))
			status = 1;
	}
	if (nkept == 0)
		return status;
	later = wait_for_kept();
	free(kept);
	return status != 0 ? status : later;
}
