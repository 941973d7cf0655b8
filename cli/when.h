/* SPDX-License-Identifier: ISC */
#ifndef CLI_WHEN_H
#define CLI_WHEN_H

#include <stddef.h>
#include <stdint.h>

/*
 * Times as people write and read them, by the clock on the wall (TZ). Pure; times are Unix
 * milliseconds.
 */

/* Reads "2026-11-22", "2026-11-22 23:14[:02]" (or with a T), "23:14" of today, and "90m",
 * "12h", "7d": so long ago. Returns 0, or -1 when it is none of these. */
int when_read(const char *text, int64_t now, int64_t *at);

/* Each writes to `out` and returns it: "2026-11-22 23:14:02", "23:14:02". */
char *when_text(char *out, size_t size, int64_t at);
char *when_clock(char *out, size_t size, int64_t at);

/* In UTC, for programs: "2026-11-22T22:14:02.250Z". */
char *when_utc(char *out, size_t size, int64_t at);

#endif
