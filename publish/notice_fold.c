/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/xmem.h"
#include "publish/notice_in.h"

#define BIT(kind) CONF_EVENTS_BIT(kind)

static struct fold *
find(const struct notice *n, enum news_group group, const char *ups)
{
	for (size_t i = 0; i < n->nfolds; i++)
		if (n->folds[i].group == group && strcasecmp(n->folds[i].ups, ups) == 0)
			return &n->folds[i];
	return NULL;
}

/* One that begins now, with this event. */
static struct fold *
open_fold(struct notice *n, const struct tale *t)
{
	struct fold *f;

	n->folds = xreallocarray(n->folds, n->nfolds + 1, sizeof(*n->folds));
	f = &n->folds[n->nfolds++];
	*f = (struct fold){.group = news_of(t->kind)->group,
	    .until = n->now + n->fold_ms,
	    .opener = t->id};
	snprintf(f->ups, sizeof(f->ups), "%s", t->ups);
	return f;
}

/* Nothing of it is known any more. */
static void
close_fold(struct notice *n, size_t i)
{
	free(n->folds[i].more);
	memmove(&n->folds[i], &n->folds[i + 1], (n->nfolds - i - 1) * sizeof(*n->folds));
	n->nfolds--;
}

/* Tells one event, if its kind is asked for. */
static void
tell(struct notice *n, struct fold *f, struct tale *t)
{
	f->told |= BIT(t->kind);
	if (notice_tells(n, t->kind))
		notice_say(n, NOTE_EVENT, &t, 1);
	else
		t->done = true;
}

/* A repeat, to be told with the others, unless it was told before a crash. */
static void
count(struct notice *n, struct fold *f, struct tale *t)
{
	f->repeats = f->repeats || notice_tells(n, t->kind);
	if (!t->done && notice_tells(n, t->kind))
		notice_list_add(&f->more, &f->nmore, t);
	else
		t->done = true;
}

/* The mains of a UPS is away. */
static void
failed(struct notice *n, struct fold *f, struct tale *t)
{
	if (f->away != FOLD_MAINS) {
		t->done = true; /* it is the same one */
		return;
	}
	if (f->told & BIT(KIND_ONBATT)) {
		count(n, f, t);
		f->away = FOLD_COUNTED;
		f->failure_due =
		    n->now + (n->wait > NOTICE_FLAP_MS ? n->wait : NOTICE_FLAP_MS);
	} else {
		f->told |= BIT(KIND_ONBATT);
		f->away = n->wait > 0 ? FOLD_WAITS : FOLD_TOLD;
		f->failure_due = n->now + n->wait;
		if (n->wait == 0)
			tell(n, f, t);
	}
	f->failure = f->away == FOLD_TOLD ? NULL : t;
}

/* The mains is there again: what was not told of the failure is told with it. */
static void
returned(struct notice *n, struct fold *f, struct tale *t)
{
	struct tale *both[2] = {f->failure, t};

	switch (f->away) {
	case FOLD_WAITS:
		f->told |= BIT(KIND_ONLINE);
		if (notice_tells(n, KIND_ONBATT) || notice_tells(n, KIND_ONLINE))
			notice_say(n, NOTE_SHORT, both, 2);
		else
			both[0]->done = both[1]->done = true;
		break;
	case FOLD_COUNTED:
		count(n, f, t);
		break;
	case FOLD_MAINS:
		if (f->told & BIT(KIND_ONLINE))
			count(n, f, t);
		else
			tell(n, f, t);
		break;
	case FOLD_TOLD:
		tell(n, f, t);
		break;
	}
	f->away = FOLD_MAINS;
	f->failure = NULL;
}

/* It is on battery, or on mains again, for a test: what was taken for a failure was none. */
static void
tested(struct notice *n, struct fold *f, struct tale *t)
{
	if (f->away == FOLD_TOLD) {
		tell(n, f, t);
	} else {
		t->done = true;
		if (f->failure != NULL) {
			notice_list_del(f->more, &f->nmore, f->failure);
			f->failure->done = true;
		}
	}
	f->away = FOLD_MAINS;
	f->failure = NULL;
}

static void
power_event(struct notice *n, struct tale *t)
{
	struct fold *f = find(n, NEWS_POWER, t->ups);

	if (f == NULL && tale_is_test(t)) {
		t->done = true;
		return;
	}
	if (f == NULL)
		f = open_fold(n, t);
	if (tale_is_test(t))
		tested(n, f, t);
	else if (t->kind == KIND_ONBATT)
		failed(n, f, t);
	else
		returned(n, f, t);
	fold_time(n);
}

void
fold_event(struct notice *n, struct tale *t)
{
	const enum news_group group = news_of(t->kind)->group;
	struct fold *f;

	if (group == NEWS_POWER) {
		power_event(n, t);
		return;
	}
	if ((f = find(n, group, t->ups)) == NULL)
		f = open_fold(n, t);
	if (f->told & BIT(t->kind))
		count(n, f, t);
	else
		tell(n, f, t);
	fold_time(n);
}

/* The failure has lasted long enough to be told by itself. */
static void
lasted(struct notice *n, struct fold *f)
{
	if (f->away == FOLD_COUNTED) {
		if (f->lasted) {
			f->failure_due = INT64_MAX;
			return;
		}
		f->lasted = true;
		notice_list_del(f->more, &f->nmore, f->failure);
	}
	tell(n, f, f->failure);
	f->away = FOLD_TOLD;
	f->failure = NULL;
}

/* The time of a fold is over: what was folded is told, and folding goes on with that, if
 * anything was. */
static void
ended(struct notice *n, struct fold *f)
{
	struct note *note;

	if (!f->repeats) {
		f->opener = 0;
		f->told = 0;
		f->lasted = false;
		f->until = INT64_MAX;
		return;
	}
	note = f->nmore == 0 ? NULL : notice_say(n, NOTE_MORE, f->more, f->nmore);
	if (f->away == FOLD_COUNTED) {
		if (note != NULL && f->failure != NULL) {
			note->still = f->failure->at;
			note->urgent = true;
		}
		f->away = FOLD_TOLD;
		f->failure = NULL;
	}
	f->nmore = 0;
	f->repeats = false;
	f->opener = 0;
	f->told = UINT64_MAX;
	f->lasted = false;
	f->until += n->fold_ms;
}

/* When something becomes of it. */
static int64_t
due(const struct fold *f)
{
	return f->failure != NULL ? notice_earlier(f->failure_due, f->until) : f->until;
}

void
fold_time(struct notice *n)
{
	for (size_t i = 0; i < n->nfolds;) {
		struct fold *f = &n->folds[i];

		if (f->failure != NULL && f->failure_due <= n->now)
			lasted(n, f);
		if (f->until <= n->now)
			ended(n, f);
		if (f->until == INT64_MAX && f->away == FOLD_MAINS)
			close_fold(n, i);
		else
			i++;
	}
}

int64_t
fold_due(const struct notice *n)
{
	int64_t next = INT64_MAX;

	for (size_t i = 0; i < n->nfolds; i++)
		next = notice_earlier(next, due(&n->folds[i]));
	return next;
}

bool
fold_needs(const struct notice *n, uint64_t id)
{
	for (size_t i = 0; i < n->nfolds; i++)
		if (n->folds[i].opener == id ||
		    (n->folds[i].failure != NULL && n->folds[i].failure->id == id))
			return true;
	return false;
}

struct tale **
fold_machines(struct notice *n, size_t *len)
{
	struct fold *f = find(n, NEWS_MACHINE, "");
	struct tale **more = f == NULL ? NULL : f->more;

	*len = f == NULL ? 0 : f->nmore;
	if (f != NULL) {
		f->more = NULL;
		f->nmore = 0;
	}
	return more;
}

void
fold_forget(struct notice *n, const struct tale *t)
{
	for (size_t i = 0; i < n->nfolds; i++) {
		struct fold *f = &n->folds[i];

		notice_list_del(f->more, &f->nmore, t);
		if (f->failure == t) {
			f->failure = NULL;
			f->away = FOLD_TOLD;
		}
	}
}

void
fold_clock(struct notice *n, int64_t since, int64_t step)
{
	for (size_t i = 0; i < n->nfolds; i++) {
		if (n->folds[i].until != INT64_MAX)
			notice_move(&n->folds[i].until, since, step);
		if (n->folds[i].failure_due != INT64_MAX)
			notice_move(&n->folds[i].failure_due, since, step);
	}
}

void
fold_free(struct notice *n)
{
	while (n->nfolds > 0)
		close_fold(n, n->nfolds - 1);
	free(n->folds);
}
