/* SPDX-License-Identifier: ISC */
#ifndef WEB_PUSH_H
#define WEB_PUSH_H

#include "lib/feed.h"
#include "web/house.h"

struct web;

/*
 * From changes of the model to renderings for the streams: a moment after the first of
 * several, and then at most four times a second.
 */
struct push;

struct push *push_new(struct web *web);
void push_free(struct push *p);

/* A change of the model / everything is another / the machines are, by the rehearsal. */
void push_changed(struct push *p, const struct feed_change *change);
void push_anew(struct push *p);
void push_machines(struct push *p);

/* An event is told at once. */
void push_event(struct push *p, const struct house_event *e);

/* Brings what new readers begin with up to date. */
void push_whole(struct push *p);

#endif
