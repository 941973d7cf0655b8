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

struct timeval
boottime_until(uint64_t due_ms)
{
	uint64_t now = boottime_ms(), left = due_ms > now ? due_ms - now : 0;

	return (struct timeval){.tv_sec = (time_t)(left / 1000),
	    .tv_usec = (suseconds_t)(left % 1000 * 1000)};
}
