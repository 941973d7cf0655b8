/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "web/conns.h"

void
conns_init(struct conns *cs)
{
	*cs = (struct conns){0};
	TAILQ_INIT(&cs->list);
}

struct conn *
conns_add(struct conns *cs, int fd, const char *address, bool many, uint64_t now)
{
	size_t same = 0;
	struct conn *c;

	if (cs->count == CONNS_MAX)
		return NULL;
	TAILQ_FOREACH (c, &cs->list, next)
		same += strcmp(c->address, address) == 0;
	if (same >= (many ? CONNS_PER_PROXY : CONNS_PER_ADDRESS))
		return NULL;
	c = xcalloc(1, sizeof(*c));
	c->fd = fd;
	c->many = many;
	c->due = now + CONNS_REQUEST_MS;
	snprintf(c->address, sizeof(c->address), "%s", address);
	TAILQ_INSERT_TAIL(&cs->list, c, next);
	cs->count++;
	return c;
}

void
conns_del(struct conns *cs, struct conn *c)
{
	TAILQ_REMOVE(&cs->list, c, next);
	cs->count--;
	free(c);
}

void
conn_begins(struct conn *c, uint64_t now)
{
	if (c->due > now + CONNS_REQUEST_MS)
		c->due = now + CONNS_REQUEST_MS;
}

void
conn_asks(struct conn *c)
{
	c->due = 0;
}

void
conn_rests(struct conn *c, uint64_t now)
{
	c->due = now + CONNS_IDLE_MS;
}

struct conn *
conns_overdue(const struct conns *cs, struct conn *from, uint64_t now)
{
	struct conn *c = from == NULL ? TAILQ_FIRST(&cs->list) : TAILQ_NEXT(from, next);

	while (c != NULL && (c->due == 0 || c->due > now))
		c = TAILQ_NEXT(c, next);
	return c;
}
