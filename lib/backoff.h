/* SPDX-License-Identifier: ISC */
#ifndef LIB_BACKOFF_H
#define LIB_BACKOFF_H

#include <stdint.h>

/*
 * How long to wait before a child is started again: not at all the first time, then 1, 2,
 * 4 … 30 s; one that lived a minute begins afresh. Pure; all zero is the beginning.
 */
struct backoff {
	uint64_t next_ms;
};

#define BACKOFF_LIVED_MS 60000
#define BACKOFF_LONGEST_MS 30000

/* The delay in ms after a life of `lived_ms`. */
uint64_t backoff_delay(struct backoff *b, uint64_t lived_ms);

#endif
