/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_SPAWN_H
#define HOLDUPD_SPAWN_H

#include <sys/types.h>

#include "holdupd/plan.h"
#include "holdupd/users.h"

/*
 * Processes, from fork to exec.
 */

/* Starts a child of the plan as that user, with descriptor fds[i] in place i (they stay
 * open here) and nothing else; it gets SIGTERM when holdupd dies. Returns its pid, or -1
 * with the cause logged. */
pid_t spawn_child(const struct plan_child *plan, const int *fds, const struct user *user);

/* Starts a command of several words that outlives holdupd: a session of its own, nothing
 * open but standard error. Returns its pid, or -1 with errno. */
pid_t spawn_detached(const char *const *argv);

#endif
