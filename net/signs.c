/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "lib/boottime.h"
#include "lib/log.h"
#include "lib/xmem.h"
#include "net/client.h"
#include "net/quiet.h"
#include "net/signs.h"

struct signs {
	struct clients *clients;
	struct quiet quiet;
	struct event *look;
};

static void
wait_for_next(struct signs *s)
{
	uint64_t next = quiet_next(&s->quiet);
	const struct timeval left = boottime_until(next);

	if (next == 0) {
		event_del(s->look);
		return;
	}
	event_add(s->look, &left);
}

/* When the other end last said something, or its kernel acknowledged a beat. */
static uint64_t
last_sign(const struct client *c, uint64_t now)
{
	uint64_t heard = (uint64_t)c->heard * 1000, acked = 0;
	struct tcp_info info;
	socklen_t len = sizeof(info);

	if (c->subscriber && getsockopt(c->fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0 &&
	    now > info.tcpi_last_ack_recv)
		acked = now - info.tcpi_last_ack_recv;
	return acked > heard ? acked : heard;
}

static bool
is_here(const struct signs *s, const char *address)
{
	static const struct allow here = {.kind = ALLOW_LOCALHOST};

	return allow_matches(&here, address, s->clients->host.nets);
}

/* Who has a connection, and who uses one for each question. */
static void
look(struct signs *s)
{
	const struct session_host *h = &s->clients->host;
	uint64_t now = boottime_ms();
	const struct reader *r;
	struct client *c;

	quiet_look(&s->quiet);
	LIST_FOREACH (c, &s->clients->list, next)
		if (!is_here(s, c->session.address))
			quiet_sign(&s->quiet, c->session.address, last_sign(c, now));
	for (size_t u = 0; u < h->feed->nupses; u++) {
		size_t i = 0;

		while (
		    (r = readers_next(&h->readers, h->feed->upses[u]->name, &i)) != NULL)
			if (!is_here(s, r->address))
				quiet_sign(&s->quiet, r->address, r->used);
	}
}

static void
on_look(evutil_socket_t fd, short what, void *arg)
{
	struct signs *s = arg;
	size_t silent;

	look(s);
	silent = quiet_verdict(&s->quiet);
	if (silent == 1)
		log_warn("the only client, %s, fell silent as the mains failed: is your "
			 "network switch not on the UPS? It could not be told to shut "
			 "down",
		    s->quiet.names[0]);
	else if (silent > 1)
		log_warn("all %zu clients fell silent as the mains failed (%s, %s%s): "
			 "your network switch is not on the UPS; they cannot be told to "
			 "shut down",
		    silent, s->quiet.names[0], s->quiet.names[1],
		    silent > 2 ? ", ..." : "");
	wait_for_next(s);
}

struct signs *
signs_new(struct event_base *base, struct clients *cs)
{
	struct signs *s = xcalloc(1, sizeof(*s));

	s->clients = cs;
	s->look = evtimer_new(base, on_look, s);
	return s;
}

void
signs_free(struct signs *s)
{
	event_free(s->look);
	free(s);
}

void
signs_change(struct signs *s)
{
	const struct feed *f = s->clients->host.feed;

	if (f == NULL || !f->whole)
		return;
	quiet_change(&s->quiet, f, boottime_ms());
	wait_for_next(s);
}
