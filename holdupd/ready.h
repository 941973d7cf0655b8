/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_READY_H
#define HOLDUPD_READY_H

/* Tells systemd, where NOTIFY_SOCKET names it, that everything has been started
 * (sd_notify(3): READY=1). Silent without one. */
void ready_notify(void);

#endif
