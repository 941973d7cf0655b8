/* SPDX-License-Identifier: ISC */
#ifndef CLI_NOTIFY_TRY_H
#define CLI_NOTIFY_TRY_H

#include <sys/types.h>

#include "lib/buf.h"
#include "lib/conf_upsmon.h"

/*
 * One message by one way, in a process of its own: `publish -t` for a channel of holdup.conf,
 * or NOTIFYCMD. All are started, then each is waited for.
 */
struct notify_try {
	pid_t pid;       /* -1: it could not be started, `said` says why */
	int output;      /* where its words come from; -1: they are nobody's here */
	int status;      /* 0: delivered */
	struct buf said; /* the last line of what it said */
};

/* Starts `publish` for this channel with the open holdup.conf, as the user that holdupd
 * gives it where that is possible. */
void notify_try_channel(struct notify_try *t, const char *name, int conf_fd);

/* Starts NOTIFYCMD as upsmon.conf(5) says, but with NOTIFYTYPE TEST, which means nothing to
 * upssched: as RUN_AS_USER, where it is root who asks. What it says goes to standard error. */
void notify_try_program(struct notify_try *t, const struct upsmon_conf *upsmon);

/* The time (CLOCK_MONOTONIC, ms) up to which one that begins now is waited for / waits, and
 * ends what is not over then. */
long long notify_try_until(void);
void notify_try_wait(struct notify_try *t, long long until);
void notify_try_free(struct notify_try *t);

#endif
