/* SPDX-License-Identifier: ISC */
#ifndef HID_LINK_H
#define HID_LINK_H

#include <stdbool.h>
#include <stdint.h>

/*
 * How well a device is reached: how often it was lost, how slow it answers, and when one
 * that is of no use is tried again. Pure; `now` is milliseconds of a clock that never
 * steps. All zero is the beginning.
 */
#define LINK_HOURS 24       /* what is counted is of so many */
#define LINK_LIVED_MS 60000 /* a device that answered so long begins afresh */
#define LINK_FIRST_MS 5000  /* before the first try, then each time twice as long */
#define LINK_LONGEST_MS 300000

struct link {
	uint64_t hour; /* of the clock: what the newest entries are of */
	unsigned lost[LINK_HOURS];
	unsigned slowest_ms[LINK_HOURS];
	unsigned tries; /* in a row that led to nothing */
	uint64_t well;  /* it can be used since; 0: it cannot */
};

/* The device has been read wholly / was lost, for whatever reason / gave an answer after
 * so many milliseconds. */
void link_well(struct link *l, uint64_t now);
void link_lost(struct link *l, uint64_t now);
void link_read(struct link *l, uint64_t now, uint64_t ms);

/* Losses, and milliseconds of the slowest answer, in the last LINK_HOURS. */
unsigned link_losses(struct link *l, uint64_t now);
unsigned link_slowest_ms(struct link *l, uint64_t now);

/* What to do with a device that is there and of no use: milliseconds to leave it alone;
 * `reset` where opening it anew was tried before and did not help: it is to be reset on
 * its bus first. Counts as a try. */
uint64_t link_pause(struct link *l, bool *reset);

#endif
