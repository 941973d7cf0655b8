/* SPDX-License-Identifier: ISC */
#ifndef DUMMY_KINDS_H
#define DUMMY_KINDS_H

#include "lib/state.h"

/* Says of an existing variable what NUT's dummy-ups says of it (measured, 2.8.0): all are
 * RW; the known numbers are numbers, all else is text of so many bytes. Pure. */
void kinds_apply(struct state *s, const char *name);

#endif
