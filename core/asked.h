/* SPDX-License-Identifier: ISC */
#ifndef CORE_ASKED_H
#define CORE_ASKED_H

#include <stdbool.h>

#include "lib/feed.h"

struct event_base;

/*
 * What drivers were asked on somebody's behalf, until they say what came of it. Then the
 * feed has its DEED, and who awaits the result is told. What a driver does not answer
 * becomes a deed that was `sent`: with patience, for who awaits the result waits on; at
 * once when ASKED_MAX others wait.
 */
struct asked;

#define ASKED_MAX 4096

struct asked_ops {
	/* The feed is to say this. */
	void (*deed)(void *arg, const struct feed_ups *u, const struct feed_deed *d);
	/* `who` is to hear what came of what he has asked under `id`. */
	void (*done)(void *arg, void *who, unsigned long id, unsigned long status);
};

/* `patience_ms`: how long a driver may be silent about one of them. */
struct asked *asked_new(struct event_base *base, unsigned patience_ms,
    const struct asked_ops *ops, void *arg);
void asked_free(struct asked *a);

/* Notes what is about to be asked, and returns the number under which the driver is to
 * answer (never 0). `who` awaits the result (NULL: nobody). */
unsigned long asked_add(struct asked *a, const struct feed_ups *u,
    const struct feed_deed *d, void *who, unsigned long id);

/* It was not asked after all / the driver has told (number 0: it is lost, and all that it
 * owes has failed with `status`) / nobody is there any more who awaits anything. */
void asked_drop(struct asked *a, unsigned long number);
void asked_told(struct asked *a, const struct feed_ups *u, unsigned long number,
    unsigned long status);
void asked_gone(struct asked *a, const void *who);

#endif
