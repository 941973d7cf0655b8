/* SPDX-License-Identifier: ISC */
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "mqtt/dial.h"

void
dial_init(struct dial *d, const struct conf_broker *brokers, size_t nbrokers)
{
	*d = (struct dial){
	    .brokers = brokers, .nbrokers = nbrokers, .pause_ms = DIAL_PAUSE_MS};
}

/* The addresses of the broker whose turn it is. */
static int
look_up(struct dial *d, char *cause, size_t size)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	const char *host = d->brokers[d->broker].host;
	struct addrinfo *list, *a;
	int error = getaddrinfo(host, NULL, &hints, &list);

	d->naddresses = d->address = 0;
	if (error != 0) {
		snprintf(cause, size, "%s: url =", gai_strerror(error));
		return -1;
	}
	for (a = list; a != NULL && d->naddresses < DIAL_ADDRESSES_MAX; a = a->ai_next)
		d->naddresses +=
		    getnameinfo(a->ai_addr, a->ai_addrlen, d->addresses[d->naddresses],
			DIAL_ADDRESS_MAX, NULL, 0, NI_NUMERICHOST) == 0;
	freeaddrinfo(list);
	if (d->naddresses > 0)
		return 0;
	snprintf(cause, size, "has no address: url =");
	return -1;
}

/* A pause, and a longer one the next time. */
static void
rest(struct dial *d, uint64_t longest_ms, uint64_t now_ms)
{
	if (d->pause_ms > longest_ms)
		d->pause_ms = longest_ms;
	d->failed = 0;
	d->at_ms = now_ms + d->pause_ms;
	d->pause_ms *= 2;
}

/* Goes on to the next broker; after the last one there is a pause. */
static void
turn(struct dial *d, uint64_t now_ms)
{
	d->naddresses = d->address = 0;
	d->broker = (d->broker + 1) % d->nbrokers;
	if (++d->failed < d->nbrokers) {
		d->at_ms = now_ms;
		return;
	}
	rest(d, DIAL_PAUSE_LONGEST_MS, now_ms);
}

const char *
dial_next(struct dial *d, uint64_t now_ms, char *cause, size_t size)
{
	if (d->naddresses == 0 && look_up(d, cause, size) < 0) {
		turn(d, now_ms);
		return NULL;
	}
	return d->addresses[d->address++];
}

void
dial_failed(struct dial *d, uint64_t now_ms)
{
	if (d->address >= d->naddresses)
		turn(d, now_ms);
	else
		d->at_ms = now_ms;
}

void
dial_broke(struct dial *d, uint64_t lived_ms, uint64_t now_ms)
{
	if (lived_ms >= DIAL_LIVED_MS)
		d->pause_ms = DIAL_PAUSE_MS;
	d->naddresses = d->address = 0;
	d->broker = (d->broker + 1) % d->nbrokers;
	rest(d, DIAL_PAUSE_BROKE_MS, now_ms);
}

uint64_t
dial_at(const struct dial *d)
{
	return d->at_ms;
}
