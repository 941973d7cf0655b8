/* SPDX-License-Identifier: ISC */
#ifndef CLI_MODEL_H
#define CLI_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "lib/phrase.h"
#include "lib/state.h"
#include "lib/words.h"

/*
 * What a NUT server has told: its UPSes with their variables and clients, and what
 * happened to them, in words. Fed with the protocol's lines, asked for or pushed. Pure.
 */
#define MODEL_EVENTS_MAX 32 /* the last ones are kept */
#define MODEL_EVENT_MAX 160 /* bytes of an event's text */

enum model_link {
	MODEL_UNKNOWN, /* not told yet */
	MODEL_OK,
	MODEL_STALE, /* the driver has lost its device */
	MODEL_LOST,  /* no driver */
};

struct model_ups {
	char *name, *desc;
	struct state *state;
	struct state *next;             /* a LIST VAR that is coming in; NULL outside */
	char *error;                    /* why it has no data, NUT's sentence, or NULL */
	char **clients, **next_clients; /* addresses of who is logged in */
	size_t nclients, nnext_clients;
	enum model_link link;
	bool told;       /* a whole list of variables has come */
	bool complained; /* an event said that none comes */
};

struct model_event {
	time_t when;
	enum phrase_tone tone;
	char ups[STATE_NAME_MAX + 1];
	char text[MODEL_EVENT_MAX];
};

struct model {
	struct model_ups **upses; /* in the server's order */
	size_t nupses;
	struct model_event events[MODEL_EVENTS_MAX]; /* event n is at n % MAX */
	unsigned long nevents;                       /* that ever happened */
};

/* Releases what a model holds; it is empty afterwards. */
void model_free(struct model *m);

/* The UPS, made when missing. */
struct model_ups *model_add(struct model *m, const char *name, const char *desc);

/*
 * Takes one line: "UPS …", "UPSDESC …", "BEGIN|VAR|END LIST VAR …", "BEGIN|CLIENT|END
 * LIST CLIENT …", "NOTIFY …". Anything else is ignored. What changed becomes events of
 * time `now`. Returns true when something is different now.
 */
bool model_line(struct model *m, const struct words *w, time_t now);

/* A request for the variables of this UPS was answered by ERR with this word. A UPS that
 * has no data yet gets an event only when that happens again: drivers need their time. */
bool model_error(struct model *m, const char *ups, const char *word, time_t now);

/* Writes an event of one's own, say "server lost"; ups "" where it is about none. */
void model_say(struct model *m, const char *ups, enum phrase_tone tone, time_t now,
    const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Event counted from the newest (0), or NULL beyond what is kept. */
const struct model_event *model_event(const struct model *m, unsigned long back);

#endif
