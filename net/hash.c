/* SPDX-License-Identifier: ISC */
#include "net/hash.h"

uint64_t
hash_text(uint64_t hash, const char *text)
{
	unsigned char c;

	do {
		c = (unsigned char)*text;
		if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		hash = (hash ^ c) * 1099511628211u;
	} while (*text++ != '\0');
	return hash;
}
