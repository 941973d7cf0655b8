/* SPDX-License-Identifier: ISC */
#ifndef REMOTE_LOOKUP_H
#define REMOTE_LOOKUP_H

#include <stddef.h>
#include <sys/socket.h>

struct event_base;

/*
 * Host names to addresses. getaddrinfo(3) can block for a minute when the network is
 * gone, so it runs in a child of its own.
 */
struct lookup;

#define LOOKUP_ADDRESSES_MAX 16

struct lookup_address {
	socklen_t len;
	struct sockaddr_storage ss;
};

/* Addresses of a literal host (no name is looked up). Returns their number, or 0. */
size_t lookup_literal(const char *host, const char *port,
    struct lookup_address addresses[LOOKUP_ADDRESSES_MAX]);

/* Starts a look-up of at most `timeout_ms`. `done` is called from the loop, once, with
 * count 0 when nothing was found; lookup_free() may be called inside. NULL when no child
 * can be made (errno set). */
struct lookup *lookup_new(struct event_base *base, const char *host, const char *port,
    long timeout_ms,
    void (*done)(void *arg, const struct lookup_address *addresses, size_t count),
    void *arg);
void lookup_free(struct lookup *l);

#endif
