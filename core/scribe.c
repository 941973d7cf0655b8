/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/scribe.h"
#include "lib/log.h"
#include "lib/sandbox.h"
#include "lib/xmem.h"

struct scribe {
	int fd, peer;
	unsigned owed; /* answers of the child that are still to come */
	bool gone;     /* the log knows that it is */
};

/* One writing; the answer is an errno value. */
struct task {
	int64_t at;
	unsigned char data[SCRIBE_BYTES_MAX];
};

#define HEAD offsetof(struct task, data)

static int
write_at(int fd, const void *data, size_t len, off_t at, bool wait)
{
	ssize_t n = pwrite(fd, data, len, at);

	if (n == (ssize_t)len && (!wait || fdatasync(fd) == 0))
		return 0;
	return n >= 0 && n < (ssize_t)len ? ENOSPC : errno;
}

/* In the child: all its life. It ends when core does. */
static void
child(int peer, int fd)
{
	static struct task task; /* its pages are taken as they fill */
	ssize_t n;
	int answer;

	prctl(PR_SET_NAME, "core-scribe");
	signal(
	    SIGTERM, SIG_IGN); /* it is core that is to end, when its last is written */
	signal(SIGINT, SIG_IGN);
	if (dup2(peer, STDIN_FILENO) == -1 || dup2(fd, STDERR_FILENO + 1) == -1)
		_exit(1);
	close_range(STDERR_FILENO + 2, ~0U, 0);
	sandbox_enter(SANDBOX_CORE);
	while ((n = recv(STDIN_FILENO, &task, sizeof(task), 0)) > (ssize_t)HEAD) {
		answer = write_at(
		    STDERR_FILENO + 1, task.data, (size_t)n - HEAD, task.at, true);
		if (send(STDIN_FILENO, &answer, sizeof(answer), MSG_NOSIGNAL) == -1)
			break;
	}
	_exit(0);
}

struct scribe *
scribe_new(int fd)
{
	struct scribe *s;
	int error, pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == -1)
		return NULL;
	if ((pid = fork()) == 0)
		child(pair[1], fd);
	error = errno;
	close(pair[1]);
	if (pid == -1) {
		close(pair[0]);
		errno = error;
		return NULL;
	}
	s = xcalloc(1, sizeof(*s));
	s->fd = fd;
	s->peer = pair[0];
	return s;
}

void
scribe_free(struct scribe *s)
{
	if (s == NULL)
		return;
	close(s->peer);
	free(s);
}

/* Takes the answers that are there, or waits for the last one. Returns its errno value:
 * EPIPE when the child is gone. */
static int
answers(struct scribe *s, int timeout_ms)
{
	struct pollfd p = {.fd = s->peer, .events = POLLIN};
	int answer = 0;

	while (s->owed > 0) {
		ssize_t n;

		if (poll(&p, 1, timeout_ms) == 0)
			return ETIMEDOUT;
		n = recv(s->peer, &answer, sizeof(answer), MSG_DONTWAIT);
		if (n == -1 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n != sizeof(answer))
			return EPIPE;
		s->owed--;
	}
	return answer;
}

/* Hands it to the child; 0, or an errno value. */
static int
hand(struct scribe *s, void *data, size_t len, off_t at)
{
	struct task head = {.at = at};
	struct iovec parts[] = {
	    {.iov_base = &head, .iov_len = HEAD},
	    {.iov_base = data, .iov_len = len},
	};
	const struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
	int error = answers(s, 0);
	bool busy = error == ETIMEDOUT;

	if (error == EPIPE)
		return error;
	if (sendmsg(s->peer, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == -1)
		return errno == ECONNRESET ? EPIPE : errno;
	s->owed++;
	return busy ? ETIMEDOUT : answers(s, SCRIBE_PATIENCE_MS);
}

int
scribe_write(struct scribe *s, void *data, size_t len, off_t at)
{
	int error = s->gone ? EPIPE : hand(s, data, len, at);

	if (error == EPIPE) {
		if (!s->gone)
			log_warn(
			    "the child that writes the memory is gone: it is written "
			    "without waiting for the disk");
		s->gone = true;
		error = write_at(s->fd, data, len, at, false);
	}
	errno = error;
	return error == 0 ? 0 : -1;
}
