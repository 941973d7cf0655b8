/* SPDX-License-Identifier: ISC */
#include <stddef.h>
#include <string.h>

#include "net/remember.h"

/* The texts with their NULs, so that no two triples are one run of bytes. */
static void
mac_of(const struct remember *r, const char *account, const char *hash,
    const char *password, uint8_t mac[SHA256_SIZE])
{
	struct sha256 s;

	hmac_begin(&s, r->key, sizeof(r->key));
	sha256_add(&s, account, strlen(account) + 1);
	sha256_add(&s, hash, strlen(hash) + 1);
	sha256_add(&s, password, strlen(password) + 1);
	hmac_end(&s, r->key, sizeof(r->key), mac);
}

/* Compares in constant time. */
static bool
same(const uint8_t *a, const uint8_t *b)
{
	uint8_t differ = 0;

	for (size_t i = 0; i < SHA256_SIZE; i++)
		differ |= a[i] ^ b[i];
	return differ == 0;
}

static struct remember_entry *
find(struct remember *r, const uint8_t *mac)
{
	for (size_t i = 0; i < REMEMBER_MAX; i++)
		if (r->list[i].used != 0 && same(r->list[i].mac, mac))
			return &r->list[i];
	return NULL;
}

void
remember_add(
    struct remember *r, const char *account, const char *hash, const char *password)
{
	struct remember_entry *entry;
	uint8_t mac[SHA256_SIZE];

	mac_of(r, account, hash, password, mac);
	entry = find(r, mac);
	if (entry == NULL) {
		entry = &r->list[0];
		for (size_t i = 1; i < REMEMBER_MAX; i++)
			if (r->list[i].used < entry->used)
				entry = &r->list[i];
	}
	memcpy(entry->mac, mac, sizeof(mac));
	entry->used = ++r->turn;
}

bool
remember_has(
    struct remember *r, const char *account, const char *hash, const char *password)
{
	struct remember_entry *entry;
	uint8_t mac[SHA256_SIZE];

	mac_of(r, account, hash, password, mac);
	entry = find(r, mac);
	if (entry != NULL)
		entry->used = ++r->turn;
	return entry != NULL;
}
