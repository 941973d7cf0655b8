/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/utf8.h"
#include "lib/xmem.h"
#include "publish/schedule.h"

void
schedule_grow(struct schedule *s, size_t count)
{
	if (count <= s->count)
		return;
	s->items = xrealloc(s->items, count * sizeof(*s->items));
	memset(&s->items[s->count], 0, (count - s->count) * sizeof(*s->items));
	s->count = count;
}

void
schedule_free(struct schedule *s)
{
	free(s->items);
	*s = (struct schedule){0};
}

void
schedule_set(struct schedule *s, size_t i, const char *text)
{
	if (i < s->count)
		snprintf(s->items[i].text, sizeof(s->items[i].text), "%.*s",
		    (int)utf8_cut(text, SCHEDULE_TEXT_MAX), text);
}

static uint64_t
later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* When an item is due by itself, whatever the server does. */
static uint64_t
item_due(const struct schedule_item *item)
{
	if (*item->text == '\0')
		return SCHEDULE_NEVER;
	if (strcmp(item->text, item->told) == 0)
		return later(item->told_ms + SCHEDULE_REFRESH_MS, item->not_before_ms);
	if (*item->told == '\0')
		return item->not_before_ms;
	return later(item->told_ms + item->pace_ms, item->not_before_ms);
}

uint64_t
schedule_wait(const struct schedule *s, uint64_t now, size_t *i)
{
	uint64_t due = SCHEDULE_NEVER;

	for (size_t k = 0; k < s->count; k++) {
		size_t at = (s->next + k) % s->count;
		uint64_t time = item_due(&s->items[at]);

		/* What is overdue is due now, all alike: whose turn it is decides. */
		time = later(time, later(s->not_before_ms, now));
		if (time < due || (time == due && due != SCHEDULE_NEVER &&
				      s->items[at].urgent && !s->items[*i].urgent)) {
			due = time;
			*i = at;
		}
	}
	return due == SCHEDULE_NEVER ? SCHEDULE_NEVER : due - now;
}

void
schedule_asked(struct schedule *s, enum verdict verdict, uint64_t now)
{
	if (verdict <= VERDICT_REFUSED) {
		s->retry_ms = 0;
		s->not_before_ms = 0;
		return;
	}
	s->retry_ms = s->retry_ms == 0 ? SCHEDULE_RETRY_MS : s->retry_ms * 2;
	if (s->retry_ms > SCHEDULE_RETRY_MAX_MS)
		s->retry_ms = SCHEDULE_RETRY_MAX_MS;
	s->not_before_ms = now + s->retry_ms;
}

uint64_t
schedule_pause(const struct schedule *s, uint64_t now)
{
	return s->not_before_ms > now ? s->not_before_ms - now : 0;
}

void
schedule_done(struct schedule *s, size_t i, enum verdict verdict, uint64_t now)
{
	struct schedule_item *item = &s->items[i];

	s->next = (i + 1) % s->count;
	schedule_asked(s, verdict, now);
	item->not_before_ms =
	    verdict == VERDICT_REFUSED ? now + SCHEDULE_RETRY_MAX_MS : 0;
	if (verdict == VERDICT_OK) {
		memcpy(item->told, item->text, sizeof(item->told));
		item->told_ms = now;
	}
}

void
schedule_forget(struct schedule *s, size_t i)
{
	s->items[i].told[0] = '\0';
	s->items[i].not_before_ms = 0;
}
