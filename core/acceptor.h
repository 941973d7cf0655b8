/* SPDX-License-Identifier: ISC */
#ifndef CORE_ACCEPTOR_H
#define CORE_ACCEPTOR_H

struct event_base;

/*
 * Accepts connections on a listening socket, which stays the caller's. Out of
 * descriptors, it pauses for a second instead of spinning.
 */
struct acceptor;

/* `take` owns each connected descriptor; it is non-blocking and close-on-exec. `name` is
 * for the log and is kept by reference. */
struct acceptor *acceptor_new(struct event_base *base, int listen_fd, const char *name,
    void (*take)(void *arg, int fd), void *arg);
void acceptor_free(struct acceptor *a);

#endif
