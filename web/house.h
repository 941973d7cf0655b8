/* SPDX-License-Identifier: ISC */
#ifndef WEB_HOUSE_H
#define WEB_HOUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/feed.h"
#include "web/page.h"

/*
 * What holds now, gathered for whoever shows it: core's model, since when the mains is as it
 * is, the machines in the order in which they would go down, the last events. Pure; times
 * are Unix seconds and passed in.
 */
#define HOUSE_EVENTS 30

struct house_mains {
	char *ups;
	enum page_mains mains;
	double since; /* NAN: it was so when we came */
	enum feed_source source;
	double drops; /* times that the source was OK and then was not */
};

/* An event with a copy of its strings. */
struct house_event {
	int64_t id; /* of the history */
	struct page_event told;
	char *store; /* what `told` points into */
};

struct house {
	const struct feed *feed;             /* NULL: core has not told anything yet */
	bool fresh;                          /* core is there, or was a moment ago */
	bool protected;                      /* the rehearsal's */
	const struct page_machine *machines; /* the rehearsal's too */
	size_t nmachines;
	struct house_mains *mains;
	size_t nmains;
	struct house_event events[HOUSE_EVENTS]; /* newest first */
	size_t nevents;
};

void house_free(struct house *h);

/* Looks at a model that has changed / at one UPS of it. */
void house_look(struct house *h, const struct feed *f, double now);
void house_look_ups(struct house *h, const struct feed_ups *u, double now);

/* Makes a copy of an event / releases what it holds. */
struct house_event house_event_copy(int64_t id, const struct page_event *told);
void house_event_free(struct house_event *e);

/* One more event, newer than those that are there; it belongs to the house from then on. */
void house_event_add(struct house *h, const struct house_event *e);
void house_forget_events(struct house *h);

/* What the history knows of the mains of a UPS: since when it is there, or not. Counts where
 * it is so and we did not see it become so. */
void house_since(struct house *h, const char *ups, enum page_mains mains, double since);

/* How often the link to the UPS was lost since this process is there. */
double house_drops(const struct house *h, const char *ups);

/* One UPS. Strings stay the model's. */
void house_ups(const struct house *h, const struct feed_ups *u, struct page_ups *to);

/* The lists in the facts. */
struct house_lists {
	struct page_ups *upses;
	struct page_event *events;
};

/* Everything but `lang` and `closed`. Strings stay the model's; the lists are to be
 * released with house_lists_free(). */
void house_facts(const struct house *h, double now, struct page_facts *facts,
    struct house_lists *lists);
void house_lists_free(struct house_lists *lists);

/* A number of a variable, or NAN. */
double house_number(const struct state *s, const char *name);

#endif
