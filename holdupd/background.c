/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "holdupd/background.h"
#include "lib/log.h"

#define SYSLOG "/dev/log"

static int ready_pipe = -1; /* a byte in it: all is open */

/* In the one that was called: ends as the other begins. */
static void __attribute__((noreturn)) wait_for(pid_t pid, int from)
{
	char byte;
	int status = 0;
	ssize_t n;

	while ((n = read(from, &byte, 1)) < 0 && errno == EINTR)
		continue;
	if (n == 1)
		_exit(0);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

void
background_begin(void)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0 || (pid = fork()) < 0)
		log_fatal_errno("cannot go to the background");
	if (pid > 0) {
		close(ends[1]);
		wait_for(pid, ends[0]);
	}
	close(ends[0]);
	ready_pipe = ends[1];
	setsid();
}

/* A log line is one write(2), so a datagram of syslog's; /dev/null where there is none. */
static int
log_open(void)
{
	const struct sockaddr_un sun = {.sun_family = AF_UNIX, .sun_path = SYSLOG};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)&sun, sizeof(sun)) == 0) {
		setenv("HOLDUP_SYSLOG", "yes", 1);
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return open("/dev/null", O_WRONLY | O_CLOEXEC);
}

void
background_ready(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), log = log_open();

	if (null < 0 || log < 0 || dup2(null, STDIN_FILENO) < 0 ||
	    dup2(null, STDOUT_FILENO) < 0 || dup2(log, STDERR_FILENO) < 0)
		log_fatal_errno("cannot leave the terminal");
	close(null);
	close(log);
	(void)!write(ready_pipe, "", 1);
	close(ready_pipe);
	ready_pipe = -1;
}
