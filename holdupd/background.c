/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "holdupd/background.h"
#include "lib/log.h"

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

void
background_ready(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0)
		log_fatal_errno("cannot leave the terminal");
	close(null);
	log_to_syslog();
	(void)!write(ready_pipe, "", 1);
	close(ready_pipe);
	ready_pipe = -1;
}
