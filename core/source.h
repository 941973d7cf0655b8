/* SPDX-License-Identifier: ISC */
#ifndef CORE_SOURCE_H
#define CORE_SOURCE_H

#include <stddef.h>

#include "lib/feed.h"
#include "lib/state.h"

struct event_base;

/*
 * Interface 1, the server's end (docs/architecture.md, 3.1): the connection to the driver
 * of one UPS, at STATEPATH/DRIVER-UPS; ours or any of NUT's. It connects by itself,
 * again and again; it keeps the state it was given up to date, and tells each change
 * once. Values stay as they were while the driver is away; when it returns, its dump is
 * compared with them as a whole, so that nothing flaps that did not change.
 */
struct source;

#define SOURCE_PING_MS 5000
#define SOURCE_SILENCE_MS 10000 /* without PONG: a driver of ours hangs */

struct source_ops {
	/* `state` has changed; this line of the protocol (no LF) says how. */
	void (*changed)(void *arg, const char *line, size_t len);
	/* A dump is about to be compared with `state`: it may be completed. Or NULL. */
	void (*dumped)(void *arg, struct state *dump);
	/* The driver's data became fresh or stale, or the driver was lost. */
	void (*moved)(void *arg, enum feed_source source);
	/* A dump has ended: `state` and the source are what the driver says now. */
	void (*read)(void *arg);
	/* What came of a command or setting that was handed on under this number, as of
	 * lib/dserver.h. NULL: nobody asks. */
	void (*tracked)(void *arg, unsigned long number, unsigned long status);
	/* The driver is there but does not answer; it was closed. */
	void (*silent)(void *arg);
};

/* Begins as FEED_LOST and connects from the loop, to the driver's socket in our STATEPATH
 * or, when nobody is there, in `folder` (NULL: there is no other), which stays the
 * caller's, as `state` does. It is lost after `silence_ms` without PONG. */
struct source *source_new(struct event_base *base, const char *ups, const char *driver,
    const char *folder, long silence_ms, struct state *state,
    const struct source_ops *ops, void *arg);
void source_free(struct source *s);

/* Asks the driver for everything anew; read() follows, or the source is lost. Nothing
 * when it is lost already: connecting reads everything too. */
void source_refresh(struct source *s);

/* Hands the driver a command (value may be NULL) or a setting; nothing when it is lost.
 * With a number other than 0 tracked() follows, unless the driver is lost before. */
void source_instcmd(
    struct source *s, const char *cmd, const char *value, unsigned long number);
void source_set(
    struct source *s, const char *var, const char *value, unsigned long number);

#endif
