/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "mqtt/trouble.h"

/* What a broker answers to CONNECT that does not let us in. */
static const char *const refusals[] = {
    [1] = "does not know MQTT 3.1.1",
    [2] = "does not accept our client id: site =",
    [3] = "is not ready yet",
    [4] = "does not accept user and password: user =, password =",
    [5] = "does not let us in: user =, password =, and what the broker allows that user",
};

#define REFUSALS (sizeof(refusals) / sizeof(refusals[0]))

static const char *
refusal(const struct trouble *t)
{
	if ((t->refused == 4 || t->refused == 5) && !t->user)
		return "lets nobody in without a login: user = and password =";
	if (t->refused < 1 || (size_t)t->refused >= REFUSALS)
		return "refuses us, for no reason that MQTT 3.1.1 knows";
	return refusals[t->refused];
}

/* Before it was there. */
static void
no_connection(char *cause, size_t size, const struct trouble *t)
{
	if (t->tls_cause != NULL)
		snprintf(cause, size, "cannot be trusted, or does not trust us: %s",
		    t->tls_cause);
	else if (t->refused != 0)
		snprintf(cause, size, "%s", refusal(t));
	else if (t->error == ECONNREFUSED)
		snprintf(cause, size,
		    "refuses the connection: does the broker run there? url =");
	else if (t->error != 0)
		snprintf(
		    cause, size, "cannot be reached (%s): url =", strerror(t->error));
	else if (t->garbage)
		snprintf(cause, size, "does not speak MQTT%s: url =",
		    t->tls ? "" : ", or wants TLS (mqtts://)");
	else if (t->late)
		snprintf(cause, size, "does not answer: url =");
	else
		snprintf(cause, size, "ends the connection at once%s",
		    t->tls ? "" : ": does it want TLS (url = mqtts://)?");
}

char *
trouble_text(char *cause, size_t size, const struct trouble *t)
{
	if (!t->up)
		no_connection(cause, size, t);
	else if (t->late)
		snprintf(cause, size, "does not answer any more");
	else if (t->error != 0)
		snprintf(cause, size, "is gone (%s)", strerror(t->error));
	else if (t->garbage)
		snprintf(cause, size, "says what is no MQTT");
	else
		snprintf(cause, size, "has ended the connection");
	return cause;
}

bool
trouble_vague(const struct trouble *t)
{
	return !t->up && t->tls_cause == NULL && t->refused == 0 && t->error == 0 &&
	       !t->late && !t->garbage;
}
