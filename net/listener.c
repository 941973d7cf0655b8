/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/boottime.h"
#include "lib/log.h"
#include "lib/xmem.h"
#include "net/listener.h"
#include "net/seldom.h"

#define ACCEPT_BATCH 64 /* connections taken at once, so that the others get their turn */

/* A machine that lost its power says no goodbye: found out after two minutes. */
#define KEEP_IDLE 60
#define KEEP_INTERVAL 15
#define KEEP_COUNT 4

static const struct timeval pause_time = {.tv_sec = 1};

struct listener {
	struct event_base *base;
	struct event **events;
	size_t nevents;
	struct event *pause; /* pending: accepting rests */
	listener_accept *accept;
	void *arg;
	bool open;
	struct seldom rests; /* reasons for resting that are in the log */
};

static void
set_option(int fd, int level, int option, int value)
{
	/* A connection without the option is still one. */
	(void)!setsockopt(fd, level, option, &value, sizeof(value));
}

/* For the connections of a listening socket, which have what it has: five calls less for
 * each. */
static void
set_options(int fd)
{
	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEP_IDLE);
	set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEP_INTERVAL);
	set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEP_COUNT);
}

/* No descriptor or memory is free: rests for a second instead of spinning. */
static void
rest(struct listener *l)
{
	if (seldom_due(&l->rests, strerror(errno), boottime_ms()))
		log_warn_errno(
		    "cannot accept connections now; trying again every second");
	for (size_t i = 0; i < l->nevents; i++)
		event_del(l->events[i]);
	event_add(l->pause, &pause_time);
}

/* The address as text. Only a link-local one needs more than inet_ntop(): its zone. */
static void
write_address(const struct sockaddr_storage *peer, socklen_t len, char *to, size_t size)
{
	const struct sockaddr_in *sin = (const struct sockaddr_in *)peer;
	const struct sockaddr_in6 *sin6 = (const struct sockaddr_in6 *)peer;
	const char *text = NULL;

	if (peer->ss_family == AF_INET)
		text = inet_ntop(AF_INET, &sin->sin_addr, to, (socklen_t)size);
	else if (peer->ss_family == AF_INET6 && sin6->sin6_scope_id == 0)
		text = inet_ntop(AF_INET6, &sin6->sin6_addr, to, (socklen_t)size);
	if (text == NULL && getnameinfo((const struct sockaddr *)peer, len, to,
				(socklen_t)size, NULL, 0, NI_NUMERICHOST) != 0)
		snprintf(to, size, "unknown");
}

static void
on_acceptable(evutil_socket_t fd, short what, void *arg)
{
	struct listener *l = arg;
	struct sockaddr_storage peer = {.ss_family = AF_UNSPEC};
	char address[NI_MAXHOST];

	for (int i = 0; i < ACCEPT_BATCH; i++) {
		socklen_t len = sizeof(peer);
		int client = accept4(
		    fd, (struct sockaddr *)&peer, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (client < 0) {
			if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
			    errno == ENOMEM)
				rest(l);
			return;
		}
		write_address(&peer, len, address, sizeof(address));
		l->accept(l->arg, client, address);
	}
}

static void
on_rested(evutil_socket_t fd, short what, void *arg)
{
	listener_open(arg);
}

/* Gets the sockets ready to be listened to. */
static void
take(struct listener *l, const int *fds, size_t nfds)
{
	l->events = xcalloc(nfds + 1, sizeof(struct event *));
	l->nevents = nfds;
	for (size_t i = 0; i < nfds; i++) {
		evutil_make_socket_nonblocking(fds[i]);
		set_options(fds[i]);
		l->events[i] =
		    event_new(l->base, fds[i], EV_READ | EV_PERSIST, on_acceptable, l);
	}
}

static void
release(struct listener *l)
{
	for (size_t i = 0; i < l->nevents; i++) {
		evutil_socket_t fd = event_get_fd(l->events[i]);

		event_free(l->events[i]);
		close(fd);
	}
	free(l->events);
}

struct listener *
listener_new(struct event_base *base, const int *fds, size_t nfds,
    listener_accept *accept_one, void *arg)
{
	struct listener *l = xcalloc(1, sizeof(*l));

	l->base = base;
	l->accept = accept_one;
	l->arg = arg;
	take(l, fds, nfds);
	l->pause = event_new(base, -1, 0, on_rested, l);
	return l;
}

void
listener_open(struct listener *l)
{
	l->open = true;
	if (event_pending(l->pause, EV_TIMEOUT, NULL))
		return;
	for (size_t i = 0; i < l->nevents; i++)
		event_add(l->events[i], NULL);
}

void
listener_replace(struct listener *l, const int *fds, size_t nfds)
{
	release(l);
	take(l, fds, nfds);
	if (l->open)
		listener_open(l);
}

void
listener_free(struct listener *l)
{
	release(l);
	event_free(l->pause);
	free(l);
}
