/* SPDX-License-Identifier: ISC */
#ifndef NET_CLIENTS_H
#define NET_CLIENTS_H

#include "lib/allow.h"
#include "lib/feed.h"
#include "lib/request.h"
#include "net/netconf.h"

struct event_base;

/*
 * The connections of clients: a session each, its bytes in and out, and who wants push.
 */
struct clients;

struct clients_ops {
	/* Sends a request to core; its number, or -1 when it is away. `who` is not NULL
	 * when the client waits for clients_answered(). */
	long (*request)(void *arg, void *who, const struct request *r);
	/* The client is gone: nobody waits for its answer any more. */
	void (*forget)(void *arg, const void *who);
};

/* `conf` and `nets` stay the caller's; at most `max` connections at a time. */
struct clients *clients_new(struct event_base *base, const struct netconf *conf,
    const struct allow_nets *nets, size_t max, const struct clients_ops *ops, void *arg);
void clients_free(struct clients *cs);

/* Another configuration: nothing points into the one before any more. Nobody is
 * disconnected, and who is logged in stays so, whatever has become of his account and of
 * the limits. */
void clients_reconfigure(struct clients *cs, const struct netconf *conf, size_t max);

/* Takes over a connected socket. Fits listener_accept. */
void clients_accept(void *arg, int fd, const char *address);

/* Core answered what `who` asked. */
void clients_answered(struct clients *cs, void *who, const char *word);

/* What came of the tracked request of that number / of all that are not known yet: core,
 * which would have told it, is gone. */
void clients_done(struct clients *cs, unsigned long number, unsigned long status);
void clients_undone(struct clients *cs);

/* Core is there and knows of no login: every client that has one says it again. */
void clients_relogin(struct clients *cs);

/* The model shown changed / is another one now / is too old to be shown as fresh. */
void clients_changed(struct clients *cs, const struct feed_change *change);
void clients_replaced(struct clients *cs, const struct feed *now, const struct feed *old);
void clients_stale(struct clients *cs);

#endif
