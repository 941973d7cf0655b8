/* SPDX-License-Identifier: ISC */
#ifndef CLI_LOOKOUT_IN_H
#define CLI_LOOKOUT_IN_H

#include <stddef.h>

#include "cli/cli.h"
#include "cli/lookout.h"

/* What lookout.c (the parent), lookout_child.c (which looks) and lookout_read.c share. */

/* The child's work: everything there is to see, as JSON. The caller's to free. NULL itself in the
 * half that is without (cli.h): nothing is seen. */
CLI_COMMAND char *lookout_look(const struct target *t, const struct model *m);

/* Takes what a child wrote; what is no such thing changes nothing. Pure. */
void lookout_read(struct lookout_data *d, const char *text, size_t len);
void lookout_clear(struct lookout_data *d);

#endif
