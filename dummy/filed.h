/* SPDX-License-Identifier: ISC */
#ifndef DUMMY_FILED_H
#define DUMMY_FILED_H

#include "dummy/entry.h"

struct event_base;

/*
 * A UPS that is a file (dummy/player.h) and its driver socket. The data are stale while
 * there is no file; one that is changed or replaced is read again.
 */
struct filed;

#define FILED_LOOK_MS 1000 /* how often filed_look() is meant to be called */
#define FILED_MISSES 2     /* looks without a file until the data are stale */

/* Serves on the listening socket `fd` (owned from now on) and looks once. The entry must
 * outlive it. */
struct filed *filed_new(struct event_base *base, const struct entry *entry, int fd);
void filed_free(struct filed *f);

/* Reads the file if it is another one than before. */
void filed_look(struct filed *f);

#endif
