/* SPDX-License-Identifier: ISC */
#ifndef NET_MISSES_H
#define NET_MISSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What somebody asked for that is not there: a UPS of another name, an account with another
 * password. For LIST MISS (docs/serving.md, 5): a box that is told the wrong name says so to
 * nobody. Pure; times in monotonic ms.
 *
 * One row for each address and sort, with the last name: names are made up as fast as one
 * can write, addresses are not.
 */
#define MISSES_MAX 128      /* rows; the one that was touched longest ago gives way */
#define MISS_ADDRESS_MAX 64 /* bytes, as text with its zone */
#define MISS_NAME_MAX 64    /* bytes; a longer name is cut */

enum miss_sort {
	MISS_UPS,     /* no UPS has this name */
	MISS_ACCOUNT, /* no such account, or not its password */
};

/* Zero: nobody has missed anything. */
struct misses {
	struct miss {
		uint64_t last; /* when; 0: an unused row */
		unsigned long count;
		enum miss_sort sort;
		char address[MISS_ADDRESS_MAX];
		char name[MISS_NAME_MAX]; /* the last one */
	} list[MISSES_MAX];
};

void misses_add(struct misses *m, const char *address, enum miss_sort sort,
    const char *name, uint64_t now);

/* The name is right now, from there: what was missed by it is over. */
void misses_over(
    struct misses *m, const char *address, enum miss_sort sort, const char *name);

/* The word of a sort: "ups", "account". */
const char *miss_word(enum miss_sort sort);

#endif
