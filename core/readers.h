/* SPDX-License-Identifier: ISC */
#ifndef CORE_READERS_H
#define CORE_READERS_H

struct feed_ups;
struct hub;

/*
 * The feed's account of who reads without a login and may be a machine that hangs on the
 * UPS: a NAS that is recognised, and any address that holdup.conf gives to a machine.
 * What follows of it policy knows better; this is for those who show it.
 */

#define READERS_GONE_MS 90000 /* silence after which nobody reads */
#define READERS_LOOK_MS 10000

/* Somebody reads, as hub_seen() hears / has logged in, and is counted there. */
void readers_seen(
    struct hub *h, struct feed_ups *u, const char *kind, const char *address);
void readers_login(struct hub *h, struct feed_ups *u, const char *address);

/* Tells the feed of those who have fallen silent; every READERS_LOOK_MS. */
void readers_look(struct hub *h);

#endif
