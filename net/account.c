/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "net/account.h"

const struct conf_user *
account_allowed(const struct users_conf *users, const struct allow_nets *nets,
    const struct account_claim *claim)
{
	const struct conf_user *u = users_conf_login(users, claim->name, claim->password);

	return u != NULL && conf_user_from(u, claim->address, nets) ? u : NULL;
}

enum account_lack
account_lacks(const struct users_conf *users, const struct allow_nets *nets,
    const struct account_claim *claim, int *line)
{
	const struct conf_user *u = users_conf_login(users, claim->name, claim->password);

	*line = 0;
	for (size_t i = 0; i < users->nusers; i++)
		if (strcmp(users->users[i].name, claim->name) == 0)
			*line = users->users[i].line;
	if (u == NULL)
		return *line == 0 ? ACCOUNT_NO_USER : ACCOUNT_NO_PASSWORD;
	if (!conf_user_from(u, claim->address, nets)) {
		*line = u->allowfrom[0].line;
		return ACCOUNT_NO_ADDRESS;
	}
	return ACCOUNT_NO_RIGHT;
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
