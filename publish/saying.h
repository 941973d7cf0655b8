/* SPDX-License-Identifier: ISC */
#ifndef PUBLISH_SAYING_H
#define PUBLISH_SAYING_H

#include "lib/buf.h"
#include "lib/feed.h"
#include "publish/notice.h"

/*
 * The sentences of messages to people. Times are those of the clock on the wall in the time
 * zone of this machine. Pure.
 */

#define SAYING_LATE_MS 60000 /* what is later says when it happened */

/* Who says it. */
struct saying_house {
	const char *site;
	const struct feed *feed; /* what is known now: descriptions of UPSes */
	int64_t now;             /* Unix ms */
};

/* What one note says in a few words ("Power failure: Server") / in a sentence or two. */
void saying_title(struct buf *out, const struct note *note, const struct saying_house *h);
void saying_text(struct buf *out, const struct note *note, const struct saying_house *h);

/* … with the time before it and whose it is, as one line of a message of many. */
void saying_line(struct buf *out, const struct note *note, const struct saying_house *h);

/* What a note is about: the event whose facts are of interest (NULL: a summary has none) /
 * when that was. */
const struct tale *saying_about(const struct note *note);
int64_t saying_at(const struct note *note);

/* "It happened at 12:03:04, 25 min before this message." */
void saying_late(struct buf *out, int64_t at, int64_t now);

/* "12:03:04" where that is today, "Mon 23 Nov, 12:03:04" else. */
void saying_time(struct buf *out, int64_t at, int64_t now);

/* What people call the UPS: its description, or its name. */
const char *saying_ups(const struct saying_house *h, const char *ups);

#endif
