/* SPDX-License-Identifier: ISC */
#ifndef MQTT_PUBLISHER_H
#define MQTT_PUBLISHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/conf_holdup.h"
#include "out/link.h"

/*
 * Who tells by MQTT: one file each ([mqtt] is house.c, Domoticz's gateway domoin.c). The
 * loop in main.c, the wire from `out` and the broker (broker.h) are common to all. A
 * publisher decides what is to be said; it opens nothing and waits for nothing.
 */
struct broker;

/* Where the brokers are, and how they are spoken to. What is pointed to stays holdup.conf's
 * or the publisher's. */
struct publisher_target {
	const char *section; /* of holdup.conf, for the log: "[mqtt]" */
	const struct conf_broker *brokers;
	size_t nbrokers;
	const char *user, *password; /* NULL: sent without */
	char id[128];                /* the client's */
	bool durable;                /* its session outlives connections */
	const char *will;            /* topic of the last will; NULL: none */
	const char *will_text;       /* said there, retained, when we are gone */
};

/* What is to be sent; good until the next call of the publisher. */
struct publisher_message {
	const char *topic, *payload; /* the payload may be empty: a deletion */
	size_t len;                  /* of the payload */
	bool retain;
	unsigned long mark; /* what acked() is given for it */
};

#define PUBLISHER_NEVER UINT64_MAX

struct publisher {
	const char *name; /* of -P */

	/* Its life: `conf` outlives it. NULL with a cause: holdup.conf asks for none. */
	void *(*new)(const struct holdup_conf *conf, char *cause, size_t size);
	void (*free)(void *arg);
	void (*target)(void *arg, struct publisher_target *t);

	/* From `out`: called inside link_read(). linked() comes first, once; the link stays
	 * main's. */
	const struct link_ops *link;
	void (*linked)(void *arg, struct link *l);

	/*
	 * From the broker. connected: what is wanted is to be subscribed
	 * (broker_subscribe()), and all that is retained is to be sent again; session: of a
	 * durable one the broker has what it had before. subscribed: its answer to one of
	 * these. message: something has come. acked: a message is the broker's (QoS 1).
	 * slow: it took so long over one that it may have lost what is retained (NATS).
	 * lost: the connection is gone, and of what was not acked nobody knows. All but
	 * connected may be NULL.
	 */
	void (*connected)(void *arg, struct broker *b, bool session);
	void (*subscribed)(void *arg, int number, bool granted);
	void (*message)(
	    void *arg, const char *topic, const char *payload, size_t len, bool retained);
	void (*acked)(void *arg, unsigned long mark);
	void (*slow)(void *arg);
	void (*lost)(void *arg);

	/*
	 * What is to be sent next: 0 with a message, which counts as sent from then on, else
	 * for how many ms there is none (PUBLISHER_NEVER), unless something happens. Called
	 * only while connected, and only while the broker has room: so the newest value of
	 * each topic is all that is ever to be kept.
	 */
	uint64_t (*next)(void *arg, uint64_t now_ms, struct publisher_message *m);
	/* Said, retained, before we leave of ourselves: false for nothing. */
	bool (*farewell)(void *arg, struct publisher_message *m);
};

extern const struct publisher publisher_mqtt, publisher_domoin;

#endif
