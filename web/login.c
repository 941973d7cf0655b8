/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "web/login.h"

static void
write_hex(char *to, const uint8_t *bytes)
{
	for (size_t i = 0; i < LOGIN_KEY_BYTES; i++)
		snprintf(to + 2 * i, 3, "%02x", bytes[i]);
}

struct login *
login_begin(struct logins *l, const char *user, const uint8_t random[2 * LOGIN_KEY_BYTES],
    uint64_t now)
{
	struct login *row = &l->list[0];

	for (size_t i = 0; i < LOGINS_MAX && *row->key != '\0'; i++)
		if (*l->list[i].key == '\0' || l->list[i].used < row->used)
			row = &l->list[i];
	*row = (struct login){.number = ++l->last, .began = now, .used = now};
	write_hex(row->key, random);
	write_hex(row->token, random + LOGIN_KEY_BYTES);
	snprintf(row->user, sizeof(row->user), "%s", user);
	return row;
}

void
login_end(struct login *l)
{
	explicit_bzero(l, sizeof(*l));
}

/* Compares keys: the time it takes tells nothing about where they differ. */
static bool
same_key(const char *a, const char *b, size_t len)
{
	unsigned char differs = 0;

	if (len != LOGIN_KEY_TEXT)
		return false;
	for (size_t i = 0; i < LOGIN_KEY_TEXT; i++)
		differs |= (unsigned char)(a[i] ^ b[i]);
	return differs == 0;
}

static struct login *
find_key(struct logins *l, const char *key, size_t len, uint64_t now)
{
	for (size_t i = 0; i < LOGINS_MAX; i++) {
		struct login *row = &l->list[i];

		if (*row->key == '\0' || !same_key(row->key, key, len))
			continue;
		if (now - row->used > LOGIN_IDLE_MS ||
		    now - row->began > LOGIN_LONGEST_MS) {
			login_end(row);
			return NULL;
		}
		row->used = now;
		return row;
	}
	return NULL;
}

struct login *
login_find(struct logins *l, const char *cookies, uint64_t now)
{
	static const char name[] = LOGIN_COOKIE "=";
	struct login *found = NULL;

	/* Of several of one name, which only another host of ours could have set, any that
	 * is right will do. */
	while (found == NULL && cookies != NULL && *cookies != '\0') {
		size_t len = strcspn(cookies, ";");

		if (strncmp(cookies, name, sizeof(name) - 1) == 0)
			found = find_key(
			    l, cookies + sizeof(name) - 1, len - (sizeof(name) - 1), now);
		cookies += len;
		cookies += strspn(cookies, "; \t");
	}
	return found;
}

bool
login_token_is(const struct login *l, const char *token)
{
	return token != NULL && same_key(l->token, token, strlen(token));
}

void
login_cookie(struct buf *out, const struct login *l, const char *base, bool secure)
{
	buf_printf(out, LOGIN_COOKIE "=%s; Path=%s; HttpOnly; SameSite=Strict%s%s",
	    l == NULL ? "" : l->key, *base == '\0' ? "/" : base, secure ? "; Secure" : "",
	    l == NULL ? "; Max-Age=0" : "");
}
