/* SPDX-License-Identifier: ISC */
#ifndef CLI_TAKEOVER_H
#define CLI_TAKEOVER_H

#include <stdbool.h>

#include "check/check.h"
#include "setup/lockout.h"
#include "setup/setup.h"

/*
 * `holdup setup` on a machine where NUT or apcupsd does the work until now, and the way back
 * (docs/setup.md, 5). What is changed is kept in setup.undo (setup/undo.h). cmd_setup.c calls
 * these in this order.
 */

/* --from: "apcupsd", or "apcupsd=FILE". Fills in what the answers do not say yet; what has no
 * counterpart here is said on standard error. Returns 0, or -1 after a message. */
int takeover_from(const char *what, struct setup_answers *a);

/* --undo: gives back what setup.undo knows of, after a question unless `yes`. Returns an exit
 * status. */
int takeover_undo(bool yes);

struct takeover;

/* Looks who runs here, and who is logged in to NUT's upsd, which is asked where upsd.conf of
 * `there` listens. NULL where units are not ours to touch (systemctl_there()). */
struct takeover *takeover_look(const struct check_conf *there);
void takeover_free(struct takeover *t);

/* True when somebody else does the work here, so that there is something to hand over. NULL
 * is fine, here and below. */
bool takeover_wanted(const struct takeover *t);

/* Prints who runs here, what becomes of that, and who would be locked out. `next`: the
 * configuration as it will be, after check_read(). */
void takeover_tell(const struct takeover *t, const struct check_conf *next);

/* Keeps that this file is about to be another one; `copy` is the old one's new name, NULL
 * where there was none. To be called before it is. Returns 0, or -1 after a message. */
int takeover_wrote(const char *path, const char *copy);

/* Hands over: keeps how all units are, then stops and masks those of NUT, stops and disables
 * apcupsd. Returns 0, or -1 after a message. */
int takeover_hand(struct takeover *t);

/* Adds who is logged in to the server of this machine (takeover_clients.c). */
void takeover_clients(const struct check_conf *there, struct lockout_now *now);

#endif
