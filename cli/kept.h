/* SPDX-License-Identifier: ISC */
#ifndef CLI_KEPT_H
#define CLI_KEPT_H

#include "history/read.h"

/* What the commands that read the history share. */

/* Opens the history of this machine, or of the private installation. NULL after a word of
 * why, and of what helps. */
struct history *kept_open(void);

/* Now, in Unix ms. */
int64_t kept_now(void);

/* Reads a time of the command line (cli/when.h); -1 after a word of what it should be. */
int kept_when(const char *option, const char *text, int64_t *at);

#endif
