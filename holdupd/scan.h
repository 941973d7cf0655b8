/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_SCAN_H
#define HOLDUPD_SCAN_H

#include <stddef.h>

#include "holdupd/users.h"

/* What `hid -L` finds on this machine, as the text of an ups.conf; the caller frees. It
 * is asked as `user`, for it reads what devices say. NULL with the reason in `cause` when
 * it could not be asked, or took over 10 s. */
char *scan_devices(const struct user *user, size_t *len, char *cause, size_t size);

#endif
