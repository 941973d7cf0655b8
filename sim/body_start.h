/* SPDX-License-Identifier: ISC */
#ifndef SIM_BODY_START_H
#define SIM_BODY_START_H

#include "lib/recording.h"
#include "sim/ups.h"

/*
 * Sets the model to what a recording shows: rated power, voltages, charge, load, limits,
 * temperature, and a battery of the size that gives the recorded runtime. What the
 * recording does not hold, or cannot be true, is that of a 300 W UPS at 230 V. `d` may be
 * NULL. Pure.
 */
void body_start(struct ups *u, const struct hid_desc *d, const struct recording *r);

#endif
