/* SPDX-License-Identifier: ISC */
#ifndef RUN_JOBS_H
#define RUN_JOBS_H

#include <stdint.h>

#include "lib/notify.h"

struct event_base;

/*
 * The commands that run, and those that wait: JOBS_AT_ONCE at a time, the others in the
 * order in which they came. Who has not ended after JOBS_DEADLINE_S gets SIGTERM, and
 * JOBS_GRACE_S later SIGKILL, with its whole process group.
 */
struct jobs;

#define JOBS_AT_ONCE 16
#define JOBS_DEADLINE_S 60
#define JOBS_GRACE_S 5

/* `done` is called once for each row: when its NOTIFYCMD has ended, or what there was
 * instead. `status` is that of waitpid(2). */
struct jobs *jobs_new(struct event_base *base, const char *notifycmd,
    void (*done)(void *arg, uint32_t id, int status), void *arg);

/* Does what the flags of a row say. */
void jobs_add(struct jobs *j, const struct notify_row *row, uint32_t id);

/* Forgets all; what runs goes on without us. */
void jobs_free(struct jobs *j);

#endif
