/* SPDX-License-Identifier: ISC */
#ifndef OUT_ASKS_H
#define OUT_ASKS_H

#include "out/relay.h"

struct event_base;

/*
 * Orders of publishers on their way to core (interface 3, as account `mqtt`), and what came
 * of them on its way back. What [mqtt] does not allow, and what is too much, does not get
 * there.
 */
struct asks;

#define ASKS_MAX 16       /* of all publishers under way */
#define ASKS_EVERY_MS 500 /* one so often, but a few at once */
#define ASKS_BURST 10
#define ASKS_LATE_MS 60000 /* core has not answered: it never will */

/* `path` is core's socket; `c` stays the caller's. */
struct asks *asks_new(
    struct event_base *base, const char *path, const struct conf_mqtt *c);
void asks_free(struct asks *a);

/* A publisher asks: it is answered by relay_asked(), now or later. */
void asks_take(struct asks *a, struct relay *r, const struct wire_said *s);

/* Its process is another one: it has asked for nothing. */
void asks_forget(struct asks *a, const struct relay *r);

#endif
