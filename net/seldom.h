/* SPDX-License-Identifier: ISC */
#ifndef NET_SELDOM_H
#define NET_SELDOM_H

#include <stdbool.h>
#include <stdint.h>

#define SELDOM_MS 60000 /* at most one line per key in this time */
#define SELDOM_KEYS 64  /* keys remembered, hence lines in this time at most */

/*
 * Keeps what strangers cause out of the log, but for once a minute and key (an address,
 * a reason), and for so many keys: who has a thousand addresses fills no log. Pure.
 * Zero-initialised it remembers nothing.
 */
struct seldom {
	struct {
		uint64_t hash, last; /* last == 0: unused */
	} keys[SELDOM_KEYS];
};

/* True when it is time to say something (again) about `key`; `now` is in monotonic
 * milliseconds. */
bool seldom_due(struct seldom *s, const char *key, uint64_t now);

#endif
