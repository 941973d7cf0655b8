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

/* Whatever stands in holdup.conf: what is wanted has an address and a sensor, and a number
 * is one. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct problems p = {0};
	struct holdup_conf c;
	int sensors = 0;

	holdup_conf_read(&c, "holdup.conf", (const char *)data, size, &p);
	for (size_t i = 0; i < CONF_SENSORS; i++)
		sensors += c.domoticz.idx[i] > 0;
	if (c.domoticz.wanted && (sensors == 0 || c.domoticz.url == NULL))
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
