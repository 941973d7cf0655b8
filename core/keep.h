/* SPDX-License-Identifier: ISC */
#ifndef CORE_KEEP_H
#define CORE_KEEP_H

#include <stddef.h>
#include <stdint.h>

struct policy;
struct scribe;

/*
 * Keeps what policy knows in a file: its state, which outlives this process (docs/outage.md,
 * 4), and its memory, which outlives the power (docs/plan.md, 6). A file holds two blocks
 * that are written in turn: a kill in the middle of one leaves the other.
 */
struct keep;

/* What is kept; see core/policy.h. */
struct keep_kind {
	const char *what; /* "state", "memory" */
	const char *old;  /* what it is when it is found, for people */
	size_t (*size)(void);
	uint64_t (*number)(const void *block);
	void (*make)(struct policy *p, const char *boot_id, void *block);
	int (*take)(struct policy *p, const char *boot_id, const void *block,
	    uint64_t now_ms, const char **cause);
};

extern const struct keep_kind keep_state, keep_memory;

/* `fd` and `scribe` stay the caller's. fd -1: nothing is kept; scribe NULL: the file is
 * one that no disk is behind, and is written at once. */
struct keep *keep_new(const struct keep_kind *kind, int fd, struct scribe *scribe);
void keep_free(struct keep *k);

/* Gives a new policy what an older process knew; a file that is no good is left aside with
 * a line in the log. / Writes what it knows now. */
void keep_load(struct keep *k, struct policy *p);
void keep_save(struct keep *k, struct policy *p);

#endif
