/* SPDX-License-Identifier: ISC */
#ifndef CLI_SCHEDTALK_H
#define CLI_SCHEDTALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/timers.h"
#include "lib/buf.h"

/*
 * What an upssched says to the one that keeps the timers, over PIPEFN: a line of words in
 * NUT's quoting, pure on both ends.
 *
 *	START NAME SECONDS UPS TYPE MESSAGE	OK
 *	START-SHARED …, likewise		OK
 *	CANCEL NAME [UPS]			OK COUNT
 *	LIST					TIMER …, a line each, then OK
 *
 * What cannot be is answered by ERR and the reason.
 */

#define SCHEDTALK_LINE_MAX 4096 /* bytes of a question, without its line end */
#define SCHEDTALK_SECONDS_MAX (365 * 24 * 3600)

/* Each appends one question with its line end. Control characters become blanks; a name is
 * cut at 256 bytes, a message at 1,024. */
void schedtalk_start(struct buf *out, const char *name, int seconds,
    const struct timer_event *e, bool shared);
void schedtalk_cancel(struct buf *out, const char *name, const char *ups);
void schedtalk_list(struct buf *out);

/* Does what a question says (without its line end), at `now` of boottime_ms() and `wall` of
 * time(2), and appends the answer. */
void schedtalk_answer(struct timers *t, const char *line, size_t len, uint64_t now,
    int64_t wall, struct buf *out);

/* The COUNT of "OK COUNT"; -1 when the answer is another one. */
int schedtalk_count(const char *answer);

#endif
