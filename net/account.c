/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "net/account.h"

/* What an account that a box has hard-coded may, once holdup.conf lets it in: no more
 * than any machine on the UPS needs. Password and address are judged with the claim. */
static const struct conf_user fixed_user = {.upsmon = USER_UPSMON_SECONDARY};

/* The hard-coded account of this name that works from there, or NULL. */
static const struct conf_fixed *
fixed_at(const struct account_files *f, const struct account_claim *claim)
{
	const struct conf_client *c =
	    f->own == NULL ? NULL : conf_client_at(f->own, claim->address, true);

	if (c == NULL || strcmp(c->account->name, claim->name) != 0)
		return NULL;
	return c->account;
}

/* The password that upsd.users or the box has for this name; NULL: none. */
static const char *
stored(const struct account_files *f, const struct account_claim *claim)
{
	const struct conf_user *u = users_conf_find(f->users, claim->name);
	const struct conf_fixed *fixed;

	if (u != NULL)
		return u->password;
	fixed = fixed_at(f, claim);
	return fixed == NULL ? NULL : fixed->password;
}

const char *
account_hash(const struct account_files *f, const struct account_claim *claim)
{
	const char *password = stored(f, claim);

	if (password != NULL)
		return conf_password_hashed(password) ? password : NULL;
	for (size_t i = 0; i < f->users->nusers; i++) {
		password = f->users->users[i].password;
		if (password != NULL && conf_password_hashed(password))
			return password;
	}
	return NULL;
}

enum account_verdict
account_compare(const struct account_files *f, const struct account_claim *claim)
{
	const char *password = stored(f, claim);
	/* An unknown name costs a comparison too. */
	bool same = conf_password_same(password == NULL ? "" : password, claim->password);

	return password != NULL && same ? ACCOUNT_RIGHT : ACCOUNT_WRONG;
}

const struct conf_user *
account_allowed(const struct account_files *f, const struct account_claim *claim,
    enum account_verdict verdict)
{
	const struct conf_user *u;

	if (verdict != ACCOUNT_RIGHT || stored(f, claim) == NULL)
		return NULL;
	u = users_conf_find(f->users, claim->name);
	if (u == NULL)
		return &fixed_user;
	return conf_user_from(u, claim->address, f->nets) ? u : NULL;
}

enum account_lack
account_lacks(const struct account_files *f, const struct account_claim *claim,
    enum account_verdict verdict, int *line)
{
	const struct conf_user *u;

	*line = 0;
	if (claim->name == NULL || claim->password == NULL)
		return ACCOUNT_NO_CLAIM;
	u = users_conf_find(f->users, claim->name);
	if (u != NULL)
		*line = u->line;
	if (verdict == ACCOUNT_UNJUDGED)
		return ACCOUNT_NO_VERDICT;
	if (stored(f, claim) == NULL && u == NULL)
		return ACCOUNT_NO_USER;
	if (verdict != ACCOUNT_RIGHT || stored(f, claim) == NULL)
		return ACCOUNT_NO_PASSWORD;
	if (u != NULL && !conf_user_from(u, claim->address, f->nets)) {
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
