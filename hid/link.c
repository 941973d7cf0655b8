/* SPDX-License-Identifier: ISC */
#include "hid/link.h"

#define HOUR_MS 3600000

/* Forgets what is too old; returns the entry of this hour. */
static unsigned
turn(struct link *l, uint64_t now)
{
	const uint64_t hour = now / HOUR_MS;

	for (uint64_t h = hour; h > l->hour && hour - h < LINK_HOURS; h--)
		l->lost[h % LINK_HOURS] = l->slowest_ms[h % LINK_HOURS] = 0;
	l->hour = hour;
	return (unsigned)(hour % LINK_HOURS);
}

void
link_well(struct link *l, uint64_t now)
{
	if (l->well == 0)
		l->well = now;
}

void
link_lost(struct link *l, uint64_t now)
{
	l->lost[turn(l, now)]++;
	if (l->well != 0 && now - l->well >= LINK_LIVED_MS)
		l->tries = 0;
	l->well = 0;
}

void
link_read(struct link *l, uint64_t now, uint64_t ms)
{
	unsigned *slowest = &l->slowest_ms[turn(l, now)];

	if (ms > *slowest)
		*slowest = (unsigned)ms;
}

unsigned
link_losses(struct link *l, uint64_t now)
{
	unsigned sum = 0;

	turn(l, now);
	for (int i = 0; i < LINK_HOURS; i++)
		sum += l->lost[i];
	return sum;
}

unsigned
link_slowest_ms(struct link *l, uint64_t now)
{
	unsigned slowest = 0;

	turn(l, now);
	for (int i = 0; i < LINK_HOURS; i++)
		if (l->slowest_ms[i] > slowest)
			slowest = l->slowest_ms[i];
	return slowest;
}

uint64_t
link_pause(struct link *l, bool *reset)
{
	uint64_t pause = LINK_FIRST_MS;

	for (unsigned i = 0; i < l->tries && pause < LINK_LONGEST_MS; i++)
		pause *= 2;
	*reset = l->tries > 0;
	l->tries++;
	return pause < LINK_LONGEST_MS ? pause : LINK_LONGEST_MS;
}
