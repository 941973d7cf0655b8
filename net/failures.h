/* SPDX-License-Identifier: ISC */
#ifndef NET_FAILURES_H
#define NET_FAILURES_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Failed logins by address, and how long the next claim from there waits (docs/serving.md,
 * 6). Pure; times in monotonic ms.
 *
 * A guesser spoils his address for all who share it, but not for who is known there: an
 * account that was right from an address once has a row of its own from then on, which
 * only guesses at that very account touch.
 */
#define FAILURES_MAX 256    /* rows; the one that was not used for longest gives way */
#define FAILURES_FREE 5     /* failures without consequences … */
#define FAILURES_MS 60000   /* … forgotten after this long without another one */
#define FAILURES_HOLD 1000  /* ms after those, doubled by each further one … */
#define FAILURES_LONG 30000 /* … up to this */

/* Zero: nobody has failed. */
struct failures {
	struct failure {
		uint64_t hash;  /* of the address, or of address and account */
		uint64_t used;  /* when it was last touched; 0: an unused row */
		uint64_t last;  /* failure */
		uint32_t count; /* of failures that still tell */
		uint32_t all;   /* of failures since the row began */
	} list[FAILURES_MAX];
};

/* How many ms a claim of that account from there waits before it is judged. */
uint64_t failures_hold(
    const struct failures *f, const char *address, const char *account, uint64_t now);

/* A claim was wrong / right. */
void failures_bad(
    struct failures *f, const char *address, const char *account, uint64_t now);
void failures_good(
    struct failures *f, const char *address, const char *account, uint64_t now);

/* How often somebody there, with whatever account, has failed, as far as it is remembered:
 * for LIST READER. */
unsigned failures_count(const struct failures *f, const char *address);

#endif
