/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <netdb.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/resolve.h"
#include "lib/xmem.h"

struct resolve {
	pid_t pid;
	int fd; /* the child writes struct resolve_address packets into the other end */
	struct event *readable;
	struct resolve_address addresses[RESOLVE_MAX];
	size_t count;
	void (*done)(void *arg, const struct resolve_address *addresses, size_t count);
	void *arg;
};

/* getaddrinfo(3) with its list flattened. */
static size_t
addresses_get(const char *host, const char *port, int flags,
    struct resolve_address addresses[RESOLVE_MAX])
{
	const struct addrinfo hints = {
	    .ai_flags = flags | AI_NUMERICSERV,
	    .ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *list;
	size_t count = 0;

	if (getaddrinfo(host, port, &hints, &list) != 0)
		return 0;
	for (const struct addrinfo *ai = list; ai != NULL; ai = ai->ai_next) {
		if (count == RESOLVE_MAX || ai->ai_addrlen > sizeof(addresses[count].ss))
			break;
		memset(&addresses[count], 0, sizeof(addresses[count]));
		addresses[count].len = ai->ai_addrlen;
		memcpy(&addresses[count].ss, ai->ai_addr, ai->ai_addrlen);
		count++;
	}
	freeaddrinfo(list);
	return count;
}

size_t
resolve_literal(
    const char *host, const char *port, struct resolve_address addresses[RESOLVE_MAX])
{
	return addresses_get(host, port, AI_NUMERICHOST, addresses);
}

/* In the child; signals stay blocked, only SIGKILL is for it. */
static void __attribute__((noreturn)) resolve_child(
    const char *host, const char *port, int fd, void (*enter)(void *arg), void *arg)
{
	struct resolve_address addresses[RESOLVE_MAX];
	size_t count;

	if (enter != NULL)
		enter(arg);
	prctl(PR_SET_PDEATHSIG, SIGKILL); /* a change of user would take it back */
	if (dup2(fd, STDIN_FILENO) < 0 || close_range(STDERR_FILENO + 1, ~0U, 0) < 0)
		_exit(1);
	count = addresses_get(host, port, 0, addresses);
	for (size_t i = 0; i < count; i++)
		(void)!write(STDIN_FILENO, &addresses[i], sizeof(addresses[i]));
	_exit(0);
}

/* No handler of the parent's may run in the child: it would write into the pipe by which
 * the parent's loop hears of its own signals. */
static pid_t
fork_quiet(void)
{
	sigset_t all, before;
	pid_t pid;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	if ((pid = fork()) != 0)
		sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}

/* A packet is an address; the end or the time-out completes the answer. */
static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct resolve *l = arg;
	ssize_t n = 0;

	if ((what & EV_READ) != 0 && l->count < RESOLVE_MAX) {
		n = recv(fd, &l->addresses[l->count], sizeof(l->addresses[0]), 0);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
	}
	if (n == (ssize_t)sizeof(l->addresses[0])) {
		l->count++;
		return;
	}
	event_del(l->readable);
	l->done(l->arg, l->addresses, l->count);
}

struct resolve *
resolve_new(struct event_base *base, const char *host, const char *port, long timeout_ms,
    void (*enter)(void *arg),
    void (*done)(void *arg, const struct resolve_address *addresses, size_t count),
    void *arg)
{
	const struct timeval time = {
	    .tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000};
	struct resolve *l;
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return NULL;
	if ((pid = fork_quiet()) == 0)
		resolve_child(host, port, pair[1], enter, arg);
	close(pair[1]);
	if (pid < 0 || fcntl(pair[0], F_SETFL, O_NONBLOCK) < 0) {
		close(pair[0]);
		return NULL;
	}
	l = xcalloc(1, sizeof(*l));
	l->pid = pid;
	l->fd = pair[0];
	l->done = done;
	l->arg = arg;
	l->readable = event_new(base, l->fd, EV_READ | EV_PERSIST, on_readable, l);
	event_add(l->readable, &time);
	return l;
}

void
resolve_free(struct resolve *l)
{
	if (l == NULL)
		return;
	/* Whatever it still does, nobody waits for it. */
	kill(l->pid, SIGKILL);
	while (waitpid(l->pid, NULL, 0) < 0 && errno == EINTR)
		;
	event_free(l->readable);
	close(l->fd);
	free(l);
}
