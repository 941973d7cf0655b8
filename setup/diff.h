/* SPDX-License-Identifier: ISC */
#ifndef SETUP_DIFF_H
#define SETUP_DIFF_H

#include "lib/buf.h"

/*
 * Appends the difference of two texts as diff -u has it, secrets hidden (setup/hide.h).
 * `old` NULL: the file is not there. Nothing where they are the same. Pure.
 */
void diff_text(struct buf *out, const char *path, const char *old, const char *now);

#endif
