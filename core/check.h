/* SPDX-License-Identifier: ISC */
#ifndef CORE_CHECK_H
#define CORE_CHECK_H

#include "lib/state.h"

/*
 * May this UPS be asked for that? Judged by what its driver has told, as upsd does before
 * it forwards. Pure. Each returns NULL when it may, else a word of RFC 9271, section 5.
 */

/* CMD-NOT-SUPPORTED. */
const char *check_instcmd(const struct state *s, const char *cmd);

/* VAR-NOT-SUPPORTED, READONLY, TOO-LONG (a string beyond the variable's longest), or
 * INVALID-VALUE (not one of its values, in none of its ranges). */
const char *check_set(const struct state *s, const char *var, const char *value);

#endif
