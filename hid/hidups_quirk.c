/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "hid/hidups.h"
#include "hid/hidups_in.h"

/* True when the input or feature report with the same field was told already. */
static bool
is_twin(const struct hidups *u, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (u->slots[j].known && u->slots[j].path != NULL &&
		    strcmp(u->slots[j].path, u->slots[i].path) == 0)
			return true;
	return false;
}

bool
hidups_quirk(const struct hidups *u, size_t *at, struct hidups_quirk *q)
{
	const struct map_fix *fix;

	for (; *at < u->desc->nfields; ++*at) {
		const struct slot *slot = &u->slots[*at];

		if (slot->path == NULL || !slot->known || is_twin(u, *at))
			continue;
		hidups_scale(u, &u->desc->fields[*at], slot->raw, &fix);
		if (fix == NULL)
			continue;
		*q = (struct hidups_quirk){slot->path, fix->factor, fix->why};
		++*at;
		return true;
	}
	return false;
}
