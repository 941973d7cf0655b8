/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_SHUTDOWN_H
#define HOLDUPD_SHUTDOWN_H

#include <stdbool.h>

#include "lib/conf_upsmon.h"

struct event_base;

/*
 * Takes the machine down by holdupd/steps.h, and cannot be talked out of it any more.
 */
struct shutdown;

struct shutdown *shutdown_new(struct event_base *base);
void shutdown_free(struct shutdown *s);

/* Begins; `cut`: sets POWERDOWNFLAG first. Again it changes nothing, except that a cut
 * that was not asked for before is now. */
void shutdown_begin(struct shutdown *s, const struct upsmon_conf *conf, bool cut);
bool shutdown_begun(const struct shutdown *s);

/* True when this machine is not ours to take down: a private installation, a container,
 * or an ordinary user. The default command and systemctl are then only logged. */
bool shutdown_is_harmless(void);

#endif
