/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_WATCHDOG_H
#define HOLDUPD_WATCHDOG_H

struct event_base;

/*
 * Lets systemd kill and restart a holdupd whose loop hangs (systemd.service(5),
 * WatchdogSec): a sign of life from the loop, twice in the time that WATCHDOG_USEC allows.
 */
struct watchdog;

/* NULL where nobody waits for signs of this process. */
struct watchdog *watchdog_new(struct event_base *base);
void watchdog_free(struct watchdog *w);

/* Asks to be left alone from now on: with holdupd systemd would kill the command that
 * takes this machine down, for it is in the same control group. */
void watchdog_off(struct watchdog *w);

#endif
