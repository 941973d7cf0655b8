/* SPDX-License-Identifier: ISC */
#ifndef NET_ACCOUNT_H
#define NET_ACCOUNT_H

#include <stdbool.h>

#include "lib/conf_users.h"

/*
 * Who may do what, from upsd.users (NUT: upsd.users(5)). Pure.
 */

/* The account behind a name and a password, as used from this address; NULL when there
 * is none. Where an account may be used from is decided here and nowhere else. */
const struct conf_user *account_allowed(const struct users_conf *users, const char *name,
    const char *password, const char *address);

/* LOGIN wants any upsmon right, PRIMARY the primary one, FSD that or the action. */
bool account_may_login(const struct conf_user *u);
bool account_may_primary(const struct conf_user *u);
bool account_may_fsd(const struct conf_user *u);

#endif
