/* SPDX-License-Identifier: ISC */
#include "out/facts.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

/* Of two that say the same, the first that is known. */
static const char *const variables[][2] = {
    {"battery.charge"},
    {"battery.runtime"},
    {"battery.voltage"},
    {"input.voltage"},
    {"output.voltage"},
    {"ups.load"},
    {"ups.realpower"},
    {"ups.temperature", "battery.temperature"},
    {"ups.alarm"},
};

void
facts_ups(struct event *e, const struct feed_ups *u)
{
	char status[STATE_VALUE_MAX + 8];

	if (u->source != FEED_OK)
		return;
	if (feed_status(u, u->view, status, sizeof(status)) != NULL)
		event_fact_add(e, "ups.status", status);
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		for (size_t k = 0; k < 2 && variables[i][k] != NULL; k++) {
			const char *value = state_get(u->state, variables[i][k]);

			if (value == NULL)
				continue;
			event_fact_add(e, variables[i][k], value);
			break;
		}
}

/* A number with so many decimals, if it is one. */
static void
add_number(struct event *e, const char *name, int decimals, double n)
{
	char text[40];

	if (!isfinite(n))
		return;
	snprintf(text, sizeof(text), "%.*f", decimals, n);
	event_fact_add(e, name, text);
}

void
facts_outage(struct event *e, const struct watch_outage *o)
{
	static const char *const kinds[] = {
	    [WATCH_OUTAGE] = "outage",
	    [WATCH_BY_TEST] = "test",
	    [WATCH_BY_CALIBRATION] = "calibration",
	};
	char text[24];

	event_fact_add(e, "outage.kind", kinds[o->why]);
	if (o->ended == 0)
		return;
	/* By its length: the clock may have been set meanwhile. */
	snprintf(text, sizeof(text), "%" PRId64, o->ended - (int64_t)o->ms);
	event_fact_add(e, "outage.began", text);
	add_number(e, "outage.seconds", 0, (double)o->ms / 1000);
	add_number(e, "outage.charge.low", 0, o->charge_low);
	add_number(e, "outage.wh", 1, o->wh);
}

void
facts_machine(struct event *e, const struct feed_machine *m)
{
	event_fact_add(e, "machine.name", m->name);
	event_fact_add(e, "machine.stand", m->stand);
	event_fact_add(e, "machine.why", m->why);
}
