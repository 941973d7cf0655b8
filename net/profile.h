/* SPDX-License-Identifier: ISC */
#ifndef NET_PROFILE_H
#define NET_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/conf_holdup.h"

/*
 * What a kind of client can bear (docs/serving.md, 4; shared/research/clients.md, 3). Pure;
 * the table in profile.c is the truth, one row per client.
 *
 * Nothing that is said here touches OL, OB, LB or FSD: they reach everybody.
 */

#define PROFILE_RAW (1u << 28) /* values as the driver has them: UTF-8, quotes escaped */
#define PROFILE_OTHER (1u << 29) /* status words that are in no table here */

struct profile {
	uint32_t look; /* status words that pass, PROFILE_RAW, PROFILE_OTHER: clients of
			* one look read the same answers, and can share them */
	bool errors;   /* knows all 27 error words; else the 23 that everybody knows */
	bool starttls; /* may be offered TLS where that is configured */
};

/* The row of a client; never NULL. */
const struct profile *profile_of(enum conf_profile kind);

/* ups.status for this look: words that it cannot bear and repeated ones are left out,
 * blanks are single. Writes to `out` (of `size` bytes) and returns it. */
char *profile_status(uint32_t look, const char *status, char *out, size_t size);

/* Any other value or description for this look; valid until the next call. */
const char *profile_text(uint32_t look, const char *text);

/* The error word that comes nearest to what core or a driver said and that the client
 * knows; NULL when nothing comes near. */
const char *profile_error(const struct profile *p, const char *word);

#endif
