/* SPDX-License-Identifier: ISC */
#ifndef OUT_HERALD_H
#define OUT_HERALD_H

#include "out/outbox.h"

/*
 * What the feed says becomes events with their facts, and energy; and with that what a
 * restart has to know of it is in the outbox. Pure.
 */
struct herald;

/* How soon a change of the outbox is to be on the disk. */
enum herald_haste {
	HERALD_NOW,
	HERALD_LATER, /* it is no event */
	HERALD_ANEW,  /* all of it, for what is there has changed */
};

/* `box` stays the caller's; `changed` is called when it has changed. */
struct herald *herald_new(
    struct outbox *box, void (*changed)(void *arg, enum herald_haste haste), void *arg);
void herald_free(struct herald *h);

/* The outbox is there: goes on where it was. */
void herald_begin(struct herald *h);

/* The outbox of before is there only now (outbox_adopt()). */
void herald_adopt(struct herald *h, const struct outbox *old, uint64_t boot_ms);

/* A whole model has changed / core is gone / a moment of herald_due() (CLOCK_BOOTTIME ms)
 * has come. */
void herald_feed(struct herald *h, const struct feed *f, const struct feed_change *c,
    struct watch_now now);
void herald_gone(struct herald *h, const struct feed *f, struct watch_now now);
void herald_time(struct herald *h, const struct feed *f, struct watch_now now);
uint64_t herald_due(const struct herald *h);

/* An event of the house. */
void herald_say(struct herald *h, enum kind kind, const char *text, struct watch_now now);

/* Counts the energy up to now: every 10 s or so / and puts it into the outbox. */
void herald_count(struct herald *h, uint64_t boot_ms);
void herald_keep(struct herald *h, uint64_t boot_ms);

/* All of the outbox is on the disk: tells the energies that are new by that, and may be told
 * for they will never be less / tells all that were told. */
void herald_written(
    struct herald *h, void (*tell)(void *arg, const char *ups, uint64_t wh), void *arg);
void herald_energies(const struct herald *h,
    void (*tell)(void *arg, const char *ups, uint64_t wh), void *arg);

#endif
