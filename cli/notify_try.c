/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/notify_try.h"
#include "cli/nutlike.h"
#include "lib/paths.h"
#include "lib/xmem.h"

#define PATIENCE_S 60
#define SAID_MAX 4096 /* bytes that are read of what one says */
#define CONF_FD 3     /* where publish finds holdup.conf */
#define PUBLISH_USER "holdup-out"

static void
cannot(struct notify_try *t, const char *why)
{
	*t = (struct notify_try){.pid = -1, .output = -1, .status = 1};
	buf_printf(&t->said, "cannot be started: %s", why);
}

/* In the child: a group of its own, nothing to read, and its words into `output`. */
static int
streams(int output)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

	signal(SIGPIPE, SIG_DFL);
	if (setpgid(0, 0) < 0 || null < 0 || dup2(null, STDIN_FILENO) < 0)
		return -1;
	return dup2(output, STDOUT_FILENO);
}

/* In the child: what went wrong before the program ran. */
static void __attribute__((noreturn)) lost(const char *what)
{
	printf("%s cannot be run: %s\n", what, strerror(errno));
	fflush(stdout);
	_exit(127);
}

/* In the child. */
static void __attribute__((noreturn))
be_publish(const char *program, const char *name, int conf_fd, int output)
{
	char *section = xasprintf("notify.%s", name), fd[16];

	snprintf(fd, sizeof(fd), "%d", CONF_FD);
	/* One that is there already would keep FD_CLOEXEC when copied to itself. */
	if (streams(output) < 0 ||
	    (conf_fd == CONF_FD ? fcntl(conf_fd, F_SETFD, 0) : dup2(conf_fd, CONF_FD)) <
		0 ||
	    close_range(CONF_FD + 1, ~0U, 0) < 0)
		lost("publish");
	if (!paths_private() && getpwnam(PUBLISH_USER) != NULL &&
	    nutlike_become(PUBLISH_USER) != 0)
		_exit(127);
	execl(program, "publish", "-t", "-P", section, "-C", fd, (char *)NULL);
	lost("publish");
}

void
notify_try_channel(struct notify_try *t, const char *name, int conf_fd)
{
	char *program = paths_program("publish");
	int pipes[2];

	*t = (struct notify_try){.pid = -1, .output = -1};
	if (program == NULL) {
		cannot(t, "the program publish is not installed");
	} else if (pipe2(pipes, O_CLOEXEC) < 0) {
		cannot(t, strerror(errno));
	} else if ((t->pid = fork()) == 0) {
		be_publish(program, name, conf_fd, pipes[1]);
	} else {
		if (t->pid < 0)
			cannot(t, strerror(errno));
		t->output = pipes[0];
		close(pipes[1]);
	}
	free(program);
}

/* In the child. */
static void __attribute__((noreturn)) be_notifycmd(const struct upsmon_conf *upsmon)
{
	const char *ups = upsmon->nmonitors > 0 ? upsmon->monitors[0].system : "";
	char *script = xasprintf("%s \"$1\"", upsmon->notifycmd), *text;
	char host[256] = "this machine";

	gethostname(host, sizeof(host) - 1);
	text =
	    xasprintf("A trial of the notifications of %s: nothing has happened", host);
	if (nutlike_become(upsmon->run_as_user) != 0)
		_exit(127);
	if (streams(STDERR_FILENO) >= 0 && close_range(STDERR_FILENO + 1, ~0U, 0) == 0 &&
	    setenv("UPSNAME", ups, 1) == 0 && setenv("NOTIFYTYPE", "TEST", 1) == 0)
		execl("/bin/sh", "sh", "-c", script, "sh", text, (char *)NULL);
	lost("NOTIFYCMD");
}

void
notify_try_program(struct notify_try *t, const struct upsmon_conf *upsmon)
{
	*t = (struct notify_try){.output = -1};
	if ((t->pid = fork()) == 0)
		be_notifycmd(upsmon);
	if (t->pid < 0)
		cannot(t, strerror(errno));
}

static long long
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

long long
notify_try_until(void)
{
	return now_ms() + PATIENCE_S * 1000LL;
}

/* False when the time is over before it ends. */
static bool
ends(pid_t pid, long long until)
{
	struct pollfd p = {.fd = pidfd_open(pid, 0), .events = POLLIN};
	bool ended = p.fd < 0;

	for (long long left; !ended && (left = until - now_ms()) > 0;)
		ended = poll(&p, 1, (int)left) > 0;
	if (p.fd >= 0)
		close(p.fd);
	return ended;
}

/* Keeps the last line of what it said: what came of it. It has ended, and what it wrote is
 * in the pipe. */
static void
read_said(struct notify_try *t)
{
	char text[SAID_MAX + 1], *line;
	ssize_t n = t->output >= 0 ? read(t->output, text, SAID_MAX) : 0;

	while (n > 0 && text[n - 1] == '\n')
		n--;
	text[n > 0 ? n : 0] = '\0';
	line = strrchr(text, '\n');
	buf_puts(&t->said, line != NULL ? line + 1 : text);
}

void
notify_try_wait(struct notify_try *t, long long until)
{
	bool ended;
	int status = 0;

	if (t->pid < 0)
		return;
	ended = ends(t->pid, until);
	if (!ended)
		kill(-t->pid, SIGKILL);
	while (waitpid(t->pid, &status, 0) < 0 && errno == EINTR)
		;
	t->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	if (ended)
		read_said(t);
	else
		buf_printf(&t->said, "no end within %d s", PATIENCE_S);
}

void
notify_try_free(struct notify_try *t)
{
	if (t->output >= 0)
		close(t->output);
	buf_free(&t->said);
}
