/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_PIDFILE_H
#define HOLDUPD_PIDFILE_H

/* STATEPATH/holdupd.pid, by which `upsmon -c` finds whom to signal. That nobody else runs
 * here is known from the sockets; what cannot be written is logged. */
void pidfile_write(void);
void pidfile_remove(void);

#endif
