/* SPDX-License-Identifier: ISC */
#ifndef OUT_RELAY_H
#define OUT_RELAY_H

#include "lib/feed.h"
#include "out/outbox.h"
#include "out/publishers.h"
#include "out/wire.h"

struct event_base;

/*
 * The parent's side of one publisher: its process, which is started again when it ends
 * (after 0, 1, 2, 4 … 30 s), and the wire to it, which is written only as far as it takes
 * and never waited for (docs/publishing.md, 2).
 */
struct relay;

/* What all of them share; it outlives them. */
struct relay_house {
	struct event_base *base;
	struct outbox *box;
	const struct feed *feed; /* as feedin_model() has it */
	bool away;               /* core is, for so long that nothing is known */
	int conf_fd;
	int ca_fd, certificate_fd; /* of [mqtt]; -1: none */
	bool debug;

	/* The publisher asks for something; it may be answered at once. */
	void (*asked)(void *arg, struct relay *r, const struct wire_said *s);
	/* The outbox has changed; by what was taken. */
	void (*changed)(void *arg, bool taken);
	/* Its process has ended. */
	void (*ended)(void *arg, struct relay *r);
	/* Energies are to be told by relay_energy(): it is a new one, or was behind. */
	void (*energies)(void *arg, struct relay *r);
	void *arg;
};

/* Starts the process soon. `reader` is the publisher's number in the outbox. */
struct relay *relay_new(
    const struct relay_house *h, const struct publisher *p, size_t reader);

/* Asks the process to end / true when it has / releases all, and kills it if it has not. */
void relay_end(struct relay *r);
bool relay_ended(struct relay *r);
void relay_free(struct relay *r);

/* A line of the feed (without LF) has changed the model / the model is another one. */
void relay_line(struct relay *r, const char *line, size_t len);
void relay_snapshot(struct relay *r);

/* There may be events to hand on. */
void relay_events(struct relay *r);

void relay_energy(struct relay *r, const char *ups, uint64_t wh);
void relay_asked(struct relay *r, unsigned long number, const char *answer);

#endif
