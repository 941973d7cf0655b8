/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "net/quiet.h"

void
quiet_change(struct quiet *q, const struct feed *f, uint64_t now)
{
	bool battery = false;

	for (size_t i = 0; i < f->nupses; i++) {
		const char *status = state_get(f->upses[i]->state, "ups.status");

		battery |= status != NULL && state_status_has(status, "OB");
	}
	if (!battery)
		*q = (struct quiet){0};
	else if (q->since == 0 && q->looks == 0)
		q->since = now;
}

uint64_t
quiet_next(const struct quiet *q)
{
	if (q->since == 0)
		return 0;
	return q->since + (q->looks == 0 ? QUIET_LOOK_MS : QUIET_LAST_MS);
}

void
quiet_look(struct quiet *q)
{
	q->alive = q->silent = 0;
}

void
quiet_sign(struct quiet *q, const char *address, uint64_t last)
{
	size_t i = 0, known = q->silent < QUIET_NAMES_MAX ? q->silent : QUIET_NAMES_MAX;

	if (last > q->since + QUIET_GRACE_MS)
		q->alive++;
	if (last > q->since + QUIET_GRACE_MS || last + QUIET_BRISK_MS < q->since)
		return;
	while (i < known && strcmp(q->names[i], address) != 0)
		i++;
	if (i < known)
		return;
	if (i < QUIET_NAMES_MAX)
		snprintf(q->names[i], QUIET_NAME_MAX, "%s", address);
	q->silent++;
}

size_t
quiet_verdict(struct quiet *q)
{
	size_t least = q->looks == 0 ? 2 : 1;

	q->looks++;
	if (q->alive == 0 && q->silent >= least) {
		q->since = 0;
		return q->silent;
	}
	if (q->alive > 0 || q->looks > 1)
		q->since = 0;
	return 0;
}
