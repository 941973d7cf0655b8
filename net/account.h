/* SPDX-License-Identifier: ISC */
#ifndef NET_ACCOUNT_H
#define NET_ACCOUNT_H

#include <stdbool.h>

#include "lib/conf_users.h"

/*
 * Who may do what, from upsd.users (NUT: upsd.users(5)). Pure.
 */

/* Who somebody says to be, and where that is. */
struct account_claim {
	const char *name, *password, *address;
};

/* The account that is claimed; NULL when there is none with this password, or when it
 * may not be used from there. Where from is decided here and nowhere else. */
const struct conf_user *account_allowed(const struct users_conf *users,
    const struct allow_nets *nets, const struct account_claim *claim);

/* Why a claim was refused something, for the log: nobody has this name, the password is
 * another one, the address is none of allowfrom, or the account has no right to it. */
enum account_lack {
	ACCOUNT_NO_USER,
	ACCOUNT_NO_PASSWORD,
	ACCOUNT_NO_ADDRESS,
	ACCOUNT_NO_RIGHT
};

/* *line: that of upsd.users which decided (of the section, or of allowfrom); 0 when there
 * is no such user. */
enum account_lack account_lacks(const struct users_conf *users,
    const struct allow_nets *nets, const struct account_claim *claim, int *line);

/* LOGIN wants any upsmon right, PRIMARY the primary one, FSD that or the action. */
bool account_may_login(const struct conf_user *u);
bool account_may_primary(const struct conf_user *u);
bool account_may_fsd(const struct conf_user *u);

#endif
