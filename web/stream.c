/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "lib/xmem.h"
#include "web/stream.h"

#define EVENT_SLOT SIZE_MAX

static const char beat[] = ": holdup\n\n";

/* One rendering, for as long as it is in its slot or somebody reads it. */
struct chunk {
	TAILQ_ENTRY(chunk) next;
	struct streams *of;
	uint64_t mark; /* its place in the order of changes */
	size_t slot;
	unsigned readers;
	bool current;
	size_t len;
	char text[];
};

TAILQ_HEAD(chunks, chunk);

struct stream {
	TAILQ_ENTRY(stream) next;
	struct streams *of;
	void *who;
	struct chunk *now; /* what it is reading, from `at` on; NULL: nothing */
	size_t at;
	uint64_t seen;  /* everything up to this mark */
	size_t beat_at; /* bytes of the comment that are sent */
	bool beating;
};

struct streams {
	TAILQ_HEAD(, stream) readers;
	size_t count, max;
	struct chunk *whole;
	struct chunks log;   /* current ones, by mark */
	struct chunks stale; /* read by somebody only, oldest first */
	size_t stale_bytes, events;
	uint64_t mark;   /* the last one given */
	uint64_t newest; /* of what is in the log */
};

static struct chunk *
chunk_new(struct streams *s, size_t slot, const struct buf *text)
{
	struct chunk *c = xmalloc(sizeof(*c) + text->len);

	*c = (struct chunk){.of = s, .mark = ++s->mark, .slot = slot, .len = text->len};
	c->current = true;
	memcpy(c->text, buf_head(text), text->len);
	return c;
}

/* It is the newest of its kind no longer. */
static void
chunk_retire(struct chunk *c)
{
	c->current = false;
	if (c->readers == 0) {
		free(c);
		return;
	}
	TAILQ_INSERT_TAIL(&c->of->stale, c, next);
	c->of->stale_bytes += c->len;
}

static void
chunk_leave(struct chunk *c)
{
	if (--c->readers > 0 || c->current)
		return;
	TAILQ_REMOVE(&c->of->stale, c, next);
	c->of->stale_bytes -= c->len;
	free(c);
}

static void
stream_finish(struct stream *r)
{
	if (r->now != NULL)
		chunk_leave(r->now);
	r->now = NULL;
	r->at = 0;
}

static void
log_add(struct streams *s, struct chunk *c)
{
	TAILQ_INSERT_TAIL(&s->log, c, next);
	s->newest = c->mark;
}

/* Takes a current one out of the log. */
static void
log_drop(struct streams *s, struct chunk *c)
{
	TAILQ_REMOVE(&s->log, c, next);
	s->events -= c->slot == EVENT_SLOT;
	chunk_retire(c);
}

static void
log_clear(struct streams *s)
{
	struct chunk *c = TAILQ_FIRST(&s->log), *next;

	for (; c != NULL; c = next) {
		next = TAILQ_NEXT(c, next);
		log_drop(s, c);
	}
}

/* Whoever reads what nobody else wants keeps it from being released: not without bound. */
static void
bound_stale(struct streams *s)
{
	struct chunk *oldest;
	struct stream *r;

	while (s->stale_bytes > STREAM_STALE_MAX) {
		oldest = TAILQ_FIRST(&s->stale);
		TAILQ_FOREACH (r, &s->readers, next)
			if (r->now == oldest)
				break;
		/* Its end comes with stream_take(); who is marked reads nothing more. */
		r->seen = UINT64_MAX;
		stream_finish(r);
	}
}

void
streams_whole(struct streams *s, const struct buf *text, bool anew)
{
	struct chunk *old = s->whole;

	if (anew)
		log_clear(s);
	s->whole = chunk_new(s, 0, text);
	if (old != NULL)
		chunk_retire(old);
	if (anew) {
		struct chunk *again = chunk_new(s, EVENT_SLOT - 1, text);

		log_add(s, again);
		s->whole->mark = again->mark;
	}
	bound_stale(s);
}

void
streams_put(struct streams *s, size_t slot, const struct buf *text)
{
	struct chunk *c;

	TAILQ_FOREACH (c, &s->log, next)
		if (c->slot == slot)
			break;
	if (c != NULL)
		log_drop(s, c);
	log_add(s, chunk_new(s, slot, text));
	bound_stale(s);
}

void
streams_event(struct streams *s, const struct buf *text)
{
	struct chunk *c;

	log_add(s, chunk_new(s, EVENT_SLOT, text));
	if (++s->events <= STREAM_EVENTS)
		return;
	TAILQ_FOREACH (c, &s->log, next)
		if (c->slot == EVENT_SLOT)
			break;
	log_drop(s, c);
	bound_stale(s);
}

void
streams_beat(struct streams *s)
{
	struct stream *r;

	TAILQ_FOREACH (r, &s->readers, next)
		r->beating = true;
}

struct stream *
stream_open(struct streams *s)
{
	struct stream *r;

	if (s->count == s->max || s->whole == NULL)
		return NULL;
	r = xcalloc(1, sizeof(*r));
	r->of = s;
	r->now = s->whole;
	r->now->readers++;
	r->seen = s->whole->mark;
	TAILQ_INSERT_TAIL(&s->readers, r, next);
	s->count++;
	return r;
}

void
stream_close(struct stream *r)
{
	stream_finish(r);
	TAILQ_REMOVE(&r->of->readers, r, next);
	r->of->count--;
	free(r);
}

/* The first that changed after `seen`. */
static struct chunk *
chunk_after(const struct streams *s, uint64_t seen)
{
	struct chunk *c = NULL;

	if (s->newest > seen)
		TAILQ_FOREACH (c, &s->log, next)
			if (c->mark > seen)
				break;
	return c;
}

/* A comment stands between two events, never inside one. */
static long
take_beat(struct stream *r, char *to, size_t max)
{
	size_t len = sizeof(beat) - 1 - r->beat_at;

	len = len < max ? len : max;
	memcpy(to, beat + r->beat_at, len);
	r->beat_at += len;
	if (r->beat_at == sizeof(beat) - 1) {
		r->beating = false;
		r->beat_at = 0;
	}
	return (long)len;
}

long
stream_take(struct stream *r, char *to, size_t max)
{
	size_t taken = 0, len;

	if (r->seen == UINT64_MAX)
		return -1;
	if (r->beat_at > 0)
		return take_beat(r, to, max);
	while (taken < max) {
		if (r->now == NULL && (r->now = chunk_after(r->of, r->seen)) == NULL)
			break;
		if (r->at == 0 && r->now->mark > r->seen) {
			r->now->readers++;
			r->seen = r->now->mark;
		}
		len =
		    r->now->len - r->at < max - taken ? r->now->len - r->at : max - taken;
		memcpy(to + taken, r->now->text + r->at, len);
		taken += len;
		r->at += len;
		if (r->at == r->now->len)
			stream_finish(r);
	}
	if (taken > 0)
		r->beating = false;
	return taken > 0 || !r->beating ? (long)taken : take_beat(r, to, max);
}

bool
stream_has(const struct stream *r)
{
	return r->now != NULL || r->beating || r->seen == UINT64_MAX ||
	       r->of->newest > r->seen;
}

void
streams_ready(struct streams *s, void (*each)(void *who))
{
	struct stream *r;

	TAILQ_FOREACH (r, &s->readers, next)
		if (r->who != NULL && stream_has(r))
			each(r->who);
}

void
stream_set_who(struct stream *r, void *who)
{
	r->who = who;
}

size_t
streams_count(const struct streams *s)
{
	return s->count;
}

struct streams *
streams_new(size_t readers_max)
{
	struct streams *s = xcalloc(1, sizeof(*s));

	s->max = readers_max;
	TAILQ_INIT(&s->readers);
	TAILQ_INIT(&s->log);
	TAILQ_INIT(&s->stale);
	return s;
}

void
streams_free(struct streams *s)
{
	struct stream *r = TAILQ_FIRST(&s->readers), *next;

	for (; r != NULL; r = next) {
		next = TAILQ_NEXT(r, next);
		stream_close(r);
	}
	log_clear(s);
	if (s->whole != NULL)
		chunk_retire(s->whole);
	free(s);
}
