/* SPDX-License-Identifier: ISC */
#ifndef NET_ACCOUNT_H
#define NET_ACCOUNT_H

#include <stdbool.h>

#include "lib/conf_holdup.h"
#include "lib/conf_users.h"

/*
 * Who may do what, from upsd.users (NUT: upsd.users(5)) and from the accounts that some
 * boxes have hard-coded, where holdup.conf lets them in. Pure.
 */

/* Who somebody says to be, and where that is. Name and password may be NULL: not said. */
struct account_claim {
	const char *name, *password, *address;
};

/* What is known of a claim's password. */
enum account_verdict {
	ACCOUNT_OPEN,  /* nothing yet */
	ACCOUNT_HELD,  /* nothing, but the claim has waited as long as it must */
	ACCOUNT_RIGHT, /* it is the account's */
	ACCOUNT_WRONG,
	ACCOUNT_UNJUDGED /* nobody could tell: judge is overloaded or away */
};

/* Where accounts are written. `own` may be NULL. */
struct account_files {
	const struct users_conf *users;
	const struct holdup_conf *own;
	const struct allow_nets *nets; /* what "lan" means at the moment */
};

/* The hash by which the claim must be judged (crypt(5); judge does it), or NULL where
 * account_compare() can tell at once. A name that nobody has is judged by somebody's hash
 * where there is one, and is wrong whatever comes out: time does not tell names. */
const char *account_hash(
    const struct account_files *f, const struct account_claim *claim);

/* Judges a claim without hash, in constant time. */
enum account_verdict account_compare(
    const struct account_files *f, const struct account_claim *claim);

/* The account that is claimed, given the verdict on its password; NULL when it is not
 * ACCOUNT_RIGHT or the account may not be used from there. Where from is decided here and
 * nowhere else. */
const struct conf_user *account_allowed(const struct account_files *f,
    const struct account_claim *claim, enum account_verdict verdict);

/* Why a claim was refused something, for the log: nothing is claimed, nobody has this
 * name, the password is another one or could not be judged, the address is none of
 * allowfrom, or the account has no right to it. */
enum account_lack {
	ACCOUNT_NO_CLAIM,
	ACCOUNT_NO_USER,
	ACCOUNT_NO_PASSWORD,
	ACCOUNT_NO_VERDICT,
	ACCOUNT_NO_ADDRESS,
	ACCOUNT_NO_RIGHT
};

/* *line: that of upsd.users which decided (of the section, or of allowfrom); 0 when there
 * is no such user. */
enum account_lack account_lacks(const struct account_files *f,
    const struct account_claim *claim, enum account_verdict verdict, int *line);

/* LOGIN wants any upsmon right, PRIMARY the primary one, FSD that or the action. */
bool account_may_login(const struct conf_user *u);
bool account_may_primary(const struct conf_user *u);
bool account_may_fsd(const struct conf_user *u);

#endif
