/* SPDX-License-Identifier: ISC */
#ifndef OUT_SCHEDULE_H
#define OUT_SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

#include "out/publishers.h"

/*
 * When which value is told: at once when it changed, and again before five minutes are
 * over. Only the newest text of each value is kept. While the server fails, nothing for
 * 1, 2, 4 … 60 s. Pure; times are milliseconds of any clock that does not step.
 */

#define SCHEDULE_REFRESH_MS 290000 /* less than 5 min by as long as an answer may take */
#define SCHEDULE_RETRY_MS 1000
#define SCHEDULE_RETRY_MAX_MS 60000
#define SCHEDULE_NEVER UINT64_MAX

struct schedule_item {
	char text[PUBLISHER_TEXT_MAX + 1]; /* the newest; empty: not known */
	char told[PUBLISHER_TEXT_MAX +
		  1]; /* what the server has; empty: nothing of ours */
	uint64_t told_ms;
	uint64_t not_before_ms; /* it was refused */
};

struct schedule {
	struct schedule_item *items;
	size_t count;
	size_t next;            /* who is looked at first, so that each has its turn */
	uint64_t not_before_ms; /* the server failed */
	uint64_t retry_ms;      /* the last such pause; 0: none */
};

void schedule_init(struct schedule *s, size_t count);
void schedule_free(struct schedule *s);

/* The newest text of value i; one beyond the last is passed over. */
void schedule_set(struct schedule *s, size_t i, const char *text);

/* Milliseconds until there is something to tell, 0 for now, and which value that is.
 * SCHEDULE_NEVER: not before something is set. */
uint64_t schedule_wait(const struct schedule *s, uint64_t now, size_t *i);

/* What became of telling value i's text. */
void schedule_done(struct schedule *s, size_t i, enum verdict verdict, uint64_t now);

#endif
