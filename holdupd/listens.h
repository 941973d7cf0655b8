/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_LISTENS_H
#define HOLDUPD_LISTENS_H

#include <stddef.h>
#include <sys/types.h>

#include "holdupd/plan.h"
#include "lib/netctl.h"

struct event_base;

/*
 * The listeners of net or web, one for each of plan_listens(). What cannot be opened (the
 * port is taken) is tried again, after 2, 4 … 60 s; one line in the log says so, another
 * that it has come. holdupd holds them for as long as it lives, so that who calls while net
 * starts afresh waits in the queue.
 */
struct listens;

/* Opens those of the plan, which stays the caller's, and gives them to its net by
 * plan_net() (plan_web()). Unix sockets belong to `group` (-1: to ours). `changed` is
 * called from the loop when one has come. */
struct listens *listens_new(struct event_base *base, struct plan *plan,
    enum plan_server server, gid_t group, void (*changed)(void *arg), void *arg);
void listens_free(struct listens *l);

/* The plan has other listeners now: what is in both stays open, what is gone is closed at
 * once, for all who have it. */
void listens_follow(struct listens *l);

/* The descriptor of the listener of that index in the plan; -1: it is not open. */
int listens_fd(const struct listens *l, size_t index);

/* How many are not open. */
size_t listens_missing(const struct listens *l);

/* Puts those that are open into a message for net. */
void listens_give(const struct listens *l, struct netctl *n);

/* "127.0.0.1:3493, [::1]:3493", the caller frees; NULL when none is open. */
char *listens_text(const struct listens *l);

#endif
