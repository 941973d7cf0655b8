/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/nutlike.h"
#include "lib/conf_upsmon.h"
#include "lib/paths.h"
#include "lib/powerflag.h"
#include "lib/xmem.h"

/* What `-c` may say, and the signal by which holdupd hears it (docs/outage.md, 5). */
static const struct {
	const char *word;
	int number;
} signals[] = {
    {"fsd", SIGUSR1},
    {"reload", SIGHUP},
    {"stop", SIGTERM},
};

/* 0 for a word that is none of them. */
static int
signal_number(const char *word)
{
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (strcmp(signals[i].word, word) == 0)
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

/* False when another program has the number now, as after a crash. */
static bool
is_holdupd(pid_t pid)
{
	char *path = xasprintf("/proc/%d/comm", (int)pid), name[32] = "";
	FILE *f = fopen(path, "re");

	free(path);
	if (f == NULL)
		return errno != ENOENT || access("/proc/self", F_OK) != 0;
	if (fgets(name, sizeof(name), f) == NULL)
		name[0] = '\0';
	fclose(f);
	return strcmp(name, "holdupd\n") == 0;
}

/* The process that the file names, or -1 after a message. */
static pid_t
pid_read(const char *path)
{
	FILE *f = fopen(path, "re");
	char text[32] = "";
	pid_t pid;

	if (f == NULL) {
		cli_complain("holdupd is not running (%s: %s)", path, strerror(errno));
		return -1;
	}
	if (fgets(text, sizeof(text), f) == NULL)
		text[0] = '\0';
	fclose(f);
	if ((pid = pid_of(text)) == -1)
		cli_complain("%s holds no process id", path);
	else if (!is_holdupd(pid)) {
		cli_complain("holdupd is not running (process %d of %s is no holdupd)",
		    (int)pid, path);
		pid = -1;
	}
	return pid;
}

/* Tells holdupd the word of -c; `process` is that of -P, or NULL. */
static int
tell(const char *word, const char *process)
{
	char *path = paths_state("holdupd.pid");
	int number = signal_number(word), status = 0;
	pid_t pid = -1;

	if (number == 0)
		cli_complain("-c takes fsd, reload or stop, not '%s'", word);
	else if (process == NULL)
		pid = pid_read(path);
	else if ((pid = pid_of(process)) == -1)
		cli_complain("-P takes a process id, not '%s'", process);
	if (pid == -1)
		status = 1;
	else if (kill(pid, number) < 0)
		status = cli_complain(
		    "cannot signal process %d: %s", (int)pid, strerror(errno));
	free(path);
	return status;
}

/* Exit status 0 when the shutdown that runs is to end with the cut. */
static int
check_flag(void)
{
	struct problems problems = {0};
	struct upsmon_conf conf;
	char *path = paths_conf("upsmon.conf"), *flag, *text;
	size_t len = 0;
	int status;

	text = conf_slurp(path, &len);
	if (text == NULL && errno != ENOENT) {
		status = cli_complain("cannot read %s: %s", path, strerror(errno));
		free(path);
		return status;
	}
	upsmon_conf_read(&conf, path, text == NULL ? "" : text, len, &problems);
	flag = powerflag_path(conf.powerdownflag);
	status = powerflag_is_set(flag) ? 0 : 1;
	free(flag);
	upsmon_conf_free(&conf);
	problems_free(&problems);
	free(text);
	free(path);
	return status;
}

int
cmd_upsmon(int argc, char **argv)
{
	const char *word = NULL, *process = NULL;
	bool check = false;
	int c;

	while ((c = getopt(argc, argv, "c:P:KV")) != -1) {
		switch (c) {
		case 'c':
			word = optarg;
			break;
		case 'P':
			process = optarg;
			break;
		case 'K':
			check = true;
			break;
		case 'V':
			return nutlike_version("upsmon");
		default:
			return cli_usage("upsmon");
		}
	}
	if (check)
		return check_flag();
	if (word != NULL)
		return tell(word, process);
	return cli_complain("holdupd does the monitoring that upsmon.conf asks for: "
			    "'systemctl start holdup', or 'holdupd'");
}
