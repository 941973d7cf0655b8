/* SPDX-License-Identifier: ISC */
#ifndef RUN_ROWS_H
#define RUN_ROWS_H

#include "lib/conf_holdup.h"
#include "lib/conf_upsmon.h"
#include "run/jobs.h"

/*
 * What the rows mean that core names: those of lib/notify.h by upsmon.conf, those of
 * lib/task.h by holdup.conf. The files stay the caller's.
 */
struct rows {
	struct upsmon_conf upsmon;
	struct holdup_conf holdup;
	struct jobs *jobs;
};

/* Does what the row says; false when it says that nothing is to be run (or there is no such
 * row): then nothing answers. `extra`: what the UPS says, or NULL. */
bool rows_run(struct rows *r, uint32_t row, uint32_t id, const char *extra);

/* rows_task.c: the part for a machine. */
bool rows_task(struct rows *r, uint32_t row, uint32_t id);

#endif
