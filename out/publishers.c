/* SPDX-License-Identifier: ISC */
#include "out/publishers.h"

#include <stdio.h>

#include "out/outbox.h"

#define MAINS (CONF_EVENTS_BIT(KIND_ONBATT) | CONF_EVENTS_BIT(KIND_ONLINE))

static size_t
one(const struct holdup_conf *c)
{
	return 1;
}

static bool
domoticz(const struct holdup_conf *c, size_t i, struct publisher *p)
{
	return c->domoticz.wanted && c->domoticz.url != NULL;
}

static bool
domoticz_mqtt(const struct holdup_conf *c, size_t i, struct publisher *p)
{
	return c->domoticz.wanted && c->domoticz.broker.host != NULL;
}

static bool
mqtt(const struct holdup_conf *c, size_t i, struct publisher *p)
{
	p->kinds = c->mqtt.events;
	return c->mqtt.wanted;
}

static size_t
notifies(const struct holdup_conf *c)
{
	return c->nnotifies;
}

/* How long it lasted takes both of its ends. */
static bool
notify(const struct holdup_conf *c, size_t i, struct publisher *p)
{
	const struct conf_notify *n = &c->notifies[i];

	snprintf(p->name, sizeof(p->name), "notify.%s", n->name);
	p->kinds = n->events | ((n->events & MAINS) != 0 ? MAINS : 0);
	return n->wanted;
}

/* For each of `count` sections, `fill` says whether it is wanted, and what is not the same
 * for all of its row. */
static const struct {
	struct publisher common;
	size_t (*count)(const struct holdup_conf *c);
	bool (*fill)(const struct holdup_conf *c, size_t i, struct publisher *p);
} rows[] = {
    {{.name = "mqtt", .program = "mqtt", .window = 16, .orders = true, .tls = true}, one,
	mqtt},
    {{.name = "domoticz", .program = "publish"}, one, domoticz},
    {{.name = "domoticz", .program = "mqtt"}, one, domoticz_mqtt},
    /* What waits for the end of quiet hours holds nothing up that is urgent. */
    {{.program = "publish", .window = OUTBOX_EVENTS_MAX}, notifies, notify},
};

size_t
publishers_wanted(const struct holdup_conf *c, struct publisher wanted[PUBLISHERS_MAX])
{
	size_t n = 0;

	for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++)
		for (size_t i = 0; i < rows[r].count(c) && n < PUBLISHERS_MAX; i++) {
			wanted[n] = rows[r].common;
			if (rows[r].fill(c, i, &wanted[n]))
				n++;
		}
	return n;
}
