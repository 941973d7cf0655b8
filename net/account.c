/* SPDX-License-Identifier: ISC */
#include "net/account.h"

const struct conf_user *
account_allowed(const struct users_conf *users, const char *name, const char *password,
    const char *address)
{
	return users_conf_login(users, name, password);
}

bool
account_may_login(const struct conf_user *u)
{
	return u->upsmon != USER_UPSMON_NONE;
}

bool
account_may_primary(const struct conf_user *u)
{
	return u->upsmon == USER_UPSMON_PRIMARY;
}

bool
account_may_fsd(const struct conf_user *u)
{
	return u->action_fsd || account_may_primary(u);
}
