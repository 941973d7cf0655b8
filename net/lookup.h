/* SPDX-License-Identifier: ISC */
#ifndef NET_LOOKUP_H
#define NET_LOOKUP_H

#include "lib/state.h"

/* The variable by name without regard to case (as upsd looks names up), or NULL. */
const struct state_var *lookup_var(const struct state *s, const char *name);

/* The command by name likewise, as the driver spells it, or NULL. */
const char *lookup_cmd(const struct state *s, const char *name);

#endif
