/* SPDX-License-Identifier: ISC */
#ifndef LIB_RESOLVE_H
#define LIB_RESOLVE_H

#include <stddef.h>
#include <sys/socket.h>

struct event_base;

/*
 * Host names to addresses. getaddrinfo(3) can block for a minute when the network is
 * gone, so it runs in a child of its own, which has no descriptor of ours.
 */
struct resolve;

#define RESOLVE_MAX 16

struct resolve_address {
	socklen_t len;
	struct sockaddr_storage ss;
};

/* Addresses of a literal host (no name is looked up). Returns their number, or 0. */
size_t resolve_literal(
    const char *host, const char *port, struct resolve_address addresses[RESOLVE_MAX]);

/* Starts a look-up of at most `timeout_ms`. `enter`, unless NULL, is called in the child
 * first, with `arg`: it gives up rights. `done` is called from the loop, once, with count 0
 * when nothing was found; resolve_free() may be called inside. NULL when no child can be
 * made (errno set). */
struct resolve *resolve_new(struct event_base *base, const char *host, const char *port,
    long timeout_ms, void (*enter)(void *arg),
    void (*done)(void *arg, const struct resolve_address *addresses, size_t count),
    void *arg);
void resolve_free(struct resolve *l);

#endif
