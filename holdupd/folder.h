/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_FOLDER_H
#define HOLDUPD_FOLDER_H

#include <sys/types.h>

#include "holdupd/plan.h"
#include "holdupd/users.h"

/* Makes the folder of a child, paths_memory(name): its user's, of `group` (-1: of ours),
 * which may read. One that is somebody else's, or no folder, is left as it is. Returns 0, or
 * -1 with the reason in the log, and what is missing `without` it. */
int folder_make(
    const char *name, const struct user *owner, gid_t group, const char *without);

/* The folders of those children that the plan wants; where history has none, it is not
 * wanted any more. */
void folders_make(struct plan *plan, const struct users *users);

#endif
