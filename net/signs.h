/* SPDX-License-Identifier: ISC */
#ifndef NET_SIGNS_H
#define NET_SIGNS_H

#include "net/clients.h"

struct event_base;

/*
 * Looks after signs of life of the clients when the mains has failed, and says in the log
 * when all of them fell silent with it (net/quiet.h).
 */
struct signs;

struct signs *signs_new(struct event_base *base, struct clients *cs);
void signs_free(struct signs *s);

/* The model has changed. */
void signs_change(struct signs *s);

#endif
