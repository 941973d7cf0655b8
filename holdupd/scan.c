/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "holdupd/scan.h"
#include "lib/conf.h"
#include "lib/paths.h"

#define SCAN_MS 10000

static void __attribute__((noreturn))
scan_child(const char *path, int out, const struct user *user)
{
	if (users_become(user) < 0)
		_exit(127);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (dup2(out, STDOUT_FILENO) >= 0)
		execl(path, "hid", "-L", (char *)NULL);
	_exit(127);
}

/* Waits for the end of the scan, or makes one. Returns its status as of waitpid(2). */
static int
scan_wait(pid_t pid)
{
	struct pollfd p = {.events = POLLIN};
	int status = -1;

	p.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (p.fd < 0 || poll(&p, 1, SCAN_MS) <= 0)
		kill(pid, SIGKILL);
	if (p.fd >= 0)
		close(p.fd);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

char *
scan_devices(const struct user *user, size_t *len, char *cause, size_t size)
{
	char *path = paths_program("hid"), *text = NULL;
	int out = memfd_create("hid-L", MFD_CLOEXEC), status;
	pid_t pid;

	if (path == NULL) {
		snprintf(cause, size,
		    "the program hid is missing beside holdupd and in HOLDUP_LIBEXEC");
		goto out;
	}
	if (out < 0 || (pid = fork()) < 0) {
		snprintf(cause, size, "cannot start hid -L: %s", strerror(errno));
		goto out;
	}
	if (pid == 0)
		scan_child(path, out, user);
	status = scan_wait(pid);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		snprintf(cause, size, "hid -L failed or took over %d s", SCAN_MS / 1000);
	else if ((text = conf_slurp_fd(out, len)) == NULL)
		snprintf(cause, size, "hid -L: %s", strerror(errno));
out:
	if (out >= 0)
		close(out);
	free(path);
	return text;
}
