/* SPDX-License-Identifier: ISC */
#ifndef WEB_QUERY_H
#define WEB_QUERY_H

#include <stddef.h>
#include <stdint.h>

/*
 * The target of a request (RFC 9112, 3.2.1): path and query, percent-decoded. Pure.
 */
#define QUERY_PARTS_MAX 8
#define QUERY_PATH_MAX 512  /* bytes of a path, decoded */
#define QUERY_VALUE_MAX 512 /* bytes of a value, decoded */

struct query {
	const char
	    *parts[QUERY_PARTS_MAX]; /* of the path, between slashes; "" at its end */
	size_t nparts;
	const char *search; /* what follows the `?`, as it came; "" without one */
	char path[QUERY_PATH_MAX];
};

/* Takes a target apart; `base` ("/ups" or "") in front of it is left out. Strings point into
 * the struct and into `target`. Returns 0, or -1 when it is too long, has too many parts,
 * wrong escapes or control characters. "/ups" itself has no parts. */
int query_read(struct query *q, const char *target, const char *base);

/* Parameter `name` of the search, decoded. Returns 1; 0 when it is not there; -1 when it
 * cannot be read or is longer than QUERY_VALUE_MAX - 1. */
int query_text(const struct query *q, const char *name, char value[QUERY_VALUE_MAX]);

/* The same as a number from min to max: -1 when it is none. *n is changed only by 1. */
int query_number(
    const struct query *q, const char *name, double min, double max, double *n);
int query_whole(
    const struct query *q, const char *name, int64_t min, int64_t max, int64_t *n);

#endif
