/* SPDX-License-Identifier: ISC */
#ifndef MQTT_TROUBLE_H
#define MQTT_TROUBLE_H

#include <stdbool.h>
#include <stddef.h>

/* Why there is no connection to a broker, in words for the log, which name the word of
 * holdup.conf to look at. Pure. */

struct trouble {
	bool up;               /* it was there: the broker had let us in */
	bool tls;              /* it is wanted */
	const char *tls_cause; /* of tls_cause(); NULL: it is not TLS */
	int refused; /* what the broker answered to CONNECT (MQTT 3.1.1, 3.2.2.3); 0: nothing */
	int error;    /* errno of the socket; 0: none */
	bool late;    /* it took too long */
	bool garbage; /* what came is no MQTT */
	bool user;    /* `user =` is there */
};

/* Behind "[mqtt]: HOST port PORT ". Returns `cause`. */
char *trouble_text(char *cause, size_t size, const struct trouble *t);

/* True when it says so little that what was said before stands: a broker may end the
 * connection before its reason is here. */
bool trouble_vague(const struct trouble *t);

#endif
