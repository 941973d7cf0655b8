/* SPDX-License-Identifier: ISC */
#ifndef RUN_JOBS_H
#define RUN_JOBS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct event_base;

/*
 * The commands that run, and those that wait: in each queue JOBS_AT_ONCE at a time, the
 * others in the order in which they came. Who has not ended by its deadline gets SIGTERM,
 * and JOBS_GRACE_S later SIGKILL, with its whole process group.
 */
struct jobs;

#define JOBS_AT_ONCE 16
#define JOBS_DEADLINE_S 60 /* of what has none of its own */
#define JOBS_GRACE_S 5
#define JOBS_FAILED 256 /* exit 1, as of waitpid(2): it could not begin */

/* A message to people that hangs must not keep a machine from being told. */
enum jobs_queue { JOBS_PEOPLE, JOBS_MACHINES, JOBS_PROBES, JOBS_QUEUES };

struct job {
	enum jobs_queue queue;
	char *name; /* for the log: "NOTIFYCMD for ONBATT ups@host"; taken over */
	pid_t (*start)(const void *arg); /* returns its pid, or -1 with errno */
	void *arg;                       /* taken over, freed by free() */
	unsigned deadline_s;
	bool quiet;   /* that it fails is an answer, and no news */
	bool answers; /* its end is that of `id` */
	uint32_t id;
};

/* `done` is called at the end of each job that answers; `status` is that of waitpid(2). */
struct jobs *jobs_new(
    struct event_base *base, void (*done)(void *arg, uint32_t id, int status), void *arg);

/* Takes the job, and starts it when its turn has come. */
void jobs_add(struct jobs *j, const struct job *job);

/* Forgets all; what runs goes on without us. */
void jobs_free(struct jobs *j);

#endif
