/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_READY_H
#define HOLDUPD_READY_H

/* Tells systemd, where NOTIFY_SOCKET names it, one thing about holdupd, in the words of
 * sd_notify(3): "READY=1" when everything has been started. Silent without one. */
void ready_tell(const char *text);

#endif
