/* SPDX-License-Identifier: ISC */
#ifndef CLI_SIMCTL_H
#define CLI_SIMCTL_H

#include <stddef.h>

/* The virtual UPS's control socket (docs/architecture.md, 6). */
#define SIMCTL_ANSWER_MAX 1024

/*
 * Sends one command to the control socket `path` and reads its answer, which is written
 * to `answer` without "OK " or "ERR ". Returns 0 for OK, 1 for ERR, -1 when nobody is
 * there or answers; then `answer` says why.
 */
int simctl_ask(const char *path, const char *command, char *answer, size_t size);

#endif
