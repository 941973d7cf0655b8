/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_RELOAD_H
#define HOLDUPD_RELOAD_H

#include <stdbool.h>

#include "holdupd/children.h"
#include "holdupd/setup.h"
#include "holdupd/sockets.h"
#include "holdupd/users.h"

/*
 * Reads the files again and puts what they say in the place of what runs: who is told
 * nothing new goes on, listeners that stay are not closed. Returns 0, or -1, logged, when
 * a file cannot be read or there would be nothing left to do: then all stays as it is.
 */
int reload(struct setup *setup, struct sockets *sockets, struct users *users,
    struct children *children, bool debug);

#endif
