/* SPDX-License-Identifier: ISC */
#ifndef OUT_OUTBOX_H
#define OUT_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "history/watch.h"
#include "lib/buf.h"
#include "out/event.h"

/*
 * What `out` may not forget (docs/publishing.md, 2): events that somebody has not taken
 * yet, how far everybody has, what publishers asked to be kept, the energy of each UPS, and
 * what watch knows of it, so that a restart repeats no event. Pure: a state, the text of its
 * file, and what is to be appended to that. out/boxfile.h is the disk.
 *
 * The file is lines in batches, each of which ends with its checksum: what was not written
 * whole does not count at all. So an event and the flags it is due to are there together,
 * or neither is.
 */

#define OUTBOX_EVENTS_MAX 2000                    /* the oldest give way */
#define OUTBOX_AGE_MS (INT64_C(7) * 24 * 3600000) /* so they do behind that */
#define OUTBOX_READERS_MAX 24
#define OUTBOX_KEPT_MAX 256 /* of one reader */
#define OUTBOX_UPSES_MAX 512

struct outbox;

/* `boot` names this run of the machine / an empty one with the same readers. */
struct outbox *outbox_new(const char *boot);
struct outbox *outbox_new_like(const struct outbox *b);
void outbox_free(struct outbox *b);

/* Somebody takes events of these kinds (CONF_EVENTS_BIT); names are of publishers. Before
 * outbox_load(). Returns his number: 0, 1, … */
size_t outbox_reader(struct outbox *b, const char *name, uint64_t kinds);

/* Reads the text of the file, once. Who is not in it takes what happens from now on; who is
 * in it and takes nothing any more is forgotten. Batches that are damaged are passed over,
 * and appended to `damaged`; what follows the last whole one is not damage but a death.
 * Returns how many there were. */
size_t outbox_load(struct outbox *b, const char *text, size_t len, struct buf *damaged);

/* What was read late, because the disk hung: events of `old` that somebody here has not
 * taken come as new ones (with new ids), energy is added, and what was kept is kept. */
void outbox_adopt(struct outbox *b, const struct outbox *old);

/* Appends the batch of all changes since the last call; false when there are none. / The
 * whole file, as it should be. Both count as written from then on. / True when there are too
 * many changes for a batch. */
bool outbox_commit(struct outbox *b, struct buf *out);
void outbox_snapshot(struct outbox *b, struct buf *out);
bool outbox_overflows(const struct outbox *b);

/* Keeps an event for those who take its kind, and sets e->id: more than all before, and
 * than this Unix time in ms. */
void outbox_add(struct outbox *b, struct event *e, int64_t now_ms);

/* Events up to this one may be handed on / the last one that there is. */
void outbox_safe(struct outbox *b, uint64_t id);
uint64_t outbox_last(const struct outbox *b);

/* The next event for a reader behind `id`, as a line with LF that is good until the next
 * change, and *id becomes its own; NULL without. outbox_taken(): the last that he took. */
const char *outbox_next(const struct outbox *b, size_t reader, uint64_t *id);
uint64_t outbox_taken(const struct outbox *b, size_t reader);

/* He has taken all up to this one. */
void outbox_take(struct outbox *b, size_t reader, uint64_t id);

/* How many events up to this one he has still to take / are kept for anybody. */
size_t outbox_under_way(const struct outbox *b, size_t reader, uint64_t id);
size_t outbox_count(const struct outbox *b);

/* Keeps a value for a reader, "" forgets it. False when nothing has changed, or he has
 * too many. / The values, by number; false beyond the last. */
bool outbox_keep(struct outbox *b, size_t reader, const char *key, const char *value);
bool outbox_kept(const struct outbox *b, size_t reader, size_t i, const char **key,
    const char **value);

/* Drops what is too old. Returns how many. */
size_t outbox_expire(struct outbox *b, int64_t now_ms);

/* The clock on the wall was set by so much: events of this boot that nobody has taken move
 * with it. The whole file is to be written then. */
void outbox_clock(struct outbox *b, int64_t step_ms);

/* What watch tells of a UPS, and the energy; UPSes beyond OUTBOX_UPSES_MAX are forgotten. /
 * When it heard the feed last. */
void outbox_flags(struct outbox *b, const char *ups, unsigned flags);
void outbox_outage(struct outbox *b, const char *ups, const struct watch_outage *o);
void outbox_heard(struct outbox *b, int64_t wall_ms);
void outbox_energy(struct outbox *b, const char *ups, double wh);

/* The UPSes that are known, by number; false beyond the last. `known` is for watch_know(),
 * `wh` the energy. */
bool outbox_ups(const struct outbox *b, size_t i, const char **ups,
    struct watch_known *known, double *wh);

#endif
