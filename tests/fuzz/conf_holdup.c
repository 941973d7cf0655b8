/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/conf_holdup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* True when a machine says what others rely on. */
static int
is_sane(const struct conf_machine *m)
{
	return m->name != NULL && m->needs >= 1 && m->boots >= 1 && m->voltage >= 0 &&
	       m->voltage <= 1000 && (m->off == CONF_OFF_TCP) == (m->off_port > 0);
}

/* True when the page and the calendar say what others rely on. */
static int
is_sane_page(const struct conf_web *w, const struct conf_tests *t)
{
	for (size_t i = 0; i < w->nlistens; i++)
		if (w->listens[i].address != NULL
			? w->listens[i].port == NULL || atoi(w->listens[i].port) < 1
			: w->listens[i].path == NULL || w->listens[i].path[0] != '/')
			return 0;
	return w->nlistens <= CONF_WEB_LISTENS_MAX && w->price >= 0 &&
	       (w->price > 0) == (strlen(w->currency) == 3) &&
	       (w->base == NULL || (w->base[0] == '/' && w->base[1] != '\0')) &&
	       t->quick >= 0 && t->deep >= 0 && 0 <= t->from && t->from < t->to &&
	       t->to <= 24;
}

/* True when the broker is one, and what is ordered from there has a name. */
static int
is_sane_mqtt(const struct conf_mqtt *m)
{
	for (size_t i = 0; i < m->nbrokers; i++)
		if (m->brokers[i].host[0] == '\0' || atoi(m->brokers[i].port) < 1)
			return 0;
	for (size_t i = 0; i < m->ncommands; i++)
		if (m->commands[i][0] == '\0')
			return 0;
	return m->nbrokers <= CONF_BROKERS_MAX && m->wanted == (m->nbrokers > 0) &&
	       (m->line == 0) == (m->events == 0);
}

/* True when a channel that is wanted has all that its way needs. */
static int
is_sane_notify(const struct conf_notify *n)
{
	if (n->quiet_from < 0 || n->quiet_from >= 1440 || n->quiet_to < 0 ||
	    n->quiet_to >= 1440 || n->events == 0 || n->wait < 0 || n->fold < 0 ||
	    n->nheaders > CONF_HEADERS_MAX)
		return 0;
	if (!n->wanted)
		return 1;
	switch (n->via) {
	case CONF_VIA_TELEGRAM:
	case CONF_VIA_PUSHOVER:
		return n->token != NULL && n->to != NULL;
	case CONF_VIA_MATRIX:
		return n->url != NULL && n->token != NULL && n->to != NULL;
	case CONF_VIA_MAIL:
		return strncasecmp(n->url, "smtp", 4) == 0 && n->from != NULL &&
		       n->to != NULL;
	default:
		return strncasecmp(n->url, "http", 4) == 0;
	}
}

/* Whatever stands in holdup.conf: what is wanted has an address, over MQTT a sensor too, and
 * a number is one. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct problems p = {0};
	struct holdup_conf c;
	int sensors = 0;

	holdup_conf_read(&c, "holdup.conf", (const char *)data, size, &p);
	for (size_t i = 0; i < CONF_SENSORS; i++)
		sensors += c.domoticz.idx[i] > 0;
	if (c.domoticz.wanted && c.domoticz.url == NULL &&
	    (sensors == 0 || c.domoticz.broker.host == NULL))
		abort();
	for (size_t i = 0; i < c.nnotifies; i++)
		if (!is_sane_notify(&c.notifies[i]))
			abort();
	if (!is_sane_mqtt(&c.mqtt))
		abort();
	for (size_t i = 0; i < c.nmachines; i++)
		if (!is_sane(&c.machines[i]))
			abort();
	if (!is_sane_page(&c.web, &c.tests))
		abort();
	if (c.domoticz.url != NULL && strncasecmp(c.domoticz.url, "http", 4) != 0)
		abort();
	holdup_conf_free(&c);
	problems_free(&p);
	return 0;
}
