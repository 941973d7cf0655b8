/* SPDX-License-Identifier: ISC */
#ifndef CLI_SCHEDKEEP_H
#define CLI_SCHEDKEEP_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/conf_upssched.h"

/*
 * The process in the background that keeps the timers of upssched: it listens at PIPEFN
 * (0600: what is said there ends in a shell), runs CMDSCRIPT when a timer is due, several at once if need be, and ends when there is
 * nothing left to wait for. Sleep of the machine counts (boottime_ms()); but what has come
 * due meanwhile waits SCHEDKEEP_WAKING_S longer, so that upsmon can say first how things
 * are now.
 */

#define SCHEDKEEP_WAKING_S 15

/* The lock that whoever begins or ends a keeper holds: LOCKFN, taken with flock(2), so that
 * one left behind locks nothing. It is waited for, or not. Returns a descriptor, or -1 with
 * errno (EWOULDBLOCK: somebody else has it). schedkeep_unlock() removes the file too. */
int schedkeep_lock(const char *lockfn, bool wait);
void schedkeep_unlock(const char *lockfn, int lock);

/* Listens at PIPEFN and leaves a keeper behind; the caller has the lock, and can connect
 * when this returns 0. -1 with the reason in `cause`. */
int schedkeep_begin(const struct upssched_conf *c, int debug, char *cause, size_t size);

#endif
