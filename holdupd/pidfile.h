/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_PIDFILE_H
#define HOLDUPD_PIDFILE_H

/* A pid file, by which upsd -c, upsmon -c and scripts find us (lib/role.h has its path). A
 * failure is logged. */
void pidfile_write(const char *path);
void pidfile_remove(const char *path);

#endif
