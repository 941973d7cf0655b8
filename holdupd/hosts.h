/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_HOSTS_H
#define HOLDUPD_HOSTS_H

#include "holdupd/plan.h"
#include "holdupd/users.h"

struct event_base;

/*
 * The names in LISTEN: looked up by a short-lived child without rights, again after 2, 4 …
 * 60 s until somebody knows them. What a name meant before holds until then.
 */
struct hosts;

/* `found` is called from the loop when plan_resolved() has been told something. Plan and
 * user (who asks) stay the caller's. */
struct hosts *hosts_new(struct event_base *base, struct plan *plan,
    const struct user *user, void (*found)(void *arg), void *arg);
void hosts_free(struct hosts *h);

/* The plan has other names now, or it is time to ask again: asks for all of them. */
void hosts_follow(struct hosts *h);

#endif
