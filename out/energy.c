/* SPDX-License-Identifier: ISC */
#include "out/energy.h"

#define WATTS_MAX 1e6
#define HOUR_MS 3600000.0

double
energy_count(struct energy *e, uint64_t now_ms)
{
	if (e->watts > 0 && now_ms > e->since_ms && now_ms - e->since_ms < ENERGY_GAP_MS)
		e->wh += e->watts * (double)(now_ms - e->since_ms) / HOUR_MS;
	e->since_ms = now_ms;
	return e->wh;
}

void
energy_watts(struct energy *e, double watts, uint64_t now_ms)
{
	energy_count(e, now_ms);
	e->watts = watts > 0 && watts <= WATTS_MAX ? watts : 0;
}
