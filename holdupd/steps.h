/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_STEPS_H
#define HOLDUPD_STEPS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What takes the machine down, one step after the other until it is down: SHUTDOWNCMD,
 * once more, then systemd's poweroff past its inhibitors, then by force (docs/outage.md,
 * 5). A step that fails is followed by the next at once, one that seems to work by the
 * next after STEPS_WAIT_MS. The last one is repeated. Pure.
 */

#define STEPS_WAIT_MS 60000
#define STEPS_COMMAND "/sbin/shutdown -h +0" /* where upsmon.conf is silent */

struct step {
	const char *argv[5]; /* NULL-terminated; points to `command` and to constants */
	bool only_log;       /* it is said instead of done */
	bool last;           /* the next step is this one again */
};

/* Step number `n`, counted from 0. `command`: SHUTDOWNCMD of upsmon.conf, or NULL.
 * `harmless`: the machine is not ours to take down: only a command that somebody has
 * written is run. */
struct step steps_get(size_t n, const char *command, bool harmless);

#endif
