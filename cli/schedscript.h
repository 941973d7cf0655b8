/* SPDX-License-Identifier: ISC */
#ifndef CLI_SCHEDSCRIPT_H
#define CLI_SCHEDSCRIPT_H

#include <sys/types.h>

#include "cli/timers.h"

/*
 * Has the shell run CMDSCRIPT and `word` behind it, as NUT does: the word is text for the
 * shell, and comes from upssched.conf alone. UPSNAME, NOTIFYTYPE and NOTIFYMSG are in the
 * environment, and no descriptors open but the standard ones. Returns its pid, or -1 with
 * errno.
 */
pid_t schedscript_start(
    const char *cmdscript, const char *word, const struct timer_event *e);

/* Says in the log what a status of waitpid(2) other than 0 means. */
void schedscript_ended(const char *word, int status);

#endif
