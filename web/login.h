/* SPDX-License-Identifier: ISC */
#ifndef WEB_LOGIN_H
#define WEB_LOGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"

/*
 * Who is logged in, by the cookie of his browser (docs/page.md, 5). Pure; times in monotonic
 * ms, random numbers are passed in.
 */
#define LOGINS_MAX 64
#define LOGIN_IDLE_MS (60 * 60 * 1000)
#define LOGIN_LONGEST_MS (8 * 60 * 60 * 1000)
#define LOGIN_KEY_BYTES 16 /* random ones of a cookie, and of a token */
#define LOGIN_KEY_TEXT (2 * LOGIN_KEY_BYTES)
#define LOGIN_COOKIE "holdup"
#define LOGIN_USER_MAX 128

struct login {
	char key[LOGIN_KEY_TEXT + 1];   /* of the cookie; "": an unused row */
	char token[LOGIN_KEY_TEXT + 1]; /* of X-Holdup-CSRF */
	char user[LOGIN_USER_MAX];
	unsigned long number;
	uint64_t began, used;
};

struct logins {
	struct login list[LOGINS_MAX];
	unsigned long last;
};

/* A new session; the one that was not used for longest gives way. */
struct login *login_begin(struct logins *l, const char *user,
    const uint8_t random[2 * LOGIN_KEY_BYTES], uint64_t now);

/* The session whose cookie is in a Cookie field (RFC 6265, 4.2; NULL: none), which is used
 * by that; NULL where there is none, or not any more. */
struct login *login_find(struct logins *l, const char *cookies, uint64_t now);

/* Ends one. */
void login_end(struct login *l);

/* True when this is its token; in constant time. */
bool login_token_is(const struct login *l, const char *token);

/* The Set-Cookie of a session, or (NULL) of its end. */
void login_cookie(struct buf *out, const struct login *l, const char *base, bool secure);

#endif
