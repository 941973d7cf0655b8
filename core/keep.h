/* SPDX-License-Identifier: ISC */
#ifndef CORE_KEEP_H
#define CORE_KEEP_H

struct policy;

/*
 * Keeps what policy knows in a file that outlives this process (docs/outage.md, 4). The
 * file holds two blocks that are written in turn: a kill in the middle of one leaves the
 * other.
 */
struct keep;

/* `fd` stays the caller's; -1: nothing is kept. */
struct keep *keep_new(int fd);
void keep_free(struct keep *k);

/* Gives a new policy what an older process of this boot knew; a file that is no good is
 * left aside with a line in the log. / Writes what it knows now. */
void keep_load(struct keep *k, struct policy *p);
void keep_save(struct keep *k, struct policy *p);

#endif
