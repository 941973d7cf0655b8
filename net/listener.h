/* SPDX-License-Identifier: ISC */
#ifndef NET_LISTENER_H
#define NET_LISTENER_H

#include <stddef.h>

struct event_base;

/*
 * The listening sockets. New connections are handed on non-blocking and close-on-exec,
 * with TCP_NODELAY and keep-alive set, and the peer's address as text.
 */
struct listener;

/* Called for each new connection, which it owns from then on. */
typedef void listener_accept(void *arg, int fd, const char *address);

/* Serves `nfds` listening sockets (owned from now on), but only from listener_open() on;
 * until then, and while no descriptor is free, who connects waits in the queue. */
struct listener *listener_new(struct event_base *base, const int *fds, size_t nfds,
    listener_accept *accept, void *arg);
void listener_open(struct listener *l);

/* Serves these sockets (owned from now on) instead of those before, which are closed here;
 * who waits in the queue of a socket that is in both is served as if nothing were. */
void listener_replace(struct listener *l, const int *fds, size_t nfds);
void listener_free(struct listener *l);

#endif
