/* SPDX-License-Identifier: ISC */
#include "out/start.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/xmem.h"

#define ARGS_MAX 16

/* The command line of the child: the options that name a descriptor keep it open. */
struct args {
	char *argv[ARGS_MAX + 1];
	size_t n;
};

static void
add(struct args *a, const char *option, const char *value)
{
	a->argv[a->n++] = xstrdup(option);
	if (value != NULL)
		a->argv[a->n++] = xstrdup(value);
}

/* False when it cannot be kept. */
static bool
add_fd(struct args *a, const char *option, int fd)
{
	char number[16];

	snprintf(number, sizeof(number), "%d", fd);
	add(a, option, number);
	return fcntl(fd, F_SETFD, 0) == 0;
}

/* In the child, between fork and exec. */
static void __attribute__((noreturn)) become(const struct relay_house *h,
    const struct publisher *p, const char *path, int wire, pid_t parent)
{
	struct args a = {0};
	sigset_t none;
	bool ready;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) < 0 || getppid() != parent)
		_exit(1);
	add(&a, p->program, NULL);
	add(&a, "-P", p->name);
	ready = close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC) == 0 &&
		fcntl(wire, F_SETFL, 0) == 0 && add_fd(&a, "-C", h->conf_fd) &&
		add_fd(&a, "-q", wire) &&
		(!p->tls || h->ca_fd < 0 || add_fd(&a, "-A", h->ca_fd)) &&
		(!p->tls || h->certificate_fd < 0 || add_fd(&a, "-T", h->certificate_fd));
	if (h->debug)
		add(&a, "-D", NULL);
	if (ready)
		execv(path, a.argv);
	log_warn_errno("%s: cannot run %s", p->name, path);
	_exit(127);
}

pid_t
start_publisher(
    const struct relay_house *h, const struct publisher *p, const char *path, int *wire)
{
	pid_t parent = getpid(), pid;
	int error, fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) < 0)
		return -1;
	if ((pid = fork()) == 0)
		become(h, p, path, fds[1], parent);
	error = errno;
	close(fds[1]);
	if (pid < 0)
		close(fds[0]);
	*wire = fds[0];
	errno = error;
	return pid;
}
