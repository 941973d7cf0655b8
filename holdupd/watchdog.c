/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "holdupd/ready.h"
#include "holdupd/watchdog.h"
#include "lib/xmem.h"

struct watchdog {
	struct event *beat;
};

/* The number of a variable of the environment; 0: none. */
static uint64_t
variable(const char *name)
{
	const char *text = getenv(name);
	unsigned long long n;
	char *end;

	if (text == NULL || *text < '0' || *text > '9')
		return 0;
	errno = 0;
	n = strtoull(text, &end, 10);
	return errno != 0 || *end != '\0' ? 0 : n;
}

static void
on_beat(evutil_socket_t fd, short what, void *arg)
{
	ready_tell("WATCHDOG=1");
}

struct watchdog *
watchdog_new(struct event_base *base)
{
	const uint64_t half = variable("WATCHDOG_USEC") / 2;
	const struct timeval time = {
	    .tv_sec = (time_t)(half / 1000000), .tv_usec = (suseconds_t)(half % 1000000)};
	struct watchdog *w;

	if (half == 0 || (getenv("WATCHDOG_PID") != NULL &&
			     variable("WATCHDOG_PID") != (uint64_t)getpid()))
		return NULL;
	w = xcalloc(1, sizeof(*w));
	w->beat = event_new(base, -1, EV_PERSIST, on_beat, w);
	event_add(w->beat, &time);
	return w;
}

void
watchdog_free(struct watchdog *w)
{
	if (w == NULL)
		return;
	event_free(w->beat);
	free(w);
}

void
watchdog_off(struct watchdog *w)
{
	if (w == NULL || !event_pending(w->beat, EV_TIMEOUT, NULL))
		return;
	event_del(w->beat);
	ready_tell("WATCHDOG_USEC=0");
}
