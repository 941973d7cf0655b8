/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "net/misses.h"

/* The row of an address, or NULL. */
static struct miss *
find(struct misses *m, const char *address, enum miss_sort sort)
{
	for (size_t i = 0; i < MISSES_MAX; i++)
		if (m->list[i].last != 0 && m->list[i].sort == sort &&
		    strcmp(m->list[i].address, address) == 0)
			return &m->list[i];
	return NULL;
}

/* An unused row, or the oldest one, made empty. */
static struct miss *
begin(struct misses *m, const char *address, enum miss_sort sort)
{
	struct miss *row = &m->list[0];

	for (size_t i = 1; i < MISSES_MAX; i++)
		if (m->list[i].last < row->last)
			row = &m->list[i];
	*row = (struct miss){.sort = sort};
	snprintf(row->address, sizeof(row->address), "%s", address);
	return row;
}

void
misses_add(struct misses *m, const char *address, enum miss_sort sort, const char *name,
    uint64_t now)
{
	struct miss *row = find(m, address, sort);

	if (row == NULL)
		row = begin(m, address, sort);
	row->last = now > 0 ? now : 1;
	row->count++;
	snprintf(row->name, sizeof(row->name), "%s", name);
}

void
misses_over(struct misses *m, const char *address, enum miss_sort sort, const char *name)
{
	struct miss *row = find(m, address, sort);

	if (row != NULL && strncmp(row->name, name, sizeof(row->name) - 1) == 0)
		*row = (struct miss){0};
}

const char *
miss_word(enum miss_sort sort)
{
	return sort == MISS_UPS ? "ups" : "account";
}
