/* SPDX-License-Identifier: ISC */
#include <stddef.h>

#include "net/hash.h"
#include "net/seldom.h"

bool
seldom_due(struct seldom *s, const char *key, uint64_t now)
{
	/* Two keys of one hash would only share a log line. */
	uint64_t hash = hash_text(HASH_BEGIN, key);
	size_t oldest = 0;

	for (size_t i = 0; i < SELDOM_KEYS; i++) {
		if (s->keys[i].last != 0 && s->keys[i].hash == hash) {
			if (now - s->keys[i].last < SELDOM_MS)
				return false;
			s->keys[i].last = now;
			return true;
		}
		if (s->keys[i].last < s->keys[oldest].last)
			oldest = i;
	}
	if (s->keys[oldest].last != 0 && now - s->keys[oldest].last < SELDOM_MS)
		return false;
	s->keys[oldest].hash = hash;
	s->keys[oldest].last = now > 0 ? now : 1;
	return true;
}
