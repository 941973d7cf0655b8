/* SPDX-License-Identifier: ISC */
#ifndef PUBLISH_HOURS_H
#define PUBLISH_HOURS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Quiet hours by the clock on the wall, in the time zone of this machine (tzset(3)): from
 * and to in minutes of the day, over midnight where `from` is the later one; equal: there
 * are none. Times are Unix ms. Pure.
 */
bool hours_quiet(int from, int to, int64_t at);

/* When quiet hours ended last before or at `at` / end next behind it; 0 where there are
 * none. */
int64_t hours_ended(int from, int to, int64_t at);
int64_t hours_end(int from, int to, int64_t at);

#endif
