/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/daemon.h"
#include "lib/paths.h"
#include "lib/xmem.h"

#define ARGS_MAX 16
#define DEBUG_MAX 5 /* of our levels there is one; more are for NUT's habits */

/* What `-c` may say, and the signal by which holdupd hears it (docs/outage.md, 5); NUT has
 * no suspend. */
static const struct {
	const char *word;
	int number;
	bool monitor_only;
} signals[] = {
    {"fsd", SIGUSR1, true},
    {"reload", SIGHUP, false},
    {"stop", SIGTERM, false},
    {"suspend", SIGUSR2, true},
};

bool
daemon_option(struct daemon_call *d, int option)
{
	switch (option) {
	case '4':
	case '6':
		d->family = (char)option;
		return true;
	case 'c':
		d->command = optarg;
		return true;
	case 'P':
		d->process = optarg;
		return true;
	case 'D':
		d->debug++;
		return true;
	case 'F':
		d->foreground++;
		return true;
	case 'B':
		d->background = true;
		return true;
	case 'u':
		d->user = optarg;
		return true;
	default:
		return false;
	}
}

/* 0 for a word that is none of the role's. */
static int
signal_number(const struct daemon_call *d)
{
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (strcmp(signals[i].word, d->command) == 0 &&
		    (d->role == ROLE_MONITOR || !signals[i].monitor_only))
			return signals[i].number;
	return 0;
}

/* A process id in text, or -1: 0, 1 and negative ones would mean others. */
static pid_t
pid_of(const char *text)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	return errno != 0 || end == text || (*end != '\0' && *end != '\n') || n < 2 ||
		       n > 1L << 22 /* the kernel's largest */
		   ? -1
		   : (pid_t)n;
}

/* False when another program has the number now, as after a crash. NUT's own upsd and
 * upsmon take the same signals. */
static bool
is_one(pid_t pid, enum role role)
{
	char *path = xasprintf("/proc/%d/comm", (int)pid), name[32] = "";
	FILE *f = fopen(path, "re");

	free(path);
	if (f == NULL)
		return errno != ENOENT || access("/proc/self", F_OK) != 0;
	if (fgets(name, sizeof(name), f) == NULL)
		name[0] = '\0';
	fclose(f);
	name[strcspn(name, "\n")] = '\0';
	return strcmp(name, role_name(ROLE_ALL)) == 0 ||
	       strcmp(name, role_name(role)) == 0;
}

/* The process that the file names, or -1; `why` becomes a sentence, or "" when the file
 * is not there. */
static pid_t
pid_read(const char *path, enum role role, char *why, size_t size)
{
	FILE *f = fopen(path, "re");
	char text[32] = "";
	pid_t pid;

	why[0] = '\0';
	if (f == NULL) {
		if (errno != ENOENT)
			snprintf(why, size, "%s: %s", path, strerror(errno));
		return -1;
	}
	if (fgets(text, sizeof(text), f) == NULL)
		text[0] = '\0';
	fclose(f);
	if ((pid = pid_of(text)) == -1)
		snprintf(why, size, "%s holds no process id", path);
	else if (!is_one(pid, role)) {
		snprintf(why, size, "process %d of %s is no holdupd", (int)pid, path);
		pid = -1;
	}
	return pid;
}

/* The process of the role, else a holdupd that does everything; -1 after a message. */
static pid_t
find(enum role role)
{
	char *own = role_pidfile(role), *all = role_pidfile(ROLE_ALL);
	char why[512], also[512];
	pid_t pid = pid_read(own, role, why, sizeof(why));

	if (pid == -1)
		pid = pid_read(all, ROLE_ALL, also, sizeof(also));
	if (pid == -1 && why[0] == '\0' && also[0] == '\0')
		cli_complain("holdupd is not running (%s: No such file or directory, and "
			     "no %s)",
		    all, own);
	else if (pid == -1)
		cli_complain("holdupd is not running (%s)", why[0] != '\0' ? why : also);
	free(own);
	free(all);
	return pid;
}

int
daemon_signal(const struct daemon_call *d)
{
	const int number = signal_number(d);
	pid_t pid;

	if (number == 0)
		return cli_complain("-c takes %sreload or stop, not '%s'",
		    d->role == ROLE_MONITOR ? "fsd, " : "", d->command);
	pid = d->process == NULL ? find(d->role) : pid_of(d->process);
	if (pid == -1 && d->process != NULL)
		cli_complain("-P takes a process id, not '%s'", d->process);
	if (pid != -1 && kill(pid, number) == 0)
		return 0;
	if (pid != -1)
		cli_complain("cannot signal process %d: %s", (int)pid, strerror(errno));
	fprintf(stderr, "Failed to signal the currently running daemon (if any)\n");
	return 1;
}

bool
daemon_is_running(const struct daemon_call *d)
{
	char *path = role_pidfile(d->role), why[512];
	pid_t pid = pid_read(path, d->role, why, sizeof(why));

	free(path);
	if (pid == -1 || (kill(pid, 0) < 0 && errno == ESRCH))
		return false;
	fprintf(stderr,
	    "Fatal error: A previous %s instance is already running!\n"
	    "It is process %d: '%s -c stop' ends it, '%s -c reload' lets it read its "
	    "files again.\n",
	    role_name(d->role), (int)pid, role_name(d->role), role_name(d->role));
	return true;
}

int
daemon_become(const struct daemon_call *d)
{
	const char *args[ARGS_MAX] = {role_name(d->role), "-r", role_word(d->role)};
	char *path = paths_program("holdupd"), *argv[ARGS_MAX];
	int n = 3;

	if (path == NULL)
		return cli_complain("holdup's program holdupd is not installed");
	if (d->background || (d->foreground == 0 && d->debug == 0))
		args[n++] = "-B";
	else
		args[n++] = d->foreground > 1 ? "-FF" : "-F";
	if (d->quiet)
		args[n++] = "-q";
	for (int i = 0; i < d->debug && i < DEBUG_MAX; i++)
		args[n++] = "-D";
	if (d->family != 0)
		args[n++] = d->family == '4' ? "-4" : "-6";
	if (d->user != NULL) {
		args[n++] = "-u";
		args[n++] = d->user;
	}
	for (int i = 0; i <= n; i++)
		argv[i] = args[i] == NULL ? NULL : xstrdup(args[i]);
	fflush(NULL);
	execv(path, argv);
	return cli_complain("cannot run %s: %s", path, strerror(errno));
}
