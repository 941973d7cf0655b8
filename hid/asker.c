/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hid/asker.h"
#include "hid/io.h"
#include "lib/log.h"
#include "lib/xmem.h"

#define HEAD offsetof(struct hidsock_packet, data)

struct asker {
	int pidfd; /* -1 when the child was gone at once */
	int fd;
	struct event *readable;
	struct event *end; /* of a child that was killed */
	const struct asker_ops *ops;
	void *arg;
};

/* In the child: one request, its answer into the same packet. */
static void
serve(struct io *io, struct hidsock_packet *p)
{
	ssize_t n;

	switch (p->op) {
	case HIDSOCK_GET:
		n = io->ops->get(io, p->id, p->data, sizeof(p->data));
		break;
	case HIDSOCK_SET:
		n = io->ops->set(io, p->data, p->len);
		break;
	case HIDSOCK_STRING:
		n = io->ops->string(io, p->id, (char *)p->data, sizeof(p->data));
		break;
	default:
		errno = EOPNOTSUPP;
		n = -1;
	}
	p->error = n == -1 ? (uint16_t)errno : 0;
	p->len = n == -1 ? 0 : (uint32_t)n;
}

/* In the child: all its life. Answer 0 says that it could not open the device. */
static void
child(int fd, const char *path, const char *usb)
{
	static struct hidsock_packet p; /* its pages are taken as they fill */
	struct io *io;
	ssize_t n;

	prctl(PR_SET_NAME, "hid-asker");
	signal(SIGTERM, SIG_DFL); /* the parent's handlers belong to its event loop */
	signal(SIGINT, SIG_IGN);  /* a ^C is the parent's business */
	if (dup2(fd, 3) == -1)
		_exit(1);
	close_range(4, ~0U, 0);
	fd = 3;
	if ((io = io_open(path, usb, IO_ASK)) == NULL) {
		p.error = (uint16_t)errno;
		send(fd, &p, HEAD, MSG_NOSIGNAL);
		_exit(1);
	}
	while ((n = recv(fd, &p, sizeof(p), 0)) > 0) {
		if ((size_t)n < HEAD || (size_t)n - HEAD != p.len)
			break;
		serve(io, &p);
		if (send(fd, &p, HEAD + p.len, MSG_NOSIGNAL) == -1)
			break;
	}
	_exit(0);
}

static void
readable(evutil_socket_t fd, short what, void *arg)
{
	static struct hidsock_packet p;
	struct asker *a = arg;
	ssize_t n = recv(fd, &p, sizeof(p), MSG_DONTWAIT);

	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < (ssize_t)HEAD || (size_t)n - HEAD != p.len) {
		event_del(a->readable);
		a->ops->lost(a->arg, 0);
	} else if (p.op == 0) {
		event_del(a->readable);
		a->ops->lost(a->arg, p.error);
	} else {
		a->ops->answer(a->arg, &p);
	}
}

struct asker *
asker_new(struct event_base *base, const char *path, const char *usb,
    const struct asker_ops *ops, void *arg)
{
	struct asker *a;
	int error, pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == -1)
		return NULL;
	malloc_trim(0); /* what the search has left would be the child's for good */
	if ((pid = fork()) == 0)
		child(pair[1], path, usb);
	error = errno;
	close(pair[1]);
	if (pid == -1) {
		close(pair[0]);
		errno = error;
		return NULL;
	}
	a = xcalloc(1, sizeof(*a));
	a->pidfd = pidfd_open(pid, 0);
	a->fd = pair[0];
	a->ops = ops;
	a->arg = arg;
	a->readable = event_new(base, a->fd, EV_READ | EV_PERSIST, readable, a);
	event_add(a->readable, NULL);
	return a;
}

int
asker_send(
    struct asker *a, enum hidsock_op op, uint8_t id, const uint8_t *data, size_t len)
{
	return io_sock_send(a->fd, op, id, data, len, MSG_DONTWAIT);
}

static void
has_ended(evutil_socket_t fd, short what, void *arg)
{
	struct asker *a = arg;

	a->ops->ended(a->arg, a);
}

/* Calls ops->ended when the child has ended. */
static void
await_end(struct asker *a, struct event_base *base)
{
	a->end = event_new(base, a->pidfd, EV_READ, has_ended, a);
	event_add(a->end, NULL);
	if (a->pidfd == -1)
		event_active(a->end, EV_READ, 0);
}

void
asker_kill(struct asker *a)
{
	event_del(a->readable);
	if (a->pidfd != -1)
		pidfd_send_signal(a->pidfd, SIGKILL, NULL, 0);
	await_end(a, event_get_base(a->readable));
}

/* In the child: all its life. */
static void
reset(const char *ups, const char *path, const char *usb)
{
	prctl(PR_SET_NAME, "hid-asker");
	signal(SIGTERM, SIG_DFL);
	close_range(3, ~0U, 0); /* the node must not stay open by us */
	if (io_reset(path, usb) == -1)
		log_warn_errno("ups %s: cannot reset %s on its bus", ups, path);
	else
		log_info("ups %s: %s was reset on its bus", ups, path);
	_exit(0);
}

struct asker *
asker_reset(struct event_base *base, const char *ups, const char *path, const char *usb,
    const struct asker_ops *ops, void *arg)
{
	struct asker *a;
	pid_t pid;

	if ((pid = fork()) == 0)
		reset(ups, path, usb);
	if (pid == -1)
		return NULL;
	a = xcalloc(1, sizeof(*a));
	a->pidfd = pidfd_open(pid, 0);
	a->fd = -1;
	a->ops = ops;
	a->arg = arg;
	await_end(a, base);
	return a;
}

void
asker_free(struct asker *a)
{
	if (a == NULL)
		return;
	if (a->end != NULL)
		event_free(a->end);
	if (a->pidfd != -1) {
		pidfd_send_signal(a->pidfd, SIGKILL, NULL, 0);
		close(a->pidfd);
	}
	if (a->readable != NULL)
		event_free(a->readable);
	if (a->fd != -1)
		close(a->fd);
	free(a);
}
