/* SPDX-License-Identifier: ISC */
#ifndef NET_LEAVERS_H
#define NET_LEAVERS_H

#include <stddef.h>
#include <stdint.h>

#include "lib/request.h"

/*
 * Who has said LOGOUT, for as long as core has not answered: it was away, or ended before it
 * could. The next core is told, and how long ago it was; without that it would take the
 * machine for one that is still on, until HOSTSYNC is over. Pure; zero: empty.
 */
#define LEAVERS_MAX 64 /* one more, and the oldest is forgotten */

struct leavers {
	struct leaver {
		unsigned long id; /* of the request; 0: it could not be sent */
		unsigned long session;
		char *account, *address, *ups;
		uint64_t said_ms;
	} list[LEAVERS_MAX]; /* oldest first */
	size_t count;
};

/* Notes a LOGOUT that is said now / core has answered the request of this number, if that was
 * one / releases what it holds. */
void leavers_add(struct leavers *l, const struct request *logout, uint64_t now_ms);
void leavers_answered(struct leavers *l, unsigned long id);
void leavers_clear(struct leavers *l);

/* Fills in the LOGOUT of row i, to be said again as request `id`; its texts are valid until
 * the next call of another function. */
void leavers_again(struct leavers *l, size_t i, unsigned long id, uint64_t now_ms,
    struct request *logout);

#endif
