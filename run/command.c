/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/xmem.h"
#include "run/command.h"

/* In the child: a group of its own, a fresh mask, this input (-1: none), nothing else. */
static int
child_streams(int input)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (input < 0)
		input = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (setpgid(0, 0) < 0 || input < 0 || dup2(input, STDIN_FILENO) < 0)
		return -1;
	return close_range(STDERR_FILENO + 1, ~0U, 0);
}

/* The message as a file that nobody else has. */
static int
message_file(const char *text)
{
	int fd = memfd_create("message", MFD_CLOEXEC);

	if (fd >= 0 && (dprintf(fd, "%s\n", text) < 0 || lseek(fd, 0, SEEK_SET) < 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

pid_t
command_wall(const struct notify_row *row)
{
	int input = message_file(row->text);
	pid_t pid = input < 0 ? -1 : fork();

	if (pid == 0) {
		if (child_streams(input) == 0)
			execlp("wall", "wall", (char *)NULL);
		log_warn_errno("cannot run wall");
		_exit(127);
	}
	if (input >= 0)
		close(input);
	return pid;
}

pid_t
command_notify(const struct notify_row *row, const char *notifycmd)
{
	pid_t pid = fork();
	char *script;

	if (pid != 0)
		return pid;
	script = xasprintf("%s \"$1\"", notifycmd);
	if (child_streams(-1) == 0 && setenv("UPSNAME", row->ups, 1) == 0 &&
	    setenv("NOTIFYTYPE", notify_name(row->type), 1) == 0)
		execl("/bin/sh", "sh", "-c", script, "sh", row->text, (char *)NULL);
	log_warn_errno("cannot run NOTIFYCMD");
	_exit(127);
}

pid_t
command_hook(const char *hook, const char *machine, const char *verb)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	if (child_streams(-1) == 0 && setenv("HOLDUP_MACHINE", machine, 1) == 0 &&
	    setenv("HOLDUP_VERB", verb, 1) == 0)
		execl("/bin/sh", "sh", "-c", hook, (char *)NULL);
	log_warn_errno("cannot run the hook of %s", machine);
	_exit(127);
}

pid_t
command_ping(const char *address)
{
	pid_t pid = fork();
	int null;

	if (pid != 0)
		return pid;
	/* That nobody answers is an answer, and needs no line in the log. */
	if (child_streams(-1) == 0 &&
	    (null = open("/dev/null", O_WRONLY | O_CLOEXEC)) >= 0 &&
	    dup2(null, STDOUT_FILENO) >= 0)
		execlp("ping", "ping", "-n", "-q", "-c", "1", "-W", "2", address,
		    (char *)NULL);
	log_warn_errno("cannot run ping (Debian: apt install iputils-ping)");
	_exit(127);
}
