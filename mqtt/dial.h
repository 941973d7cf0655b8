/* SPDX-License-Identifier: ISC */
#ifndef MQTT_DIAL_H
#define MQTT_DIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/conf_holdup.h"

/*
 * Whom to try next, and when: each address of each broker in turn; after all of them a pause
 * of 1, 2, 4 … 60 s. Looking a name up may block for as long as resolv.conf lets it.
 */

#define DIAL_ADDRESSES_MAX 8 /* of one name */
#define DIAL_ADDRESS_MAX 64
#define DIAL_PAUSE_MS 1000
#define DIAL_PAUSE_LONGEST_MS 60000
#define DIAL_PAUSE_BROKE_MS 4000 /* … behind a connection that was there */
#define DIAL_LIVED_MS 60000      /* a connection that lived so long was one */

struct dial {
	const struct conf_broker *brokers;
	size_t nbrokers;
	size_t broker; /* that is tried, or connected */
	char addresses[DIAL_ADDRESSES_MAX][DIAL_ADDRESS_MAX];
	size_t naddresses, address; /* the next of them */
	size_t failed;              /* brokers in a row */
	uint64_t pause_ms, at_ms;   /* the next pause; when to try */
};

void dial_init(struct dial *d, const struct conf_broker *brokers, size_t nbrokers);

/* The address to try now, of brokers[d->broker]; NULL with a cause when that name is
 * unknown, which counts as a failure. */
const char *dial_next(struct dial *d, uint64_t now_ms, char *cause, size_t size);

/* What was tried has failed / a connection that lived so long has broken. */
void dial_failed(struct dial *d, uint64_t now_ms);
void dial_broke(struct dial *d, uint64_t lived_ms, uint64_t now_ms);

/* When to try, by boottime_ms(). */
uint64_t dial_at(const struct dial *d);

#endif
