/* SPDX-License-Identifier: ISC */
#include "out/outbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/conf_holdup.h"
#include "lib/xmem.h"
#include "out/outbox_in.h"
#include "out/wire.h"

#define LINES_MAX (128 * 1024) /* bytes: of what is kept, while the disk hangs */

struct outbox *
outbox_new(const char *boot)
{
	struct outbox *b = xcalloc(1, sizeof(*b));

	snprintf(b->boot, sizeof(b->boot), "%s", *boot == '\0' ? "-" : boot);
	return b;
}

struct outbox *
outbox_new_like(const struct outbox *b)
{
	struct outbox *like = outbox_new(b->boot);

	for (size_t i = 0; i < b->nreaders; i++)
		outbox_reader(like, b->readers[i].name, b->readers[i].kinds);
	return like;
}

void
outbox_free(struct outbox *b)
{
	for (size_t i = 0; i < b->nitems; i++)
		free(b->items[i].line);
	free(b->items);
	for (size_t i = 0; i < b->nreaders; i++) {
		for (size_t k = 0; k < b->readers[i].nkept; k++) {
			free(b->readers[i].kept[k].key);
			free(b->readers[i].kept[k].value);
		}
		free(b->readers[i].kept);
		free(b->readers[i].name);
	}
	for (size_t i = 0; i < b->nupses; i++)
		free(b->upses[i].name);
	free(b->upses);
	buf_free(&b->lines);
	free(b);
}

size_t
outbox_reader(struct outbox *b, const char *name, uint64_t kinds)
{
	b->readers[b->nreaders] = (struct outbox_reader){
	    .name = xstrdup(name), .kinds = kinds, .changed = true};
	return b->nreaders++;
}

static bool
takes(const struct outbox_reader *r, enum kind kind)
{
	return (r->kinds & CONF_EVENTS_BIT(kind)) != 0;
}

/* True when somebody has still to take it. */
static bool
wanted(const struct outbox *b, const struct outbox_item *item)
{
	for (size_t i = 0; i < b->nreaders; i++)
		if (takes(&b->readers[i], item->kind) && b->readers[i].taken < item->id)
			return true;
	return false;
}

void
outbox_sweep(struct outbox *b)
{
	size_t n = 0, first = 0;

	for (size_t i = 0; i < b->nitems; i++)
		if (wanted(b, &b->items[i]))
			b->items[n++] = b->items[i];
		else
			free(b->items[i].line);
	if (n > OUTBOX_EVENTS_MAX)
		first = n - OUTBOX_EVENTS_MAX;
	for (size_t i = 0; i < first; i++)
		free(b->items[i].line);
	b->nitems = n - first;
	if (first > 0)
		memmove(b->items, b->items + first, b->nitems * sizeof(*b->items));
}

void
outbox_put(struct outbox *b, const struct event *e, bool here, char *line)
{
	b->items = xreallocarray(b->items, b->nitems + 1, sizeof(*b->items));
	b->items[b->nitems++] = (struct outbox_item){
	    .id = e->id, .at_ms = e->at_ms, .kind = e->kind, .here = here, .line = line};
	b->last = e->id;
}

void
outbox_add(struct outbox *b, struct event *e, int64_t now_ms)
{
	struct buf line = {0};

	e->id = b->last + 1;
	if (now_ms > 0 && (uint64_t)now_ms > e->id)
		e->id = (uint64_t)now_ms;
	event_format(&line, e);
	outbox_put(b, e, true, xstrndup(buf_head(&line), line.len));
	buf_free(&line);
	outbox_sweep(b);
}

void
outbox_safe(struct outbox *b, uint64_t id)
{
	if (id > b->safe)
		b->safe = id;
}

uint64_t
outbox_last(const struct outbox *b)
{
	return b->last;
}

/* The place of the first event behind this one. */
static size_t
behind(const struct outbox *b, uint64_t id)
{
	size_t low = 0, high = b->nitems;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (b->items[middle].id > id)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

const char *
outbox_next(const struct outbox *b, size_t reader, uint64_t *id)
{
	for (size_t i = behind(b, *id); i < b->nitems && b->items[i].id <= b->safe; i++)
		if (takes(&b->readers[reader], b->items[i].kind)) {
			*id = b->items[i].id;
			return b->items[i].line;
		}
	return NULL;
}

uint64_t
outbox_taken(const struct outbox *b, size_t reader)
{
	return b->readers[reader].taken;
}

void
outbox_take(struct outbox *b, size_t reader, uint64_t id)
{
	struct outbox_reader *r = &b->readers[reader];

	if (id > b->last)
		id = b->last;
	if (id <= r->taken)
		return;
	r->taken = id;
	r->changed = true;
	outbox_sweep(b);
}

size_t
outbox_under_way(const struct outbox *b, size_t reader, uint64_t id)
{
	size_t n = 0;

	for (size_t i = behind(b, b->readers[reader].taken);
	     i < b->nitems && b->items[i].id <= id; i++)
		n += takes(&b->readers[reader], b->items[i].kind);
	return n;
}

size_t
outbox_count(const struct outbox *b)
{
	return b->nitems;
}

static struct outbox_kept *
kept_find(const struct outbox_reader *r, const char *key)
{
	for (size_t i = 0; i < r->nkept; i++)
		if (strcmp(r->kept[i].key, key) == 0)
			return &r->kept[i];
	return NULL;
}

static void
kept_forget(struct outbox_reader *r, struct outbox_kept *k)
{
	free(k->key);
	free(k->value);
	*k = r->kept[--r->nkept];
}

bool
outbox_keep(struct outbox *b, size_t reader, const char *key, const char *value)
{
	struct outbox_reader *r = &b->readers[reader];
	struct outbox_kept *k = kept_find(r, key);

	if (k == NULL ? *value == '\0' : strcmp(k->value, value) == 0)
		return false;
	if (k == NULL && r->nkept == OUTBOX_KEPT_MAX)
		return false;
	if (*value == '\0') {
		kept_forget(r, k);
	} else if (k != NULL) {
		free(k->value);
		k->value = xstrdup(value);
	} else {
		r->kept = xreallocarray(r->kept, r->nkept + 1, sizeof(*r->kept));
		r->kept[r->nkept++] = (struct outbox_kept){xstrdup(key), xstrdup(value)};
	}
	if (b->lines.len > LINES_MAX)
		b->overflows = true;
	if (b->overflows) {
		buf_free(&b->lines);
		return true;
	}
	buf_puts(&b->lines, "KEPT");
	event_word(&b->lines, r->name);
	event_word(&b->lines, key);
	event_word(&b->lines, value);
	buf_puts(&b->lines, "\n");
	return true;
}

bool
outbox_overflows(const struct outbox *b)
{
	return b->overflows;
}

bool
outbox_kept(
    const struct outbox *b, size_t reader, size_t i, const char **key, const char **value)
{
	const struct outbox_reader *r = &b->readers[reader];

	if (i >= r->nkept)
		return false;
	*key = r->kept[i].key;
	*value = r->kept[i].value;
	return true;
}

size_t
outbox_expire(struct outbox *b, int64_t now_ms)
{
	size_t n = 0, was = b->nitems;

	for (size_t i = 0; i < b->nitems; i++)
		if (b->items[i].at_ms >= now_ms - OUTBOX_AGE_MS)
			b->items[n++] = b->items[i];
		else
			free(b->items[i].line);
	b->nitems = n;
	return was - n;
}

/* True when somebody has it already: its time is known to the world. */
static bool
told(const struct outbox *b, const struct outbox_item *item)
{
	for (size_t i = 0; i < b->nreaders; i++)
		if (takes(&b->readers[i], item->kind) && b->readers[i].taken >= item->id)
			return true;
	return false;
}

static void
move_event(struct outbox_item *item, int64_t step_ms)
{
	struct buf line = {0};
	struct event e;

	if (event_read(&e, item->line, strlen(item->line) - 1) < 0 ||
	    e.at_ms + step_ms < 0)
		return;
	e.at_ms += step_ms;
	event_format(&line, &e);
	free(item->line);
	item->at_ms = e.at_ms;
	item->line = xstrndup(buf_head(&line), line.len);
	buf_free(&line);
}

void
outbox_clock(struct outbox *b, int64_t step_ms)
{
	for (size_t i = 0; i < b->nitems; i++)
		if (b->items[i].here && !told(b, &b->items[i]))
			move_event(&b->items[i], step_ms);
}

struct outbox_one *
outbox_one(struct outbox *b, const char *name)
{
	for (size_t i = 0; i < b->nupses; i++)
		if (strcmp(b->upses[i].name, name) == 0)
			return &b->upses[i];
	if (b->nupses == OUTBOX_UPSES_MAX)
		return NULL;
	b->upses = xreallocarray(b->upses, b->nupses + 1, sizeof(*b->upses));
	b->upses[b->nupses] = (struct outbox_one){.name = xstrdup(name)};
	return &b->upses[b->nupses++];
}

void
outbox_flags(struct outbox *b, const char *ups, unsigned flags)
{
	struct outbox_one *u = outbox_one(b, ups);

	if (u == NULL || u->flags == flags)
		return;
	u->flags = flags;
	u->changed = true;
}

void
outbox_outage(struct outbox *b, const char *ups, const struct watch_outage *o)
{
	struct outbox_one *u = outbox_one(b, ups);

	if (u == NULL)
		return;
	u->outage = *o;
	u->here = true;
	if (o->ended != 0 && o->why == WATCH_OUTAGE)
		u->battery_ms = o->ended;
	u->open = o->ended == 0;
	u->changed = true;
}

void
outbox_heard(struct outbox *b, int64_t wall_ms)
{
	b->heard_ms = wall_ms;
	b->heard_changed = true;
}

void
outbox_energy(struct outbox *b, const char *ups, double wh)
{
	struct outbox_one *u = outbox_one(b, ups);

	if (u == NULL || u->wh == wh)
		return;
	u->wh = wh;
	u->changed = true;
}

bool
outbox_ups(const struct outbox *b, size_t i, const char **ups, struct watch_known *known,
    double *wh)
{
	const struct outbox_one *u;

	if (i >= b->nupses)
		return false;
	u = &b->upses[i];
	*ups = u->name;
	*wh = u->wh;
	*known = (struct watch_known){
	    .flags = u->flags,
	    .heard_ms = b->heard_ms,
	    .battery_ms = u->battery_ms,
	};
	if (u->open) {
		known->outage = u->outage;
		known->outage.id = 1; /* one is open: that is all that it says here */
		known->same_boot = u->here;
	}
	return true;
}

void
outbox_adopt(struct outbox *b, const struct outbox *old)
{
	struct event e;

	for (size_t i = 0; i < old->nitems; i++)
		if (event_read(&e, old->items[i].line, strlen(old->items[i].line) - 1) ==
		    0)
			outbox_add(b, &e, 0);
	for (size_t i = 0; i < old->nupses; i++) {
		struct outbox_one *u = outbox_one(b, old->upses[i].name);

		if (u != NULL) {
			u->wh += old->upses[i].wh;
			u->changed = true;
		}
	}
	for (size_t i = 0; i < old->nreaders && i < b->nreaders; i++)
		for (size_t k = 0; k < old->readers[i].nkept; k++)
			if (kept_find(&b->readers[i], old->readers[i].kept[k].key) ==
			    NULL)
				outbox_keep(b, i, old->readers[i].kept[k].key,
				    old->readers[i].kept[k].value);
}
