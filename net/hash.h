/* SPDX-License-Identifier: ISC */
#ifndef NET_HASH_H
#define NET_HASH_H

#include <stdint.h>

/* FNV-1a, 64 bits, without regard to case. Begin with HASH_BEGIN and go on with what the
 * call before returned to hash several texts. */
#define HASH_BEGIN 14695981039346656037u

uint64_t hash_text(uint64_t hash, const char *text);

#endif
