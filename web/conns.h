/* SPDX-License-Identifier: ISC */
#ifndef WEB_CONNS_H
#define WEB_CONNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "web/call.h"

/*
 * The connections, how many there may be of one address, and by when each must have done
 * what it is to do. Pure; times in monotonic ms.
 */
#define CONNS_MAX 1400
#define CONNS_PER_ADDRESS 60
#define CONNS_PER_PROXY 1000 /* a reverse proxy, or a unix socket, stands for many */

#define CONNS_REQUEST_MS 10000 /* for a request to come in, from its first byte */
#define CONNS_IDLE_MS 30000    /* without one, behind an answer */

struct conn {
	TAILQ_ENTRY(conn) next;
	int fd;
	bool tls, many; /* many: it stands for more than one */
	uint64_t due;   /* 0: it is being answered */
	char address[CALL_ADDRESS_MAX];
};

struct conns {
	TAILQ_HEAD(, conn) list;
	size_t count;
};

void conns_init(struct conns *cs);

/* Makes one, which the table has from then on; NULL when there is no room for it. */
struct conn *conns_add(
    struct conns *cs, int fd, const char *address, bool many, uint64_t now);
void conns_del(struct conns *cs, struct conn *c);

/* A request has begun, is complete, was answered. */
void conn_begins(struct conn *c, uint64_t now);
void conn_asks(struct conn *c);
void conn_rests(struct conn *c, uint64_t now);

/* The next one after `from` (NULL: the first) that is overdue, or NULL. */
struct conn *conns_overdue(const struct conns *cs, struct conn *from, uint64_t now);

#endif
