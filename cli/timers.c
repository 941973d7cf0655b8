/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "cli/timers.h"
#include "lib/xmem.h"

enum field { UPS, TYPE, MESSAGE, FIELDS };

static const char *const separators[FIELDS] = {
    [UPS] = ",", [TYPE] = ",", [MESSAGE] = ".\t"};

struct cause {
	char *text[FIELDS];
};

struct timer {
	TAILQ_ENTRY(timer) entry;
	char *name;
	uint64_t due;
	struct cause *causes; /* one at least */
	size_t ncauses;
};

struct timers {
	TAILQ_HEAD(, timer) list; /* in the order of their start */
	size_t count;
};

struct timers *
timers_new(void)
{
	struct timers *t = xcalloc(1, sizeof(*t));

	TAILQ_INIT(&t->list);
	return t;
}

static void
cause_free(struct cause *c)
{
	for (int i = 0; i < FIELDS; i++)
		free(c->text[i]);
}

static void
timer_end(struct timers *t, struct timer *timer)
{
	TAILQ_REMOVE(&t->list, timer, entry);
	t->count--;
	for (size_t i = 0; i < timer->ncauses; i++)
		cause_free(&timer->causes[i]);
	free(timer->causes);
	free(timer->name);
	free(timer);
}

void
timers_free(struct timers *t)
{
	struct timer *timer;

	while ((timer = TAILQ_FIRST(&t->list)) != NULL)
		timer_end(t, timer);
	free(t);
}

/* The first of that name from `timer` on. */
static struct timer *
named(struct timer *timer, const char *name)
{
	while (timer != NULL && strcmp(timer->name, name) != 0)
		timer = TAILQ_NEXT(timer, entry);
	return timer;
}

static bool
is_cause(const struct cause *c, const struct timer_event *e)
{
	return strcmp(c->text[UPS], e->ups) == 0 && strcmp(c->text[TYPE], e->type) == 0 &&
	       strcmp(c->text[MESSAGE], e->message) == 0;
}

/* Notes what has started it, once. */
static void
timer_add_cause(struct timer *timer, const struct timer_event *e)
{
	const char *text[FIELDS] = {e->ups, e->type, e->message};
	struct cause *c;

	for (size_t i = 0; i < timer->ncauses; i++)
		if (is_cause(&timer->causes[i], e))
			return;
	if (timer->ncauses == TIMER_EVENTS_MAX)
		return;
	timer->causes =
	    xreallocarray(timer->causes, timer->ncauses + 1, sizeof(*timer->causes));
	c = &timer->causes[timer->ncauses++];
	for (int i = 0; i < FIELDS; i++)
		c->text[i] = xstrdup(text[i]);
}

int
timers_start(struct timers *t, const char *name, uint64_t due,
    const struct timer_event *e, bool shared)
{
	struct timer *timer = shared ? named(TAILQ_FIRST(&t->list), name) : NULL;

	if (timer == NULL) {
		if (t->count == TIMERS_MAX)
			return -1;
		timer = xcalloc(1, sizeof(*timer));
		timer->name = xstrdup(name);
		timer->due = due;
		TAILQ_INSERT_TAIL(&t->list, timer, entry);
		t->count++;
	}
	timer_add_cause(timer, e);
	return 0;
}

/* Forgets what this UPS has to do with it; false when it had nothing. */
static bool
timer_leave(struct timer *timer, const char *ups)
{
	size_t kept = 0, had = timer->ncauses;

	for (size_t i = 0; i < had; i++) {
		if (strcmp(timer->causes[i].text[UPS], ups) == 0)
			cause_free(&timer->causes[i]);
		else
			timer->causes[kept++] = timer->causes[i];
	}
	timer->ncauses = kept;
	return kept < had;
}

size_t
timers_cancel(struct timers *t, const char *name, const char *ups)
{
	struct timer *timer = named(TAILQ_FIRST(&t->list), name), *next;
	size_t count = 0;

	for (; timer != NULL; timer = next) {
		next = named(TAILQ_NEXT(timer, entry), name);
		if (ups != NULL && !timer_leave(timer, ups))
			continue;
		count++;
		if (ups == NULL || timer->ncauses == 0)
			timer_end(t, timer);
	}
	return count;
}

/* The one that is due first; of several the oldest. */
static struct timer *
first_due(const struct timers *t)
{
	struct timer *timer, *first = TAILQ_FIRST(&t->list);

	TAILQ_FOREACH (timer, &t->list, entry)
		if (timer->due < first->due)
			first = timer;
	return first;
}

uint64_t
timers_next(const struct timers *t)
{
	const struct timer *first = first_due(t);

	return first == NULL ? 0 : first->due;
}

/* The texts of one field, each once. */
static void
join(struct buf *out, const struct timer *timer, enum field field)
{
	bool first = true;

	for (size_t i = 0; i < timer->ncauses; i++) {
		const char *text = timer->causes[i].text[field];
		size_t before = 0;

		while (strcmp(timer->causes[before].text[field], text) != 0)
			before++;
		if (before < i || *text == '\0')
			continue;
		if (!first)
			buf_puts(out, separators[field]);
		buf_puts(out, text);
		first = false;
	}
}

bool
timers_take(struct timers *t, uint64_t now, struct timer_told *told)
{
	struct timer *timer = first_due(t);

	if (timer == NULL || timer->due > now)
		return false;
	*told = (struct timer_told){.name = xstrdup(timer->name)};
	join(&told->ups, timer, UPS);
	join(&told->type, timer, TYPE);
	join(&told->message, timer, MESSAGE);
	timer_end(t, timer);
	return true;
}

void
timer_told_free(struct timer_told *told)
{
	free(told->name);
	buf_free(&told->ups);
	buf_free(&told->type);
	buf_free(&told->message);
}

void
timers_postpone(struct timers *t, uint64_t until)
{
	struct timer *timer;

	TAILQ_FOREACH (timer, &t->list, entry)
		if (timer->due < until)
			timer->due = until;
}

void
timers_list(const struct timers *t, uint64_t now, int64_t wall, struct buf *out)
{
	static const enum field order[FIELDS] = {TYPE, UPS, MESSAGE};
	const struct timer *timer;

	TAILQ_FOREACH (timer, &t->list, entry) {
		int64_t left = ((int64_t)timer->due - (int64_t)now) / 1000;

		buf_printf(out, "TIMER\t%s\t%" PRId64 "\t%" PRId64, timer->name,
		    wall + left, left);
		for (int i = 0; i < FIELDS; i++) {
			size_t before;

			buf_puts(out, "\t");
			before = out->len;
			join(out, timer, order[i]);
			if (out->len == before)
				buf_puts(out, "\"\"");
		}
		buf_puts(out, "\n");
	}
}
