/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_CHILDREN_H
#define HOLDUPD_CHILDREN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "holdupd/plan.h"
#include "holdupd/users.h"

struct event_base;

/*
 * The processes of a plan: started, and started again when they end (lib/backoff.h).
 * A driver of NUT that somebody else runs is left to him (holdupd/foreign.h). None outlives
 * holdupd, not even when that is killed, and none inherits a descriptor
 * that the plan does not give it.
 */
struct children;

#define CHILDREN_TERM_MS 2000 /* from SIGTERM to SIGKILL */

/* Starts all. `descriptor` gives our number of what a child is to have, which stays open
 * here; it is asked at each start. `users` is asked then too. */
struct children *children_new(struct event_base *base, const struct plan *plan,
    const struct users *users, int (*descriptor)(void *arg, struct plan_fd fd),
    void *arg);

/* Another plan: child i of it goes on as it is when same[i] and a child of its name is
 * there, starts afresh otherwise; who is no longer in the plan ends. The old plan may be
 * freed afterwards. */
void children_replace(struct children *c, const struct plan *plan, const bool *same);

/* The plan says otherwise of the child of that index: it starts afresh (or, idle no longer,
 * for the first time). */
void children_again(struct children *c, size_t index);

/* Kills the child of that index in the plan, so that it starts afresh; `why` completes
 * "core: …" in the log. Nothing happens when it does not run. */
void children_kill(struct children *c, size_t index, const char *why);

/* From now on that child starts again at once whenever it ends. */
void children_hurry(struct children *c, size_t index);

/* Core hears nothing of that driver: it is killed, unless it has only just been started;
 * core waited for the one before. One of NUT has more time (holdupd/foreign.h). */
void children_silent(struct children *c, size_t index);

/* Ends all, politely first; `ended` is called from the loop when the last is gone. */
void children_stop(struct children *c, void (*ended)(void *arg), void *arg);

/* Releases; nothing may run any more. */
void children_free(struct children *c);

#endif
