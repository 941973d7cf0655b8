/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_FOLDER_H
#define HOLDUPD_FOLDER_H

#include <sys/types.h>

#include "holdupd/users.h"

/* Makes the folder of `history`, paths_memory("history"): its user's, of `group` (-1: of
 * ours), which may read. One that is somebody else's, or no folder, is left as it is.
 * Returns 0, or -1 with the reason in the log. */
int folder_make(const struct user *owner, gid_t group);

#endif
