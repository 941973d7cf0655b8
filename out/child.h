/* SPDX-License-Identifier: ISC */
#ifndef OUT_CHILD_H
#define OUT_CHILD_H

#include "out/publishers.h"

struct event_base;

/*
 * The parent's side of one publisher: its process, which is started again when it ends
 * (at once the first time, then after 1, 2, 4 … 30 s), and its queue, which is written
 * only as far as it takes.
 */
struct child;

/* Starts `publish -P NAME -C conf_fd -q FD`. */
struct child *child_new(struct event_base *base, const struct publisher *p,
    const struct holdup_conf *conf, int conf_fd, bool debug);

/* Tells it what has changed in the model. */
void child_look(struct child *c, const struct feed *f);

/* Ends the process and waits for its end. */
void child_free(struct child *c);

#endif
