/* SPDX-License-Identifier: ISC */
#ifndef NET_TRACKING_H
#define NET_TRACKING_H

#include <stddef.h>
#include <stdint.h>

/*
 * What became of commands and settings, for clients that said SET TRACKING ON (NUT:
 * docs/net-protocol.txt, GET TRACKING): each gets an id, a random UUID (RFC 9562, version
 * 4), under which anybody may ask for a while. Pure: times and random bytes come in.
 */
struct tracking;

#define TRACKING_MAX 4096        /* ids kept; beyond that the oldest is forgotten */
#define TRACKING_KEEP_MS 3600000 /* where upsd.conf has no TRACKINGDELAY */

/* random: fills in so many bytes that nobody can guess. */
struct tracking *tracking_new(void (*random)(void *bytes, size_t len));
void tracking_free(struct tracking *t);

/* How long ids are kept, TRACKINGDELAY. */
void tracking_keep(struct tracking *t, uint64_t ms);

/* A request of `session` was sent to core under `number`. Then: core took it (returns the
 * id, for the client) / refused it. */
void tracking_asked(
    struct tracking *t, unsigned long session, unsigned long number, uint64_t now_ms);
const char *tracking_taken(struct tracking *t, unsigned long session);
void tracking_refused(struct tracking *t, unsigned long session);

/* What came of `number`: a status of lib/dserver.h / core is gone, and with it the results
 * of all that are pending. */
void tracking_done(struct tracking *t, unsigned long number, unsigned long status);
void tracking_lost(struct tracking *t);

/* The answer to GET TRACKING id: "PENDING", "SUCCESS", or an ERR with its word; an id
 * that is not known here is ERR UNKNOWN. */
const char *tracking_answer(struct tracking *t, const char *id, uint64_t now_ms);

#endif
