/* SPDX-License-Identifier: ISC */
#include "lib/backoff.h"

uint64_t
backoff_delay(struct backoff *b, uint64_t lived_ms)
{
	uint64_t delay;

	if (lived_ms >= BACKOFF_LIVED_MS)
		b->next_ms = 0;
	delay = b->next_ms;
	b->next_ms = delay == 0 ? 1000 : delay * 2;
	if (b->next_ms > BACKOFF_LONGEST_MS)
		b->next_ms = BACKOFF_LONGEST_MS;
	return delay;
}
