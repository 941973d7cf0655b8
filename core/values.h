/* SPDX-License-Identifier: ISC */
#ifndef CORE_VALUES_H
#define CORE_VALUES_H

#include <stdbool.h>
#include <stddef.h>

#include "core/policy.h"
#include "lib/state.h"

/* The variables of a UPS that policy hears of as numbers. Pure. */

/* What the state says of it; NAN: nothing, or no number. ups.delay.shutdown counts only
 * where it can be set; ups.test.result is 1 while a test is in progress, else 0. */
double values_read(const struct state *s, enum policy_value value);

/* True when this line of the driver's protocol is about that variable. */
bool values_named(enum policy_value value, const char *line, size_t len);

/* What a command for a driver means to policy; false: nothing. A simulated power failure
 * (test.failure.start) is no test: it wants to be one. */
bool values_test(const char *cmd, enum policy_test *test);

#endif
