/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_RUNNER_H
#define HOLDUPD_RUNNER_H

#include <stdint.h>

struct event_base;

/*
 * holdupd's connection to `run`: rows of the notify table go there, what became of them
 * comes back (lib/ctl.h: CTL_RUN, CTL_TELL, CTL_DONE). While run is away rows wait for it; those
 * that it had when it died count as killed and are not repeated.
 */
struct runner;

#define RUNNER_ROWS_MAX 256 /* at once; more is refused */
#define RUNNER_KEYS_MAX \
	1024 /* tasks that are remembered: two for each of 256 machines, twice */
#define RUNNER_FAILED 256 /* not begun; exit 1, as of waitpid(2) */
#define RUNNER_LOST 9     /* run died with it: what became of it is not known; SIGKILL */

struct runner *runner_new(
    struct event_base *base, void (*done)(void *arg, uint32_t id, int status), void *arg);
void runner_free(struct runner *r);

/* A fresh connection for a run that is about to start. Returns its end, owned by the
 * runner; -1 with errno. */
int runner_connect(struct runner *r);

/* A task for a machine (lib/task.h) but a probe is handed over once for each id, which is the
 * key of core's action: a core that was restarted and says it again hears what came of it.
 * Asks for a row, with what a UPS says there (or ""; copied); `done` is called for its id
 * in any case. */
void runner_ask(struct runner *r, uint32_t row, uint32_t id, const char *text);

/* A reload has put the machines of holdup.conf in other places: `place` is where each of the
 * `count` machines of before stands now, or -1. What was done for a machine stays known under
 * its new numbers. run is left alone with what it is doing, which counts as killed; the next
 * one has the new file. The core of before means the old places, so that no task of its is
 * done any more; runner_core() says that there is a new one. */
void runner_moved(struct runner *r, const long *place, size_t count);
void runner_core(struct runner *r);

#endif
