/* SPDX-License-Identifier: ISC */
#ifndef CLI_PARTS_H
#define CLI_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Programs that the demo starts, and their ends. */
struct part {
	const char *name; /* of the program, for paths_program() */
	char *log;        /* file that its output goes to */
	pid_t pid;        /* 0: not running */
};

/*
 * Starts the program with these arguments (argv[0] is filled in; NULL at the end), its
 * output going to LOGDIR/NAME.log. It leads a process group of its own, so that ^C
 * reaches only us, and ends with us. Returns 0, or -1 with the reason.
 */
int part_start(struct part *p, const char *name, char *const *args, const char *logdir,
    char *cause, size_t size);

/* True when it has ended; `cause` then says how, with the last line of its log. */
bool part_ended(struct part *p, char *cause, size_t size);

/* Ends it: SIGTERM, and after five seconds SIGKILL. Releases the log's name. */
void part_stop(struct part *p);

#endif
