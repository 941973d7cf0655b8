/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <string.h>

#include "net/answers.h"

_Static_assert(ANSWERS_LINE_MAX <= UINT8_MAX && ANSWERS_TEXT_MAX <= UINT8_MAX,
    "lengths are kept in a byte");

static uint64_t
stir(uint64_t hash, const char *bytes)
{
	uint64_t eight;

	memcpy(&eight, bytes, sizeof(eight));
	hash = (hash ^ eight) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 32;
}

/* Where a line's answer stands. Eight bytes at a time; the last eight may overlap. */
static size_t
place(const char *line, size_t len)
{
	uint64_t hash = len;

	for (size_t i = 0; i + ANSWERS_LINE_MIN < len; i += ANSWERS_LINE_MIN)
		hash = stir(hash, line + i);
	return stir(hash, line + len - ANSWERS_LINE_MIN) % ANSWERS_MAX;
}

static bool
may_keep(size_t len)
{
	return len >= ANSWERS_LINE_MIN && len <= ANSWERS_LINE_MAX;
}

const struct answer *
answers_find(const struct answers *a, const struct answers_time *time, const char *line,
    size_t len)
{
	const struct answer *this;

	if (!may_keep(len))
		return NULL;
	this = &a->list[place(line, len)];
	if (this->ups == NULL || this->line_len != len ||
	    this->time.number != time->number || this->time.epoch != time->epoch ||
	    this->time.look != time->look || memcmp(this->line, line, len) != 0)
		return NULL;
	return this;
}

void
answers_keep(struct answers *a, const struct answers_time *time, const struct feed_ups *u,
    const char *line, size_t len, const char *text, size_t text_len)
{
	struct answer *this;

	if (!may_keep(len) || text_len > ANSWERS_TEXT_MAX)
		return;
	this = &a->list[place(line, len)];
	this->ups = u;
	this->time = *time;
	this->line_len = (uint8_t)len;
	this->len = (uint8_t)text_len;
	memcpy(this->line, line, len);
	memcpy(this->text, text, text_len);
}

void
answers_clear(struct answers *a)
{
	for (size_t i = 0; i < ANSWERS_MAX; i++)
		a->list[i].ups = NULL;
}
