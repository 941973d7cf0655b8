/* SPDX-License-Identifier: ISC */
#ifndef LIB_BOOTTIME_H
#define LIB_BOOTTIME_H

#include <stdint.h>
#include <sys/time.h>

/* Milliseconds since the machine booted, sleep included (CLOCK_BOOTTIME). The only clock
 * that a decision may use: it never steps, and a Pi has no clock of its own. */
uint64_t boottime_ms(void);

/* How long it is until then, for a timer: nothing when that is past. */
struct timeval boottime_until(uint64_t due_ms);

#endif
