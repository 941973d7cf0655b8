/* SPDX-License-Identifier: ISC */
#include <time.h>

#include "lib/boottime.h"

uint64_t
boottime_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}
