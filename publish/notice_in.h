/* SPDX-License-Identifier: ISC */
#ifndef PUBLISH_NOTICE_IN_H
#define PUBLISH_NOTICE_IN_H

#include "publish/news.h"
#include "publish/notice.h"

/* What the parts of notice share: notice.c (events in, messages out, what is done),
 * notice_fold.c (repeats and flaps), notice_outage.c (the summary). */

/* What is known of a failure of the mains of one UPS. */
enum fold_away {
	FOLD_MAINS,
	FOLD_WAITS,   /* it has not lasted long enough to be told (`wait`) */
	FOLD_COUNTED, /* a repeat: it is told with the others, unless it lasts */
	FOLD_TOLD,
};

/* The time in which repeats of one group and UPS are folded. */
struct fold {
	enum news_group group;
	char ups[64];
	int64_t until;      /* INT64_MAX: it is over, and the failure lasts */
	uint64_t opener;    /* id of what opened it; 0: it follows upon another */
	uint64_t told;      /* bits of kinds that are told no second time */
	struct tale **more; /* repeats */
	size_t nmore;
	bool repeats; /* there were some, told or not */
	enum fold_away away;
	struct tale *failure; /* that waits or is counted */
	int64_t failure_due;  /* it is told then if it lasts */
	bool lasted;          /* one repeat was told because it lasted */
};

struct notice {
	uint64_t events; /* bits of enum kind */
	char *ups;
	int quiet_from, quiet_to;
	int64_t wait, fold_ms;
	bool summary;

	int64_t now;
	struct tale **tales; /* all that is not taken, in the order of ids */
	size_t ntales;
	uint64_t seen, taken; /* the last id that came / that is done with */
	struct note **queue;  /* what waits to be sent, oldest first */
	size_t nqueue;
	struct fold *folds;
	size_t nfolds;
	struct note_outage outage;
	struct tale **held; /* of machines, for the summary */
	size_t nheld;
	uint64_t summed; /* the last outage that was summed up */
	struct notice_range {
		uint64_t first, last;
	} * ranges; /* told before the start, of later ids than were taken */
	size_t nranges;
};

/* True for a kind that is to be told. */
bool notice_tells(const struct notice *n, enum kind kind);

/* A new note at the end of the queue, of the tales (copied pointers) / one more of it. */
struct note *notice_say(
    struct notice *n, enum note_form form, struct tale *const *tales, size_t ntales);

/* Appends to, or takes out of, a list of tales. */
void notice_list_add(struct tale ***list, size_t *len, struct tale *t);
bool notice_list_del(struct tale **list, size_t *len, const struct tale *t);

/* The earlier of two moments / moves one that is not before `since`. */
int64_t notice_earlier(int64_t a, int64_t b);
void notice_move(int64_t *at, int64_t since, int64_t step);

/* notice_fold.c: an event that is to be told, or of the mains / what is due by n->now / when
 * something is / true while this event is needed to understand what follows. */
void fold_event(struct notice *n, struct tale *t);
void fold_time(struct notice *n);
int64_t fold_due(const struct notice *n);
bool fold_needs(const struct notice *n, uint64_t id);
/* All repeats of machines are taken away: the list is the caller's / this one is given up /
 * times from `since` on move. */
struct tale **fold_machines(struct notice *n, size_t *len);
void fold_forget(struct notice *n, const struct tale *t);
void fold_clock(struct notice *n, int64_t since, int64_t step);
void fold_free(struct notice *n);

/* notice_outage.c: looks at each event; true: it is held for the summary, or in it. */
bool outage_event(struct notice *n, struct tale *t);
void outage_time(struct notice *n);
int64_t outage_due(const struct notice *n);
void outage_forget(struct note_outage *o, const struct tale *t);
void outage_clock(struct note_outage *o, int64_t since, int64_t step);
void outage_free(struct note_outage *o);

#endif
