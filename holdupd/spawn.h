/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_SPAWN_H
#define HOLDUPD_SPAWN_H

#include <sys/types.h>

#include "holdupd/plan.h"
#include "holdupd/users.h"

/*
 * Processes, from fork to exec.
 */

/* The program of a child of the plan, which the caller frees, or NULL with the reason and
 * the remedy in `cause`. */
char *spawn_path(const struct plan_child *plan, char *cause, size_t size);

/* Starts it as that user, with descriptor fds[i] in place i (they stay open here) and
 * nothing else; it gets SIGTERM when holdupd dies. Returns its pid, or -1 with the cause
 * logged. */
pid_t spawn_child(const struct plan_child *plan, const char *path, const int *fds,
    const struct user *user);

/* Starts a command of several words that outlives holdupd: a session of its own, nothing
 * open but standard error. Returns its pid, or -1 with errno. */
pid_t spawn_detached(const char *const *argv);

#endif
