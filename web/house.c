/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "web/house.h"

#define POWER_FACTOR 0.6 /* watts of a VA, where nobody tells more */

double
house_number(const struct state *s, const char *name)
{
	const char *text = state_get(s, name);
	char *end;
	double number;

	if (text == NULL || *text == '\0')
		return NAN;
	number = strtod(text, &end);
	return *end == '\0' && isfinite(number) ? number : NAN;
}

/* Puts a string (or NULL) into the block at *to, which it moves on. */
static const char *
put_string(char **to, const char *text)
{
	char *at = *to;

	if (text == NULL)
		return NULL;
	*to = stpcpy(at, text) + 1;
	return at;
}

static size_t
bytes_of(const char *text)
{
	return text == NULL ? 0 : strlen(text) + 1;
}

struct house_event
house_event_copy(int64_t id, const struct page_event *told)
{
	struct house_event e = {.id = id, .told = *told};
	char *at;

	at = e.store = xmalloc(bytes_of(told->ups) + bytes_of(told->kind) +
			       bytes_of(told->who) + bytes_of(told->text));
	e.told.ups = put_string(&at, told->ups);
	e.told.kind = put_string(&at, told->kind);
	e.told.who = put_string(&at, told->who);
	e.told.text = put_string(&at, told->text);
	return e;
}

void
house_event_free(struct house_event *e)
{
	free(e->store);
}

void
house_forget_events(struct house *h)
{
	for (size_t i = 0; i < h->nevents; i++)
		house_event_free(&h->events[i]);
	h->nevents = 0;
}

void
house_event_add(struct house *h, const struct house_event *e)
{
	if (h->nevents == HOUSE_EVENTS)
		house_event_free(&h->events[--h->nevents]);
	memmove(h->events + 1, h->events, h->nevents * sizeof(h->events[0]));
	h->nevents++;
	h->events[0] = *e;
}

void
house_free(struct house *h)
{
	house_forget_events(h);
	for (size_t i = 0; i < h->nmains; i++)
		free(h->mains[i].ups);
	free(h->mains);
	*h = (struct house){0};
}

static enum page_mains
mains_of(const struct feed_ups *u)
{
	const char *status = state_get(u->state, "ups.status");

	if (status == NULL || u->source != FEED_OK)
		return PAGE_MAINS_UNKNOWN;
	if (state_status_has(status, "OB"))
		return PAGE_MAINS_OFF;
	return state_status_has(status, "OL") ? PAGE_MAINS_ON : PAGE_MAINS_UNKNOWN;
}

static struct house_mains *
mains_find(const struct house *h, const char *ups)
{
	for (size_t i = 0; i < h->nmains; i++)
		if (strcmp(h->mains[i].ups, ups) == 0)
			return &h->mains[i];
	return NULL;
}

void
house_look_ups(struct house *h, const struct feed_ups *u, double now)
{
	struct house_mains *m = mains_find(h, u->name);
	enum page_mains mains = mains_of(u);

	if (m == NULL) {
		if (h->nmains == FEED_UPSES_MAX)
			return;
		h->mains = xreallocarray(h->mains, h->nmains + 1, sizeof(*h->mains));
		m = &h->mains[h->nmains++];
		*m = (struct house_mains){xstrdup(u->name), mains, NAN, u->source, 0};
		return;
	}
	m->drops += m->source == FEED_OK && u->source != FEED_OK;
	m->source = u->source;
	if (m->mains != mains) {
		/* What was not known before may have been so for long. */
		m->since = m->mains == PAGE_MAINS_UNKNOWN ? NAN : now;
		m->mains = mains;
	}
}

void
house_look(struct house *h, const struct feed *f, double now)
{
	h->feed = f;
	h->fresh = true;
	for (size_t i = 0; i < f->nupses; i++)
		house_look_ups(h, f->upses[i], now);
}

void
house_since(struct house *h, const char *ups, enum page_mains mains, double since)
{
	struct house_mains *m = mains_find(h, ups);

	if (m != NULL && m->mains == mains && isnan(m->since))
		m->since = since;
}

double
house_drops(const struct house *h, const char *ups)
{
	const struct house_mains *m = mains_find(h, ups);

	return m == NULL ? 0 : m->drops;
}

/* Watts as the UPS tells them, or from its load and what it is made for, as history reckons
 * them (history/watch_value.c). */
static void
take_watts(const struct state *s, struct page_ups *to)
{
	double full;

	to->watts = house_number(s, "ups.realpower");
	if (!isnan(to->watts))
		return;
	full = house_number(s, "ups.realpower.nominal");
	if (isnan(full))
		full = house_number(s, "ups.power.nominal") * POWER_FACTOR;
	to->watts = to->load / 100 * full;
	to->watts_estimated = !isnan(to->watts);
}

void
house_ups(const struct house *h, const struct feed_ups *u, struct page_ups *to)
{
	const struct house_mains *m = mains_find(h, u->name);
	const struct state *s = u->state;
	const enum feed_view view = u->view == FEED_VIEW_HOLD ? FEED_VIEW_NONE : u->view;
	const char *driver = state_get(s, "driver.state");

	*to = (struct page_ups){
	    .name = u->name,
	    .desc = u->desc,
	    .source = u->source,
	    .estimated = driver != NULL && strcmp(driver, "estimated") == 0,
	    .mains = m == NULL ? PAGE_MAINS_UNKNOWN : m->mains,
	    .since = m == NULL ? NAN : m->since,
	    .input_voltage = house_number(s, "input.voltage"),
	    .input_frequency = house_number(s, "input.frequency"),
	    .output_voltage = house_number(s, "output.voltage"),
	    .load = house_number(s, "ups.load"),
	    .va = house_number(s, "ups.power"),
	    .charge = house_number(s, "battery.charge"),
	    .charge_low = house_number(s, "battery.charge.low"),
	    .runtime = house_number(s, "battery.runtime"),
	    .runtime_learned = house_number(s, "battery.runtime.learned"),
	    .voltage = house_number(s, "battery.voltage"),
	    .temperature = house_number(s, "battery.temperature"),
	    .health = house_number(s, "battery.health"),
	    .confidence = house_number(s, "battery.health.confidence"),
	    .replace = state_get(s, "battery.date.replace"),
	    .date = state_get(s, "battery.date"),
	    .state = s,
	};
	/* FSD is core's word; a NUT client sees it in the driver's. */
	to->status = feed_status(u, view, to->told, sizeof(to->told));
	if (isnan(to->temperature))
		to->temperature = house_number(s, "ups.temperature");
	take_watts(s, to);
}

void
house_facts(const struct house *h, double now, struct page_facts *facts,
    struct house_lists *lists)
{
	const struct feed *f = h->feed;
	size_t nupses = f == NULL ? 0 : f->nupses;

	lists->upses = xcalloc(nupses + 1, sizeof(*lists->upses));
	lists->events = xcalloc(h->nevents + 1, sizeof(*lists->events));
	for (size_t i = 0; i < nupses; i++)
		house_ups(h, f->upses[i], &lists->upses[i]);
	for (size_t i = 0; i < h->nevents; i++)
		lists->events[i] = h->events[i].told;
	*facts = (struct page_facts){
	    .version = HOLDUP_VERSION,
	    .time = now,
	    .fresh = h->fresh,
	    .protected = h->protected,
	    .upses = lists->upses,
	    .nupses = nupses,
	    .machines = h->machines,
	    .nmachines = h->nmachines,
	    .events = lists->events,
	    .nevents = h->nevents,
	};
}

void
house_lists_free(struct house_lists *lists)
{
	free(lists->upses);
	free(lists->events);
}
