/* SPDX-License-Identifier: ISC */
#ifndef OUT_OUTBOX_IN_H
#define OUT_OUTBOX_IN_H

#include "out/outbox.h"

/* What the parts of the outbox share: outbox.c (the state), outbox_file.c (its lines). */

struct outbox_kept {
	char *key, *value;
};

struct outbox_reader {
	char *name;
	uint64_t kinds;
	uint64_t taken; /* the last event that he took */
	bool known;     /* the file has him */
	bool changed;   /* `taken` is not written yet */
	struct outbox_kept *kept;
	size_t nkept;
};

struct outbox_item {
	uint64_t id;
	int64_t at_ms;
	enum kind kind;
	bool here;    /* of this boot */
	bool written; /* it was part of a batch */
	char *line;   /* as of event_format() */
};

struct outbox_one {
	char *name;
	bool changed;
	unsigned flags;
	double wh;
	int64_t battery_ms;         /* when its last outage ended */
	bool open, here;            /* an outage is open; ... which began in this boot */
	struct watch_outage outage; /* where one is open */
};

struct outbox {
	char boot[40];
	uint64_t last, safe; /* ids */
	int64_t heard_ms;
	bool heard_changed, boot_written;
	struct outbox_item *items; /* by id */
	size_t nitems;
	struct outbox_reader readers[OUTBOX_READERS_MAX];
	size_t nreaders;
	struct outbox_one *upses;
	size_t nupses;
	struct buf lines; /* KEPT lines that are not written yet, */
	bool overflows;   /* ... and of which there were too many */
};

/* The UPS, made when missing; NULL when there are too many. */
struct outbox_one *outbox_one(struct outbox *b, const char *name);

/* Appends an item behind the last. `line` is owned from now on. */
void outbox_put(struct outbox *b, const struct event *e, bool here, char *line);

/* Drops what everybody has taken who takes it, and what is too much. */
void outbox_sweep(struct outbox *b);

#endif
