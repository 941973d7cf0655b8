/* SPDX-License-Identifier: ISC */
#ifndef RUN_COMMAND_H
#define RUN_COMMAND_H

#include <sys/types.h>

#include "lib/notify.h"

/*
 * What a row of the notify table makes run. Each command has a process group of its own,
 * nothing open but the standard streams, and what it writes goes into the log.
 */

/* wall(1), with the message as its input. Returns its pid, or -1 with errno. */
pid_t command_wall(const struct notify_row *row);

/* NOTIFYCMD by the shell, with the message as its one argument, UPSNAME and NOTIFYTYPE in
 * the environment, as NUT's upsmon does. The message is never text for the shell. */
pid_t command_notify(const struct notify_row *row, const char *notifycmd);

#endif
