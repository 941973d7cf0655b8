/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/resolve.h"
#include "lib/xmem.h"
#include "remote/dial.h"

struct dial {
	struct event_base *base;
	struct target target;
	void (*done)(void *arg, int fd, const char *cause);
	void *arg;
	struct resolve *lookup; /* NULL: a literal address */
	struct resolve_address addresses[RESOLVE_MAX];
	size_t count, next;
	int fd, error; /* of the connection in progress, of the last try */
	struct event *writable, *begin;
};

/* Ends the try in progress. */
static void
try_end(struct dial *d, int error)
{
	if (d->writable != NULL)
		event_free(d->writable);
	if (d->fd >= 0)
		close(d->fd);
	d->writable = NULL;
	d->fd = -1;
	d->error = error;
}

/* Hands the connected descriptor over. */
static void
connected(struct dial *d)
{
	const int one = 1;
	int fd = d->fd;

	event_free(d->writable);
	d->writable = NULL;
	d->fd = -1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	d->done(d->arg, fd, NULL);
}

static void
failed(struct dial *d)
{
	char cause[2 * TARGET_PART_MAX + 256];

	if (d->count == 0)
		snprintf(cause, sizeof(cause), "no address found for %s", d->target.host);
	else
		snprintf(cause, sizeof(cause), "cannot connect to %s port %s: %s",
		    d->target.host, d->target.port, strerror(d->error));
	d->done(d->arg, -1, cause);
}

static void on_writable(evutil_socket_t fd, short what, void *arg);

/* Starts a connection to the next address that lets itself be tried. */
static void
try_next(struct dial *d)
{
	static const struct timeval time = {.tv_sec = DIAL_TRY_MS / 1000};

	while (d->next < d->count) {
		const struct resolve_address *a = &d->addresses[d->next++];

		d->fd = socket(
		    a->ss.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (d->fd < 0 ||
		    (connect(d->fd, (const struct sockaddr *)&a->ss, a->len) < 0 &&
			errno != EINPROGRESS)) {
			try_end(d, errno);
			continue;
		}
		d->writable = event_new(d->base, d->fd, EV_WRITE, on_writable, d);
		event_add(d->writable, &time);
		return;
	}
	failed(d);
}

static void
on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct dial *d = arg;
	int error = 0;
	socklen_t len = sizeof(error);

	if ((what & EV_TIMEOUT) != 0)
		error = ETIMEDOUT;
	else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		error = errno;
	if (error == 0) {
		connected(d);
		return;
	}
	try_end(d, error);
	try_next(d);
}

static void
on_lookup(void *arg, const struct resolve_address *addresses, size_t count)
{
	struct dial *d = arg;

	memcpy(d->addresses, addresses, count * sizeof(*addresses));
	d->count = count;
	resolve_free(d->lookup);
	d->lookup = NULL;
	try_next(d);
}

static void
on_begin(evutil_socket_t fd, short what, void *arg)
{
	struct dial *d = arg;

	d->count = resolve_literal(d->target.host, d->target.port, d->addresses);
	if (d->count == 0)
		d->lookup = resolve_new(d->base, d->target.host, d->target.port,
		    DIAL_LOOKUP_MS, NULL, on_lookup, d);
	if (d->lookup == NULL)
		try_next(d);
}

struct dial *
dial_new(struct event_base *base, const struct target *t,
    void (*done)(void *arg, int fd, const char *cause), void *arg)
{
	struct dial *d = xcalloc(1, sizeof(*d));

	d->base = base;
	d->target = *t;
	d->done = done;
	d->arg = arg;
	d->fd = -1;
	d->begin = event_new(base, -1, 0, on_begin, d);
	event_active(d->begin, EV_TIMEOUT, 1);
	return d;
}

void
dial_free(struct dial *d)
{
	if (d == NULL)
		return;
	try_end(d, 0);
	resolve_free(d->lookup);
	event_free(d->begin);
	free(d);
}
