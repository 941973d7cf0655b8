/* SPDX-License-Identifier: ISC */
#ifndef REMOTE_DIAL_H
#define REMOTE_DIAL_H

#include "remote/target.h"

struct event_base;

/*
 * Connects to a server without ever blocking the loop: a name is looked up in a
 * short-lived child, a literal address is used as it stands, and each address found is
 * tried for DIAL_TRY_MS.
 */
struct dial;

#define DIAL_LOOKUP_MS 10000
#define DIAL_TRY_MS 5000

/* Starts. `done` is called from the loop, once: with a connected, non-blocking
 * descriptor that is then the callee's, or with -1 and the cause. The dial is over then;
 * dial_free() may be called inside. */
struct dial *dial_new(struct event_base *base, const struct target *t,
    void (*done)(void *arg, int fd, const char *cause), void *arg);
void dial_free(struct dial *d);

#endif
