/* SPDX-License-Identifier: ISC */
#ifndef CLI_SCHEDASK_H
#define CLI_SCHEDASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "lib/conf_upssched.h"

/*
 * The asking end of cli/schedtalk.h: an upssched that asks the one in the background, and
 * begins that one where it is wanted and there is none.
 */

enum schedask_result {
	SCHEDASK_ANSWERED, /* `answer` is the last line */
	SCHEDASK_NOBODY,   /* no timer runs, and nobody was to be begun */
	SCHEDASK_FAILED,   /* `answer` is the reason, for people */
};

/* Asks `question` (of schedtalk.h) and waits for the answer; what comes before its last line
 * goes to `list`, without the word TIMER. begin: where nobody keeps timers, somebody will. */
enum schedask_result schedask(const struct upssched_conf *c, const char *question,
    bool begin, int debug, FILE *list, char *answer, size_t size);

#endif
