/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/logformat.h"
#include "cli/logtargets.h"
#include "cli/nutlike.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/xmem.h"

#define INTERVAL 30 /* seconds between two lines, unless -i says otherwise */
#define NUMBER_MAX 86400
#define PREFIX "%UPSHOST%%t" /* of -N */

struct logging {
	struct logtargets targets;
	const char *system, *file; /* of -s and -l, or NULL */
	const char *format, *pidbase, *user;
	int interval, count; /* count 0: no end */
	bool foreground, background, debug, prefix;
};

static char *pidfile; /* to be removed at the end */

static void
on_end(int signal)
{
	if (pidfile != NULL)
		unlink(pidfile);
	_exit(0);
}

/* -1 after a message when the text is no such number. */
static int
number(const char *option, const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end != text && *end == '\0' && n >= 0 && n <= NUMBER_MAX)
		return (int)n;
	cli_complain("%s wants a number, 0 to %d, not '%s'", option, NUMBER_MAX, text);
	return -1;
}

/* "UPS,FILE" of -m. */
static int
add_tuple(struct logging *l, const char *text)
{
	const char *comma = strchr(text, ',');
	char *ups;
	int status;

	if (comma == NULL || comma == text || comma[1] == '\0') {
		fprintf(stderr,
		    "Argument '-m upsspec,logfile' requires exactly 2 components in the "
		    "tuple\n");
		return 1;
	}
	ups = xstrndup(text, (size_t)(comma - text));
	status = logtargets_add(&l->targets, ups, comma + 1);
	free(ups);
	return status;
}

/* One option; -1 to go on, else an exit status. */
static int
take_option(struct logging *l, int option)
{
	switch (option) {
	case 'B':
		l->background = true;
		return -1;
	case 'D':
		l->debug = true;
		return -1;
	case 'F':
		l->foreground = true;
		return -1;
	case 'N':
		l->prefix = true;
		return -1;
	case 'd':
		return (l->count = number("-d", optarg)) < 0 ? 1 : -1;
	case 'f':
		l->format = optarg;
		return -1;
	case 'i':
		return (l->interval = number("-i", optarg)) < 0 ? 1 : -1;
	case 'l':
		l->file = optarg;
		return -1;
	case 'm':
		return add_tuple(l, optarg) == 0 ? -1 : 1;
	case 'p':
		l->pidbase = optarg;
		return -1;
	case 's':
		l->system = optarg;
		return -1;
	case 'u':
		l->user = optarg;
		return -1;
	case 'W':
		return nutlike_timeout(optarg) == 0 ? -1 : 1;
	case 'V':
		return nutlike_version("upslog");
	case 'h':
		return cli_help("upslog");
	default:
		return cli_usage("upslog");
	}
}

/* -s and -l belong together, and there must be something to log. 0, or an exit status. */
static int
complete(struct logging *l)
{
	if ((l->system == NULL) != (l->file == NULL)) {
		fprintf(stderr, l->file == NULL
				    ? "No filename defined for logging: -s wants -l\n"
				    : "No UPS defined for monitoring: -l wants -s\n");
		return 1;
	}
	if (l->system != NULL && logtargets_add(&l->targets, l->system, l->file) != 0)
		return 1;
	if (l->targets.count > 0)
		return 0;
	fprintf(stderr,
	    "No UPS defined for monitoring: -s UPS -l FILE, or -m UPS,FILE, or "
	    "-m '*,-' for all of this machine\n");
	return 1;
}

/* In NUT_PIDPATH, else STATEPATH, where that can be: for logrotate's SIGHUP. */
static void
pidfile_write(const char *base)
{
	const char *folder = getenv("NUT_PIDPATH");
	char *name = xasprintf("%s.pid", base);
	int fd;

	pidfile = folder != NULL && *folder != '\0' ? xasprintf("%s/%s", folder, name)
						    : paths_state(name);
	free(name);
	unlink(pidfile);
	fd = open(pidfile, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0 || dprintf(fd, "%d\n", (int)getpid()) < 0) {
		cli_complain("cannot write %s: %s", pidfile, strerror(errno));
		free(pidfile);
		pidfile = NULL;
	}
	if (fd >= 0)
		close(fd);
}

/* Until it is time again. SIGUSR1 makes it time, SIGHUP opens the files anew. */
static void
rest(struct logging *l, const struct timespec *until)
{
	struct timespec now, left;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGUSR1);
	for (;;) {
		clock_gettime(CLOCK_BOOTTIME, &now);
		left.tv_sec = until->tv_sec - now.tv_sec;
		left.tv_nsec = until->tv_nsec - now.tv_nsec;
		if (left.tv_nsec < 0) {
			left.tv_sec--;
			left.tv_nsec += 1000000000L;
		}
		if (left.tv_sec < 0)
			return;
		switch (sigtimedwait(&set, NULL, &left)) {
		case SIGUSR1:
			return;
		case SIGHUP:
			logtargets_open(&l->targets);
		}
	}
}

/* When the next line is due: in step with the one before, but none is made up for that was
 * slept through, and one that SIGUSR1 asked for puts none off for longer. */
static void
step(struct timespec *next, int interval)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	next->tv_sec += interval;
	if (next->tv_sec < now.tv_sec || next->tv_sec > now.tv_sec + interval)
		next->tv_sec = now.tv_sec + interval;
}

static void
run(struct logging *l, const char *format)
{
	struct timespec next;

	clock_gettime(CLOCK_BOOTTIME, &next);
	for (int i = 1;; i++) {
		logtargets_write(&l->targets, format);
		if (i == l->count)
			return;
		step(&next, l->interval);
		rest(l, &next);
	}
}

/* Becomes what runs: in the background where that is meant, with a pid file, as the user
 * that is meant. 0, or an exit status after a message. */
static int
settle(const struct logging *l)
{
	const bool to_stdout = logtargets_to_stdout(&l->targets);
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGTERM, on_end);
	signal(SIGINT, on_end);
	if (l->background || !(l->foreground || l->debug || to_stdout)) {
		if (daemon(1, to_stdout) < 0)
			return cli_complain(
			    "cannot go to the background: %s", strerror(errno));
		log_to_syslog();
	}
	pidfile_write(l->pidbase);
	return nutlike_become(l->user);
}

/* Logs until it is enough. Returns an exit status. */
static int
serve(struct logging *l)
{
	char *format = xasprintf("%s%s", l->prefix ? PREFIX : "", l->format);
	int status;

	logtargets_say(&l->targets, l->interval);
	if ((status = settle(l)) == 0)
		run(l, format);
	if (pidfile != NULL)
		unlink(pidfile);
	free(pidfile);
	free(format);
	return status;
}

int
cmd_upslog(int argc, char **argv)
{
	struct logging l = {
	    .format = LOGFORMAT_DEFAULT, .pidbase = "upslog", .interval = INTERVAL};
	int option, status = -1;

	while (status == -1 &&
	       (option = getopt(argc, argv, "+BDFNVW:d:f:hi:l:m:p:s:u:")) != -1)
		status = take_option(&l, option);
	if (status == -1 && optind != argc)
		status = cli_usage("upslog");
	if (status == -1 && (status = complete(&l)) == 0 &&
	    (status = logtargets_open(&l.targets)) == 0)
		status = serve(&l);
	logtargets_free(&l.targets);
	return status;
}
