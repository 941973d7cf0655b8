/* SPDX-License-Identifier: ISC */
#ifndef HISTORY_RESERVE_H
#define HISTORY_RESERVE_H

#include <stdbool.h>

/*
 * Room on the disk that is given back when the disk is full, so that events find some
 * (docs/history.md, 1): a file beside the history, with nothing in it.
 */

#define RESERVE_FILE "reserve"
#define RESERVE_BYTES (1024 * 1024)

/* Makes it where it is not there in its whole length. False: there is no room for it. */
bool reserve_take(const char *path);

/* Gives it back; false where there was none. */
bool reserve_give(const char *path);

#endif
