/* SPDX-License-Identifier: ISC */
#ifndef NET_REMEMBER_H
#define NET_REMEMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/sha256.h"

/*
 * Which passwords were judged right, so that the next login costs microseconds: HMAC of
 * account, hash and password under a key of this process. Pure. Nobody can tell a password
 * from an entry without the key; who reads key and entry can try passwords at the speed of
 * SHA-256 instead of yescrypt's, but he reads those of the open sessions too.
 */
#define REMEMBER_MAX 64 /* entries; the one that was not used for longest gives way */
#define REMEMBER_KEY 32 /* bytes, random */

struct remember {
	uint8_t key[REMEMBER_KEY];
	uint64_t turn; /* counts uses */
	struct remember_entry {
		uint64_t used; /* turn of its last use; 0: an unused entry */
		uint8_t mac[SHA256_SIZE];
	} list[REMEMBER_MAX];
};

/* Adds what was judged right / true when it was. Another hash is another entry. */
void remember_add(
    struct remember *r, const char *account, const char *hash, const char *password);
bool remember_has(
    struct remember *r, const char *account, const char *hash, const char *password);

#endif
