/* SPDX-License-Identifier: ISC */
#ifndef OUT_WORKER_H
#define OUT_WORKER_H

#include "out/publishers.h"

/*
 * The process of one publisher: newest values in by its queue, one question after the
 * other out by HTTP, when schedule.h says so. It may wait for its server as long as it
 * likes; nobody waits for it. Returns when the queue ends.
 */
void worker_run(const struct publisher *p, const struct holdup_conf *c, int queue_fd);

#endif
