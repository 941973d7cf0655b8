/* SPDX-License-Identifier: ISC */
#ifndef LIB_SHA256_H
#define LIB_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32  /* bytes of a digest */
#define SHA256_BLOCK 64 /* bytes that are taken at once */

/* SHA-256 (FIPS 180-4). Begin, add bytes in any pieces, end. */
struct sha256 {
	uint32_t state[8];
	uint64_t len; /* bytes so far */
	uint8_t block[SHA256_BLOCK];
};

void sha256_begin(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *bytes, size_t len);
void sha256_end(struct sha256 *s, uint8_t digest[SHA256_SIZE]);

/* HMAC-SHA-256 (RFC 2104) in the same way; the key has at most SHA256_BLOCK bytes, and is
 * needed again at the end. */
void hmac_begin(struct sha256 *s, const void *key, size_t len);
void hmac_end(struct sha256 *s, const void *key, size_t len, uint8_t digest[SHA256_SIZE]);

#endif
