/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "lib/sha256.h"

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t rounds[64] = {0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5,
    0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
    0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152,
    0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e,
    0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624,
    0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3,
    0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t
turn(uint32_t x, int by)
{
	return x >> by | x << (32 - by);
}

static uint32_t
get_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void
put_be32(uint8_t *p, uint32_t x)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(x >> (24 - 8 * i));
}

/* One block into the state. The eight working variables are v[0] to v[7]. */
static void
mix(uint32_t state[8], const uint8_t *block)
{
	uint32_t w[64], v[8];

	for (int i = 0; i < 16; i++)
		w[i] = get_be32(block + 4 * i);
	for (int i = 16; i < 64; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];

		w[i] = w[i - 16] + w[i - 7] + (turn(a, 7) ^ turn(a, 18) ^ a >> 3) +
		       (turn(b, 17) ^ turn(b, 19) ^ b >> 10);
	}
	memcpy(v, state, sizeof(v));
	for (int i = 0; i < 64; i++) {
		uint32_t e = v[4], a = v[0];
		uint32_t one = v[7] + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) +
			       ((e & v[5]) ^ (~e & v[6])) + rounds[i] + w[i];
		uint32_t two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) +
			       ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));

		memmove(v + 1, v, 7 * sizeof(*v));
		v[4] += one;
		v[0] = one + two;
	}
	for (int i = 0; i < 8; i++)
		state[i] += v[i];
	explicit_bzero(w, sizeof(w));
}

void
sha256_begin(struct sha256 *s)
{
	static const uint32_t first[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

	memcpy(s->state, first, sizeof(first));
	s->len = 0;
}

void
sha256_add(struct sha256 *s, const void *bytes, size_t len)
{
	const uint8_t *from = bytes;

	while (len > 0) {
		size_t at = s->len % SHA256_BLOCK;
		size_t n = len < SHA256_BLOCK - at ? len : SHA256_BLOCK - at;

		memcpy(s->block + at, from, n);
		s->len += n;
		from += n;
		len -= n;
		if (at + n == SHA256_BLOCK)
			mix(s->state, s->block);
	}
}

void
sha256_end(struct sha256 *s, uint8_t digest[SHA256_SIZE])
{
	static const uint8_t padding[SHA256_BLOCK] = {0x80};
	uint64_t bits = s->len * 8;
	size_t at = s->len % SHA256_BLOCK;
	uint8_t length[8];

	put_be32(length, (uint32_t)(bits >> 32));
	put_be32(length + 4, (uint32_t)bits);
	sha256_add(s, padding, (at < 56 ? 56 : 56 + SHA256_BLOCK) - at);
	sha256_add(s, length, sizeof(length));
	for (int i = 0; i < 8; i++)
		put_be32(digest + 4 * i, s->state[i]);
	explicit_bzero(s, sizeof(*s));
}

/* Begins with the key, each byte of it changed by `with`. */
static void
begin_keyed(struct sha256 *s, const void *key, size_t len, uint8_t with)
{
	uint8_t pad[SHA256_BLOCK] = {0};

	memcpy(pad, key, len);
	for (size_t i = 0; i < sizeof(pad); i++)
		pad[i] ^= with;
	sha256_begin(s);
	sha256_add(s, pad, sizeof(pad));
	explicit_bzero(pad, sizeof(pad));
}

void
hmac_begin(struct sha256 *s, const void *key, size_t len)
{
	begin_keyed(s, key, len, 0x36);
}

void
hmac_end(struct sha256 *s, const void *key, size_t len, uint8_t digest[SHA256_SIZE])
{
	sha256_end(s, digest);
	begin_keyed(s, key, len, 0x5c);
	sha256_add(s, digest, SHA256_SIZE);
	sha256_end(s, digest);
}
