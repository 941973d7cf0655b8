/* SPDX-License-Identifier: ISC */
#ifndef NET_CLIENT_H
#define NET_CLIENT_H

#include <sys/queue.h>

#include "net/clients.h"
#include "net/judge.h"
#include "net/poller.h"
#include "net/room.h"
#include "net/seldom.h"
#include "net/session.h"
#include "net/tls.h"

/*
 * One connection, for clients.c alone: the session, its bytes in and out, in the clear or
 * by TLS. Kept small: there may be thousands, and most are idle.
 */
#define CLIENT_READ_SIZE 16384 /* bytes taken from a client at once */

/* What a connection has besides from STARTTLS on. */
struct client_tls {
	struct tls_conn *conn;
	struct client *client;
	TAILQ_ENTRY(client_tls)
	next;           /* while it shakes hands: who began first is first */
	uint64_t until; /* ms; then the handshake must be over */
	bool shaking;
};

struct client {
	struct session session;
	struct client_tls *tls; /* NULL: in the clear */
	struct question *asked; /* of judge; NULL: nothing */
	LIST_ENTRY(client) next;
	LIST_ENTRY(client) next_subscriber;
	struct buf out;   /* what the socket has not taken; released when empty */
	int fd;           /* watched for `awaited` */
	uint32_t heard;   /* when it last said something, in seconds */
	uint8_t awaited;  /* EPOLLIN, EPOLLOUT, or 0 */
	uint8_t step;     /* enum session_next: what the session said last */
	bool subscriber;  /* is on that list */
	bool unreachable; /* the socket is broken: to be freed */
	bool ended;       /* the other end says no more, but may still read an answer */
};

LIST_HEAD(client_list, client);
TAILQ_HEAD(client_shaking, client_tls);

struct clients {
	struct event_base *base;
	struct poller *poller;
	struct poller *shakers; /* the clients that shake hands: a little at a time */
	const struct clients_ops *ops;
	void *arg;
	struct session_host host;
	struct client_list list, subscribers;
	struct client_shaking shaking;
	struct room room;
	size_t max;
	uint64_t need; /* before this ms nobody has been silent for long enough */
	unsigned long last_id;
	struct judge *judge;
	struct tls *tls;        /* NULL: STARTTLS is not configured */
	struct event *patience; /* pending while somebody shakes hands */
	struct event *beat;     /* pending while there are subscribers */
	struct buf scratch;     /* answers of the call that is going on */
	struct seldom denials;  /* addresses whose failed logins are in the log */
	struct seldom shakes;   /* and those whose handshakes failed */
	struct seldom others;
	char input[CLIENT_READ_SIZE];
};

/* The client that a session belongs to. */
struct client *client_of(struct session *s);

/* `who` of either poller is a client. */
void client_ready(void *who, uint32_t events);

/* Takes over a connected socket / ends the connection. */
void client_new(struct clients *cs, int fd, const char *address);
void client_free(struct client *c);

/* Sends the scratch and sees what is next; may free the client. */
void client_settle(struct client *c);

/* The session waits no more: goes on with what it held back; may free the client. */
void client_resume(struct client *c);

/* Ends the handshakes that take too long. */
void client_shakes_end(struct clients *cs);

#endif
