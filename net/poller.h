/* SPDX-License-Identifier: ISC */
#ifndef NET_POLLER_H
#define NET_POLLER_H

#include <stdint.h>

struct event_base;

/*
 * The descriptors of clients, in an epoll of their own that is one event of the loop:
 * libevent would want more memory for each than the client itself.
 */
struct poller;

/* `ready` is called with what poller_watch() was given, and the EPOLL bits: for `most`
 * descriptors (up to 64) before all else of the loop gets its turn. */
struct poller *poller_new(
    struct event_base *base, int most, void (*ready)(void *who, uint32_t events));
void poller_free(struct poller *p);

/* Waits for EPOLLIN or EPOLLOUT on `fd` instead of `before`; 0 is nothing at all. `who`
 * is one descriptor's only. */
void poller_watch(struct poller *p, int fd, void *who, uint32_t before, uint32_t events);

/* Has `ready` called again in the next turn, as if `who` were ready for EPOLLIN: what it
 * has not taken yet is not in its descriptor. */
void poller_again(struct poller *p, void *who);

/* `who` is no more: `ready` is not called with it again. */
void poller_forget(struct poller *p, const void *who);

#endif
