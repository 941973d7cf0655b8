/* SPDX-License-Identifier: ISC */
#include "publish/notice.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/xmem.h"
#include "publish/hours.h"
#include "publish/notice_in.h"

#define KEEP_MAX 1000 /* bytes of what is kept */

/* Kinds that no setting of this channel concerns are looked at all the same: an onbatt and an
 * online tell of each other. */
static bool
looks_at(const struct notice *n, enum kind kind)
{
	return notice_tells(n, kind) || kind == KIND_ONBATT || kind == KIND_ONLINE;
}

bool
notice_tells(const struct notice *n, enum kind kind)
{
	return n->events & CONF_EVENTS_BIT(kind);
}

int64_t
notice_earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

void
notice_move(int64_t *at, int64_t since, int64_t step)
{
	if (*at != 0 && *at >= since)
		*at += step;
}

void
notice_list_add(struct tale ***list, size_t *len, struct tale *t)
{
	*list = xreallocarray(*list, *len + 1, sizeof(struct tale *));
	(*list)[(*len)++] = t;
}

bool
notice_list_del(struct tale **list, size_t *len, const struct tale *t)
{
	size_t i = 0;

	while (i < *len && list[i] != t)
		i++;
	if (i == *len)
		return false;
	memmove(&list[i], &list[i + 1], (*len - i - 1) * sizeof(struct tale *));
	(*len)--;
	return true;
}

struct notice *
notice_new(const struct conf_notify *c)
{
	struct notice *n = xcalloc(1, sizeof(*n));

	*n = (struct notice){
	    .events = c->events,
	    .ups = c->ups,
	    .quiet_from = c->quiet_from,
	    .quiet_to = c->quiet_to,
	    .wait = c->wait * INT64_C(1000),
	    .fold_ms = c->fold * INT64_C(1000),
	    .summary = c->summary,
	};
	return n;
}

static void
note_free(struct note *note)
{
	free(note->tales);
	outage_free(&note->outage);
	free(note);
}

void
notice_free(struct notice *n)
{
	fold_free(n);
	outage_free(&n->outage);
	for (size_t i = 0; i < n->nqueue; i++)
		note_free(n->queue[i]);
	for (size_t i = 0; i < n->ntales; i++)
		tale_free(n->tales[i]);
	free(n->held);
	free(n->queue);
	free(n->tales);
	free(n->ranges);
	free(n);
}

struct note *
notice_say(
    struct notice *n, enum note_form form, struct tale *const *tales, size_t ntales)
{
	struct note *note = xcalloc(1, sizeof(*note));

	note->form = form;
	note->due = n->now;
	for (size_t i = 0; i < ntales; i++)
		if (!tales[i]->done)
			notice_list_add(&note->tales, &note->ntales, tales[i]);
	if (note->ntales == 0 && form != NOTE_SUMMARY) {
		note_free(note);
		return NULL;
	}
	note->urgent = form == NOTE_EVENT && news_of(tales[0]->kind)->urgent;
	n->queue = xreallocarray(n->queue, n->nqueue + 1, sizeof(struct note *));
	return n->queue[n->nqueue++] = note;
}

/* When something becomes of what is known. */
static int64_t
next_due(const struct notice *n)
{
	return notice_earlier(fold_due(n), outage_due(n));
}

/* Time goes on to `now`, from one thing that is due to the next. */
static void
advance(struct notice *n, int64_t now)
{
	int64_t due;

	while ((due = next_due(n)) <= now) {
		if (due > n->now)
			n->now = due;
		fold_time(n);
		outage_time(n);
	}
	if (now > n->now)
		n->now = now;
}

/* True while this one, done or not, is needed to understand what follows. */
static bool
needed(const struct notice *n, uint64_t id)
{
	if (n->outage.first != 0 && id >= n->outage.first)
		return true;
	for (size_t i = 0; i < n->nqueue; i++)
		if (n->queue[i]->form == NOTE_SUMMARY && id >= n->queue[i]->outage.first)
			return true;
	return fold_needs(n, id);
}

/* Drops what is done with from the front. */
static void
trim(struct notice *n)
{
	size_t k = 0;

	while (k < n->ntales && n->tales[k]->done && !needed(n, n->tales[k]->id))
		k++;
	if (k == 0)
		return;
	n->taken = n->tales[k - 1]->id;
	for (size_t i = 0; i < k; i++)
		tale_free(n->tales[i]);
	n->ntales -= k;
	memmove(n->tales, &n->tales[k], n->ntales * sizeof(struct tale *));
}

/* The oldest one is given up: so many have come since. */
static void
give_way(struct notice *n)
{
	struct tale *t = n->tales[0];
	size_t left = 0;

	fold_forget(n, t);
	notice_list_del(n->held, &n->nheld, t);
	outage_forget(&n->outage, t);
	if (n->outage.first == t->id)
		n->outage.first = n->tales[1]->id;
	for (size_t i = 0; i < n->nqueue; i++) {
		struct note *note = n->queue[i];

		notice_list_del(note->tales, &note->ntales, t);
		outage_forget(&note->outage, t);
		if (note->ntales == 0 && note->form != NOTE_SUMMARY)
			note_free(note);
		else
			n->queue[left++] = note;
	}
	n->nqueue = left;
	n->taken = t->id;
	tale_free(t);
	memmove(n->tales, &n->tales[1], --n->ntales * sizeof(struct tale *));
}

static bool
was_done(const struct notice *n, uint64_t id)
{
	for (size_t i = 0; i < n->nranges; i++)
		if (id >= n->ranges[i].first && id <= n->ranges[i].last)
			return true;
	return false;
}

/* True when this event is for this channel. */
static bool
concerns(const struct notice *n, const struct tale *t)
{
	return looks_at(n, t->kind) &&
	       (n->ups == NULL || *t->ups == '\0' || strcasecmp(n->ups, t->ups) == 0);
}

void
notice_event(struct notice *n, const struct event *e, int64_t now)
{
	struct tale *t;

	if (e->id <= n->seen)
		return;
	n->seen = e->id;
	if (n->ntales == NOTICE_TALES)
		give_way(n);
	t = tale_new(e);
	t->done = was_done(n, t->id);
	notice_list_add(&n->tales, &n->ntales, t);
	advance(n, notice_earlier(t->at, now));
	if (!concerns(n, t))
		t->done = true;
	else if (!n->summary || !outage_event(n, t))
		fold_event(n, t);
	trim(n);
}

/* Puts a note that may go now among those that are told. */
static void
choose(struct notice_batch *b, const struct note *note)
{
	if (b->nnotes == NOTICE_LINES) {
		memmove(b->notes, &b->notes[1], (NOTICE_LINES - 1) * sizeof(b->notes[0]));
		b->nnotes--;
		b->before++;
	}
	b->notes[b->nnotes++] = note;
	for (size_t i = 0; i < note->ntales; i++) {
		b->ids = xreallocarray(b->ids, b->nids + 1, sizeof(*b->ids));
		b->ids[b->nids++] = note->tales[i]->id;
	}
	if (note->outage.mark > b->mark)
		b->mark = note->outage.mark;
}

/* How many of the queue, from its front, are told in one message now. */
static size_t
together(const struct notice *n, int64_t now)
{
	const int64_t quiet = hours_ended(n->quiet_from, n->quiet_to, now);
	size_t waited = 0;

	if (n->nqueue > NOTICE_MANY)
		return n->nqueue;
	while (waited < n->nqueue && n->queue[waited]->due < quiet)
		waited++;
	return waited > 1 ? waited : 1;
}

static int
by_id(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

bool
notice_next(struct notice *n, int64_t now, struct notice_batch *b)
{
	const bool quiet = hours_quiet(n->quiet_from, n->quiet_to, now);

	*b = (struct notice_batch){0};
	advance(n, now);
	trim(n);
	for (size_t i = 0; quiet && i < n->nqueue && b->nnotes == 0; i++)
		if (n->queue[i]->urgent)
			choose(b, n->queue[i]);
	if (!quiet && n->nqueue > 0)
		for (size_t i = 0, count = together(n, now); i < count; i++)
			choose(b, n->queue[i]);
	if (b->nids > 1)
		qsort(b->ids, b->nids, sizeof(*b->ids), by_id);
	return b->nnotes > 0;
}

/* True when a note was among those that were sent. */
static bool
was_in(const struct notice_batch *b, const struct note *note)
{
	if (note->ntales == 0)
		return note->outage.mark != 0 && note->outage.mark <= b->mark;
	return b->nids > 0 && bsearch(&note->tales[0]->id, b->ids, b->nids,
				  sizeof(*b->ids), by_id) != NULL;
}

bool
notice_again(struct notice *n, struct notice_batch *b)
{
	struct notice_batch before = *b;

	*b = (struct notice_batch){0};
	for (size_t i = 0; i < n->nqueue; i++)
		if (was_in(&before, n->queue[i]))
			choose(b, n->queue[i]);
	if (b->nids > 1)
		qsort(b->ids, b->nids, sizeof(*b->ids), by_id);
	notice_batch_free(&before);
	return b->nnotes > 0;
}

void
notice_batch_free(struct notice_batch *b)
{
	free(b->ids);
	*b = (struct notice_batch){0};
}

/* True when nothing is left to be told of it. */
static bool
told(const struct notice *n, const struct note *note)
{
	for (size_t i = 0; i < note->ntales; i++)
		if (!note->tales[i]->done)
			return false;
	return note->form != NOTE_SUMMARY || note->outage.mark <= n->summed;
}

void
notice_done(struct notice *n, const struct notice_batch *b)
{
	size_t left = 0;

	for (size_t i = 0, k = 0; i < n->ntales && k < b->nids; i++) {
		while (k < b->nids && b->ids[k] < n->tales[i]->id)
			k++;
		if (k < b->nids && b->ids[k] == n->tales[i]->id)
			n->tales[i]->done = true;
	}
	if (b->mark > n->summed)
		n->summed = b->mark;
	for (size_t i = 0; i < n->nqueue; i++)
		if (told(n, n->queue[i]))
			note_free(n->queue[i]);
		else
			n->queue[left++] = n->queue[i];
	n->nqueue = left;
	trim(n);
}

uint64_t
notice_taken(const struct notice *n)
{
	return n->taken;
}

int64_t
notice_due(const struct notice *n, int64_t now)
{
	const bool quiet = hours_quiet(n->quiet_from, n->quiet_to, now);
	int64_t due = next_due(n);

	for (size_t i = 0; i < n->nqueue; i++)
		if (!quiet || n->queue[i]->urgent)
			return now;
	if (n->nqueue > 0)
		due = notice_earlier(due, hours_end(n->quiet_from, n->quiet_to, now));
	return due;
}

/* Words "first-last" in hexadecimal, and "=mark" of the last outage that was summed up. */
void
notice_keep(const struct notice *n, struct buf parts[NOTICE_PARTS])
{
	size_t part = 0;

	buf_printf(&parts[0], "=%" PRIx64, n->summed);
	for (size_t i = 0; i < n->ntales && part < NOTICE_PARTS; i++) {
		size_t last = i;

		if (!n->tales[i]->done)
			continue;
		while (last + 1 < n->ntales && n->tales[last + 1]->done)
			last++;
		buf_printf(&parts[part], " %" PRIx64 "-%" PRIx64, n->tales[i]->id,
		    n->tales[last]->id);
		if (parts[part].len > KEEP_MAX - 40)
			part++;
		i = last;
	}
}

void
notice_kept(struct notice *n, const char *text)
{
	struct notice_range r;
	char *end;

	if (*text == '=')
		n->summed = strtoull(text + 1, &end, 16);
	for (text = strchr(text, ' '); text != NULL; text = strchr(text, ' ')) {
		r.first = strtoull(++text, &end, 16);
		if (*end != '-')
			return;
		r.last = strtoull(end + 1, &end, 16);
		n->ranges = xreallocarray(n->ranges, n->nranges + 1, sizeof(*n->ranges));
		n->ranges[n->nranges++] = r;
	}
}

void
notice_clock(struct notice *n, int64_t since, int64_t step)
{
	notice_move(&n->now, since, step);
	for (size_t i = 0; i < n->ntales; i++)
		notice_move(&n->tales[i]->at, since, step);
	for (size_t i = 0; i < n->nqueue; i++) {
		notice_move(&n->queue[i]->due, since, step);
		notice_move(&n->queue[i]->still, since, step);
		outage_clock(&n->queue[i]->outage, since, step);
	}
	fold_clock(n, since, step);
	outage_clock(&n->outage, since, step);
}
