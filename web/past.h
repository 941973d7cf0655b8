/* SPDX-License-Identifier: ISC */
#ifndef WEB_PAST_H
#define WEB_PAST_H

#include "history/read.h"

struct web;

/*
 * The history, as far as there is one: opened when it is there, and asked for what is new
 * while somebody streams (docs/page.md, 4).
 */
struct past;

struct past *past_new(struct web *web);
void past_free(struct past *p);

/* The history to read from; NULL: there is none (yet). */
struct history *past_history(struct past *p);

/* Brings the events of the house up to date, where that was not done a moment ago. */
void past_look(struct past *p);

/* Something could not be read: logged, but not again and again. */
void past_failed(struct past *p, const char *cause);

#endif
