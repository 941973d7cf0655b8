/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "lib/xmem.h"
#include "mqtt/wanted.h"

#define BUCKETS_MIN 256
#define GRID_MS 100 /* pauses end together, so that few looks at them find all */

struct entry {
	TAILQ_ENTRY(entry) link; /* of the list `in` */
	struct list *in;         /* NULL: the broker has it */
	struct entry *next;      /* of its bucket */
	char *topic, *payload;
	size_t len;
	uint64_t hash; /* of the topic */
	enum wanted_haste haste;
	bool known;    /* what the broker keeps … */
	uint64_t kept; /* … which is a payload with this hash */
	uint64_t told_ms;
};

TAILQ_HEAD(list, entry);

struct wanted {
	struct entry **buckets;
	size_t nbuckets, count;
	struct list first, soon; /* to be told, in the order in which they changed */
	struct list held;        /* changed less than a pause after they were told */
	struct list calm;        /* the broker has them; in the order of telling */
	uint64_t held_ms;        /* when to look at `held`; UINT64_MAX: never */
	struct entry *gone;      /* a deletion that wanted_next() has returned */
};

/* FNV-1a. */
static uint64_t
hash_of(const char *text, size_t len)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3;
	return hash;
}

struct wanted *
wanted_new(void)
{
	struct wanted *w = xcalloc(1, sizeof(*w));

	w->nbuckets = BUCKETS_MIN;
	w->buckets = xcalloc(w->nbuckets, sizeof(struct entry *));
	TAILQ_INIT(&w->first);
	TAILQ_INIT(&w->soon);
	TAILQ_INIT(&w->held);
	TAILQ_INIT(&w->calm);
	w->held_ms = UINT64_MAX;
	return w;
}

static void
entry_free(struct entry *e)
{
	if (e == NULL)
		return;
	free(e->topic);
	free(e->payload);
	free(e);
}

void
wanted_free(struct wanted *w)
{
	struct entry *e, *next;

	if (w == NULL)
		return;
	for (size_t i = 0; i < w->nbuckets; i++)
		for (e = w->buckets[i]; e != NULL; e = next) {
			next = e->next;
			entry_free(e);
		}
	entry_free(w->gone);
	free(w->buckets);
	free(w);
}

/* Where the entry of a topic hangs, or would. */
static struct entry **
place(const struct wanted *w, const char *topic, uint64_t hash)
{
	struct entry **at = &w->buckets[hash & (w->nbuckets - 1)];

	while (*at != NULL && ((*at)->hash != hash || strcmp((*at)->topic, topic) != 0))
		at = &(*at)->next;
	return at;
}

/* Twice as many buckets, for there are as many entries. */
static void
grow(struct wanted *w)
{
	size_t n = w->nbuckets;
	struct entry **old = w->buckets, *e, *next;

	w->nbuckets = n * 2;
	w->buckets = xcalloc(w->nbuckets, sizeof(struct entry *));
	for (size_t i = 0; i < n; i++)
		for (e = old[i]; e != NULL; e = next) {
			struct entry **to = &w->buckets[e->hash & (w->nbuckets - 1)];

			next = e->next;
			e->next = *to;
			*to = e;
		}
	free(old);
}

static struct entry *
find_or_add(struct wanted *w, const char *topic)
{
	uint64_t hash = hash_of(topic, strlen(topic));
	struct entry **at = place(w, topic, hash), *e = *at;

	if (e != NULL)
		return e;
	if (w->count == w->nbuckets) {
		grow(w);
		at = place(w, topic, hash);
	}
	e = xcalloc(1, sizeof(*e));
	e->topic = xstrdup(topic);
	e->hash = hash;
	e->haste = WANTED_SOON;
	*at = e;
	w->count++;
	return e;
}

/* To the end of a list; NULL: of none. */
static void
move(struct entry *e, struct list *to)
{
	if (e->in != NULL)
		TAILQ_REMOVE(e->in, e, link);
	e->in = to;
	if (to != NULL)
		TAILQ_INSERT_TAIL(to, e, link);
}

/* When an entry may be told again. */
static uint64_t
due_ms(const struct entry *e)
{
	return (e->told_ms + WANTED_PAUSE_MS + GRID_MS - 1) / GRID_MS * GRID_MS;
}

/* Where an entry belongs by what is wanted and what the broker has. */
static void
sort_in(struct wanted *w, struct entry *e)
{
	bool same = e->known && e->kept == hash_of(e->payload, e->len);
	struct list *to = same                       ? &w->calm
			  : e->haste == WANTED_FIRST ? &w->first
			  : e->told_ms != 0          ? &w->held
						     : &w->soon;

	/* One that waits keeps its turn. */
	if (e->in == to || (e->in == &w->soon && to == &w->held))
		return;
	move(e, to);
	if (to == &w->held && due_ms(e) < w->held_ms)
		w->held_ms = due_ms(e);
}

static void
put(struct wanted *w, struct entry *e, const char *payload, enum wanted_haste haste)
{
	size_t len = strlen(payload);

	if (e->payload == NULL || e->len != len ||
	    memcmp(e->payload, payload, len) != 0) {
		free(e->payload);
		e->payload = xstrndup(payload, len);
		e->len = len;
	}
	e->haste = haste;
	sort_in(w, e);
}

void
wanted_set(
    struct wanted *w, const char *topic, const char *payload, enum wanted_haste haste)
{
	put(w, find_or_add(w, topic), payload, haste);
}

void
wanted_drop(struct wanted *w, const char *topic)
{
	wanted_set(w, topic, "", WANTED_SOON);
}

bool
wanted_has(const struct wanted *w, const char *topic)
{
	const struct entry *e = *place(w, topic, hash_of(topic, strlen(topic)));

	return e != NULL && e->len > 0;
}

bool
wanted_hurries(const struct wanted *w)
{
	return !TAILQ_EMPTY(&w->first);
}

void
wanted_retell(struct wanted *w, const char *topic)
{
	struct entry *e = *place(w, topic, hash_of(topic, strlen(topic)));

	if (e == NULL)
		return;
	e->known = false;
	sort_in(w, e);
}

void
wanted_again(struct wanted *w)
{
	struct list *lists[] = {&w->calm, &w->held};
	struct entry *e;

	for (size_t i = 0; i < w->nbuckets; i++)
		for (e = w->buckets[i]; e != NULL; e = e->next) {
			e->known = false;
			e->told_ms = 0;
		}
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		while ((e = TAILQ_FIRST(lists[i])) != NULL)
			move(e, e->haste == WANTED_FIRST ? &w->first : &w->soon);
	w->held_ms = UINT64_MAX;
}

/* Those whose pause is over may be told. */
static void
release(struct wanted *w, uint64_t now_ms)
{
	struct entry *e, *next;
	uint64_t earliest = UINT64_MAX;

	for (e = TAILQ_FIRST(&w->held); e != NULL; e = next) {
		next = TAILQ_NEXT(e, link);
		if (due_ms(e) <= now_ms)
			move(e, &w->soon);
		else if (due_ms(e) < earliest)
			earliest = due_ms(e);
	}
	w->held_ms = earliest;
}

/* Takes an entry that is told for the last time out of the table. */
static void
take_out(struct wanted *w, struct entry *e)
{
	*place(w, e->topic, e->hash) = e->next;
	w->count--;
	move(e, NULL);
	w->gone = e;
}

uint64_t
wanted_next(struct wanted *w, uint64_t now_ms, struct wanted_topic *t)
{
	struct entry *e;

	entry_free(w->gone);
	w->gone = NULL;
	if (w->held_ms <= now_ms)
		release(w, now_ms);
	e = TAILQ_FIRST(&w->first);
	if (e == NULL)
		e = TAILQ_FIRST(&w->soon);
	if (e == NULL)
		return w->held_ms == UINT64_MAX ? UINT64_MAX : w->held_ms - now_ms;

	*t = (struct wanted_topic){
	    .topic = e->topic, .payload = e->payload, .len = e->len};
	e->known = true;
	e->kept = hash_of(e->payload, e->len);
	e->told_ms = now_ms;
	if (e->len == 0)
		take_out(w, e);
	else
		move(e, &w->calm);
	return 0;
}

size_t
wanted_count(const struct wanted *w)
{
	return w->count;
}
