/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "out/board.h"

void
board_init(struct board *b, size_t count)
{
	*b = (struct board){.rows = xcalloc(count, sizeof(*b->rows)), .count = count};
}

void
board_free(struct board *b)
{
	free(b->rows);
	*b = (struct board){0};
}

void
board_look(struct board *b, const struct publisher *p, const struct holdup_conf *c,
    const struct feed *f)
{
	for (size_t i = 0; i < b->count; i++)
		p->value(c, f, i, b->rows[i].now);
}

bool
board_next(const struct board *b, size_t *i)
{
	for (size_t k = 0; k < b->count; k++) {
		*i = (b->next + k) % b->count;
		if (strcmp(b->rows[*i].now, b->rows[*i].told) != 0)
			return true;
	}
	return false;
}

void
board_told(struct board *b, size_t i)
{
	memcpy(b->rows[i].told, b->rows[i].now, sizeof(b->rows[i].told));
	b->next = (i + 1) % b->count;
}

void
board_forget(struct board *b)
{
	for (size_t i = 0; i < b->count; i++)
		b->rows[i].told[0] = '\0';
}
