/* SPDX-License-Identifier: ISC */
#ifndef PUBLISH_SCHEDULE_H
#define PUBLISH_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * When which value is told: when it changed, the urgent ones first, and again before five
 * minutes are over. Only the newest text of each value is kept: one that changed ten times
 * while the server was busy is told once. While the server fails, nothing for 1, 2, 4 … 60 s.
 * Pure; times are milliseconds of any clock that does not step.
 */

#define SCHEDULE_TEXT_MAX 255      /* bytes in the text of a value */
#define SCHEDULE_REFRESH_MS 290000 /* less than 5 min by as long as an answer may take */
#define SCHEDULE_RETRY_MS 1000
#define SCHEDULE_RETRY_MAX_MS 60000
#define SCHEDULE_NEVER UINT64_MAX

/* What became of a question. */
enum verdict {
	VERDICT_NONE, /* nothing was tried yet */
	VERDICT_OK,
	VERDICT_REFUSED, /* this question was: others may fare better */
	/* The whole server, from here on: */
	VERDICT_AWAY,
	VERDICT_DENIED,  /* it does not let us in */
	VERDICT_FOREIGN, /* it is not what we took it for */
};

struct schedule_item {
	char text[SCHEDULE_TEXT_MAX + 1]; /* the newest; empty: not known */
	char told[SCHEDULE_TEXT_MAX + 1]; /* the server has it; empty: nothing of ours */
	uint64_t told_ms;
	uint64_t not_before_ms; /* it was refused */
	uint64_t pace_ms; /* a change is told so long after the last one, not sooner */
	bool urgent;      /* before all that are not */
};

struct schedule {
	struct schedule_item *items;
	size_t count;
	size_t next;            /* who is looked at first, so that each has its turn */
	uint64_t not_before_ms; /* the server failed */
	uint64_t retry_ms;      /* the last such pause; 0: none */
};

/* `s` may be all zero. Makes it have so many values at least; new ones are not known. */
void schedule_grow(struct schedule *s, size_t count);
void schedule_free(struct schedule *s);

/* The newest text of value i (cut between two letters); one beyond the last is passed
 * over. */
void schedule_set(struct schedule *s, size_t i, const char *text);

/* Milliseconds until there is something to tell, 0 for now, and which value that is.
 * SCHEDULE_NEVER: not before something is set. */
uint64_t schedule_wait(const struct schedule *s, uint64_t now, size_t *i);

/* What became of telling value i's text. */
void schedule_done(struct schedule *s, size_t i, enum verdict verdict, uint64_t now);

/* What became of a question that told no value, and the same for the whole server / in how
 * many ms the server may be asked something. */
void schedule_asked(struct schedule *s, enum verdict verdict, uint64_t now);
uint64_t schedule_pause(const struct schedule *s, uint64_t now);

/* Value i is told again soon though it has not changed: the server may have lost it. */
void schedule_forget(struct schedule *s, size_t i);

#endif
