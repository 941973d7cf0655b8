/* SPDX-License-Identifier: ISC */
#ifndef OUT_BOXFILE_H
#define OUT_BOXFILE_H

#include "out/outbox.h"

struct event_base;

/*
 * The file of the outbox: a journal, which is written anew when it has grown, or when it
 * could not be written. A child does (out/writer.h), so that a disk that hangs holds up
 * nobody: what waits for it is handed on after a second, and stays in memory.
 */
struct boxfile;

#define BOXFILE_PATIENCE_MS 1000 /* an event waits so long for the disk */
#define BOXFILE_LOAD_MS 5000     /* and the beginning for what was kept */
#define BOXFILE_RETRY_S 15       /* a disk that is full, or fails, is tried so often */

struct boxfile_ops {
	/* The outbox holds what was kept; or nothing of it could be read in time. Called
	 * once. */
	void (*begun)(void *arg);
	/* ... but now it could: for outbox_adopt(). */
	void (*late)(void *arg, const struct outbox *old);
	/* Events may be handed on that had to wait (outbox_safe()). */
	void (*safe)(void *arg);
	/* All that the outbox holds is on the disk. */
	void (*written)(void *arg);
};

/* Reads, and then writes, `folder`/outbox. `box` stays the caller's. */
struct boxfile *boxfile_new(struct event_base *base, const char *folder,
    struct outbox *box, const struct boxfile_ops *ops, void *arg);

/* Writes what is left, waits a second for the disk, and ends. */
void boxfile_free(struct boxfile *f);

/* The outbox has changed: what is new is written at once / so too, but what follows within a
 * second at its end / within half a minute / and all of it anew. */
void boxfile_now(struct boxfile *f);
void boxfile_soon(struct boxfile *f);
void boxfile_lazy(struct boxfile *f);
void boxfile_anew(struct boxfile *f);

#endif
