/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/drvctl.h"
#include "lib/drivers.h"
#include "lib/paths.h"
#include "lib/xmem.h"

#define STOP_MS 5000 /* from SIGTERM to SIGKILL */
#define STEP_MS 20
#define COMM_MAX 15 /* of a process's name the kernel keeps that much */

/* What -c may say of a driver of NUT. */
static const struct {
	const char *word;
	int number;
} signals[] = {
    {"reload", SIGHUP},
    {"reload-or-exit", SIGUSR1},
    {"exit", SIGTERM},
};

char *
drvctl_pidfile(const struct conf_ups *u)
{
	const char *folder = getenv("NUT_ALTPIDPATH");
	char *name = xasprintf("%s-%s.pid", conf_ups_get(u, "driver"), u->name), *path;

	path = folder != NULL && *folder != '\0' ? xasprintf("%s/%s", folder, name)
						 : paths_state(name);
	free(name);
	return path;
}

/* True when that process is the driver; another program may have the number by now. */
static bool
is_driver(pid_t pid, const char *driver)
{
	const char *own = drivers_own(driver);
	char *path = xasprintf("/proc/%d/comm", (int)pid), name[COMM_MAX + 2] = "";
	FILE *f = fopen(path, "re");

	free(path);
	if (f == NULL)
		return false;
	if (fgets(name, sizeof(name), f) == NULL)
		name[0] = '\0';
	fclose(f);
	name[strcspn(name, "\n")] = '\0';
	return name[0] != '\0' && (strncmp(name, driver, COMM_MAX) == 0 ||
				      (own != NULL && strcmp(name, own) == 0));
}

pid_t
drvctl_pid(const struct conf_ups *u)
{
	char *path = drvctl_pidfile(u), text[32] = "";
	FILE *f = fopen(path, "re");
	long pid;

	free(path);
	if (f == NULL)
		return DRVCTL_NO_FILE;
	if (fgets(text, sizeof(text), f) == NULL)
		text[0] = '\0';
	fclose(f);
	pid = strtol(text, NULL, 10);
	return pid > 1 && pid <= 1L << 22 &&
		       is_driver((pid_t)pid, conf_ups_get(u, "driver"))
		   ? (pid_t)pid
		   : -1;
}

/* Ends a driver and waits for its end. */
static bool
end(const struct conf_ups *u, pid_t pid)
{
	const struct timespec step = {.tv_nsec = STEP_MS * 1000000L};
	char *path;

	if (kill(pid, SIGTERM) < 0) {
		cli_complain("ups %s: cannot stop process %d: %s", u->name, (int)pid,
		    strerror(errno));
		return false;
	}
	for (int waited = 0; drvctl_pid(u) == pid; waited += STEP_MS) {
		if (waited == STOP_MS)
			kill(pid, SIGKILL);
		else if (waited > 2 * STOP_MS)
			break;
		nanosleep(&step, NULL);
	}
	path = drvctl_pidfile(u);
	unlink(path); /* those of NUT have done so */
	free(path);
	return true;
}

static bool
stop(const struct drvctl *d, const struct conf_ups *u)
{
	pid_t pid = drvctl_pid(u);

	if (pid <= 0 && drvctl_answers(u)) {
		cli_complain("ups %s: its driver runs without a pid file: who started it "
			     "ends it ('systemctl stop holdup' where holdupd did)",
		    u->name);
		return false;
	}
	if (pid <= 0) {
		cli_complain("ups %s: no driver of it is running", u->name);
		return false;
	}
	if (d->testing) {
		printf("ups %s: SIGTERM to process %d\n", u->name, (int)pid);
		return true;
	}
	return end(u, pid);
}

int
drvctl_stop(const struct drvctl *d, const char *name)
{
	int status = 0;

	for (size_t i = 0; i < d->conf.nupses; i++) {
		const struct conf_ups *u = &d->conf.upses[i];

		if ((name == NULL || strcmp(u->name, name) == 0) &&
		    conf_ups_get(u, "driver") != NULL && !stop(d, u))
			status = 1;
	}
	return status;
}

/* Ours read ups.conf when they start, so but for the end there is nothing to tell them. */
static bool
tell(const struct drvctl *d, const struct conf_ups *u, int number)
{
	const char *driver = conf_ups_get(u, "driver");
	pid_t pid = drvctl_pid(u);

	if (number != SIGTERM && drivers_own(driver) != NULL) {
		cli_complain("ups %s: driver %s of holdup reads ups.conf when it starts",
		    u->name, driver);
		return false;
	}
	if (pid <= 0) {
		cli_complain("ups %s: no driver of it is running", u->name);
		return false;
	}
	if (d->testing)
		printf("ups %s: signal %d to process %d\n", u->name, number, (int)pid);
	return d->testing || kill(pid, number) == 0;
}

int
drvctl_signal(const struct drvctl *d, const char *name)
{
	int number = 0, status = 0;

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (strcmp(signals[i].word, d->signal) == 0)
			number = signals[i].number;
	if (number == 0)
		return cli_complain(
		    "-c takes reload, reload-or-exit or exit, not '%s'", d->signal);
	for (size_t i = 0; i < d->conf.nupses; i++) {
		const struct conf_ups *u = &d->conf.upses[i];

		if ((name == NULL || strcmp(u->name, name) == 0) &&
		    conf_ups_get(u, "driver") != NULL && !tell(d, u, number))
			status = 1;
	}
	return status;
}
