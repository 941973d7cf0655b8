/* SPDX-License-Identifier: ISC */
#ifndef PUBLISH_NOTICE_H
#define PUBLISH_NOTICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/conf_holdup.h"
#include "publish/tale.h"

/*
 * When people are told what, and what is folded into what (docs/notify.md, 3). Events go in,
 * notes come out: each event that is to be told is in exactly one. All that it knows follows
 * from the events that are not taken yet and from notice_kept(), so a crash loses none. Time
 * is Unix ms, and goes by the events' own while they are read again. Pure.
 */

#define NOTICE_LINES 20      /* notes that a message of many has a line for */
#define NOTICE_MANY 10       /* more that wait become one message */
#define NOTICE_TALES 2000    /* events that are kept; the oldest give way */
#define NOTICE_FLAP_MS 60000 /* a failure that lasts longer is no flap */
#define NOTICE_SUMMARY_MS (15 * 60 * 1000) /* machines are waited for so long */

/* A machine that went down in an outage. Times: 0: not that. */
struct note_machine {
	char name[TALE_NAME], stand[TALE_NAME];
	int64_t told, back;
};

/* How a UPS came through. */
struct note_ups {
	char ups[64];
	bool away;           /* it is on battery */
	struct tale *online; /* what ended it; NULL: nothing did yet */
};

struct note_outage {
	uint64_t first; /* id of its first event; 0: there is no outage */
	int64_t began, over;
	uint64_t mark; /* id of the event that ended it */
	struct note_ups *upses;
	size_t nupses;
	struct note_machine *machines;
	size_t nmachines;
};

enum note_form {
	NOTE_EVENT,   /* one event */
	NOTE_SHORT,   /* a failure that was over before it was told: onbatt, online */
	NOTE_MORE,    /* repeats; `still`: since then it is on battery */
	NOTE_SUMMARY, /* an outage is over */
};

struct note {
	enum note_form form;
	int64_t due; /* when it became one */
	bool urgent;
	struct tale **tales; /* oldest first */
	size_t ntales;
	struct note_outage outage;
	int64_t still;
};

struct notice;

struct notice *notice_new(const struct conf_notify *c);
void notice_free(struct notice *n);

/* A part of what notice_keep() wrote, before the first event. */
void notice_kept(struct notice *n, const char *text);

/* The next event. */
void notice_event(struct notice *n, const struct event *e, int64_t now);

/* What is to be sent now: one note, or all of those that are told in one message. */
struct notice_batch {
	const struct note *notes[NOTICE_LINES]; /* the last ones, oldest first */
	size_t nnotes;
	size_t before; /* so many that are not among them */
	uint64_t *ids; /* of all events that it tells, growing */
	size_t nids;
	uint64_t mark; /* of the last outage that it sums up, or 0 */
};

/* False: nothing. The notes are good until the next call of anything here; the rest is
 * released by notice_batch_free(). */
bool notice_next(struct notice *n, int64_t now, struct notice_batch *b);
void notice_batch_free(struct notice_batch *b);

/* The same again, of which it is not known whether it has arrived: what of it is still here.
 * False: nothing is. */
bool notice_again(struct notice *n, struct notice_batch *b);

/* It is delivered, or given up. */
void notice_done(struct notice *n, const struct notice_batch *b);

/* All events up to this one are done with: for link_take(). 0: none. */
uint64_t notice_taken(const struct notice *n);

/* What is to be kept beside that, in parts of 1,000 bytes at most: which of the later ones are
 * done (of more than 300 runs of them, some may be told again after a crash). */
#define NOTICE_PARTS 8
void notice_keep(const struct notice *n, struct buf parts[NOTICE_PARTS]);

/* When notice_next() is to be asked again at the latest; INT64_MAX: not before an event. */
int64_t notice_due(const struct notice *n, int64_t now);

/* The clock was set by so much: what is of this boot, from `since` on, moves with it. */
void notice_clock(struct notice *n, int64_t since, int64_t step);

#endif
