/* SPDX-License-Identifier: ISC */
#include <stddef.h>

#include "net/seldom.h"

/* FNV-1a, 64 bits: two addresses of one hash would only share a log line. */
static uint64_t
hash_of(const char *key)
{
	uint64_t hash = 14695981039346656037u;

	for (; *key != '\0'; key++)
		hash = (hash ^ (unsigned char)*key) * 1099511628211u;
	return hash;
}

bool
seldom_due(struct seldom *s, const char *key, uint64_t now)
{
	uint64_t hash = hash_of(key);
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
	s->keys[oldest].hash = hash;
	s->keys[oldest].last = now > 0 ? now : 1;
	return true;
}
