/* SPDX-License-Identifier: ISC */
#ifndef CLI_SCHEDSCRIPT_H
#define CLI_SCHEDSCRIPT_H

#include <sys/types.h>

#include "cli/timers.h"

/*
 * Starts CMDSCRIPT by the shell, with `word` as its argument (several, where it holds
 * blanks: NUT gives it to the shell too; but nothing else in it means anything to the
 * shell), UPSNAME, NOTIFYTYPE and NOTIFYMSG in its environment, and no descriptors but the
 * standard ones. Returns its pid, or -1 with errno.
 */
pid_t schedscript_start(
    const char *cmdscript, const char *word, const struct timer_event *e);

/* Says in the log what a status of waitpid(2) other than 0 means. */
void schedscript_ended(const char *word, int status);

#endif
