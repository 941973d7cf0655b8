/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "core/hub_in.h"
#include "core/readers.h"
#include "lib/boottime.h"
#include "lib/buf.h"

/* True for an address by which holdup.conf has a machine, whatever its account. */
static bool
is_named(const struct hub *h, const char *address)
{
	for (size_t i = 0; i < h->conf.nplans; i++) {
		const struct policy_plan *plan = &h->conf.plans[i];

		if (!plan->self && plan->address != NULL &&
		    strcmp(plan->address, address) == 0)
			return true;
	}
	return false;
}

static bool
has_login(const struct feed_ups *u, const char *address)
{
	for (size_t i = 0; i < u->nlogins; i++)
		if (strcmp(u->logins[i].address, address) == 0)
			return true;
	return false;
}

/* "READER address kind", or "NOREADER address" without one. */
static void
tell(struct hub *h, const struct feed_ups *u, const char *address, const char *kind)
{
	struct buf line = {0};

	buf_puts(&line, kind == NULL ? "NOREADER" : "READER");
	feed_word(&line, address);
	if (kind != NULL)
		feed_word(&line, kind);
	hub_change(h, u, buf_str(&line));
	buf_free(&line);
}

void
readers_seen(struct hub *h, struct feed_ups *u, const char *kind, const char *address)
{
	struct feed_reader *r;
	bool news;

	if (has_login(u, address) ||
	    (strcmp(kind, "other") == 0 && !is_named(h, address)))
		return;
	r = feed_reader_add(u, address, kind, &news);
	if (r == NULL)
		return;
	r->seen_ms = boottime_ms();
	if (news)
		tell(h, u, address, kind);
}

static void
drop(struct hub *h, struct feed_ups *u, const char *address)
{
	tell(h, u, address, NULL);
	feed_reader_del(u, address);
}

void
readers_login(struct hub *h, struct feed_ups *u, const char *address)
{
	for (size_t i = 0; i < u->nreaders; i++)
		if (strcmp(u->readers[i].address, address) == 0) {
			drop(h, u, address);
			return;
		}
}

void
readers_look(struct hub *h)
{
	const uint64_t now = boottime_ms();

	for (size_t i = 0; i < h->nupses; i++) {
		struct feed_ups *u = h->upses[i].model;

		for (size_t k = u == NULL ? 0 : u->nreaders; k-- > 0;)
			if (now - u->readers[k].seen_ms >= READERS_GONE_MS)
				drop(h, u, u->readers[k].address);
	}
}
