/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_TAKEN_H
#define HOLDUPD_TAKEN_H

#include "holdupd/plan.h"
#include "holdupd/sockets.h"

struct event_base;

/*
 * Driver sockets of ours that somebody else had when they were to be opened: NUT's
 * usbhid-ups of nut-driver@, or a driver at a terminal. His is used; when nobody has
 * served it for a while (holdupd/foreign.h), ours is to start.
 */
struct taken;

/* Watches the sockets of the plan that are not open; both stay the caller's. `freed` is
 * called from the loop when one is to be opened: by a reload, and taken_follow() then. */
struct taken *taken_new(struct event_base *base, const struct plan *plan,
    const struct sockets *sockets, void (*freed)(void *arg), void *arg);
void taken_free(struct taken *t);

/* Plan and sockets are others now. */
void taken_follow(struct taken *t);

#endif
