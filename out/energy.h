/* SPDX-License-Identifier: ISC */
#ifndef OUT_ENERGY_H
#define OUT_ENERGY_H

#include <stdint.h>

/* The energy that a UPS has given: watts, as they change, over time. Pure; times are
 * CLOCK_BOOTTIME ms. All zero is nothing yet. */
struct energy {
	double watts; /* since `since_ms`; not above 0: none are known */
	uint64_t since_ms;
	double wh;
};

#define ENERGY_GAP_MS 60000 /* the machine slept: nothing is known of so long a time */

/* It gives so many watts from now on; NAN: nobody knows. */
void energy_watts(struct energy *e, double watts, uint64_t now_ms);

/* Counts up to now: to be called more often than ENERGY_GAP_MS. Returns the watt hours. */
double energy_count(struct energy *e, uint64_t now_ms);

#endif
