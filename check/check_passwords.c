/* SPDX-License-Identifier: ISC */
#include <string.h>
#include <strings.h>

#include "check/check.h"

/* Words that stand in manuals, and that are tried first. */
static const char *const common[] = {"1234", "12345", "123456", "12345678", "admin",
    "changeme", "fixmepass", "master", "monmaster", "monpass", "monslave", "mypass",
    "nut", "pass", "passw0rd", "password", "qnap", "raspberry", "secret", "slave", "test",
    "ups", "upsmon", "upsmon_pass", "upswired", "yourpassword"};

static bool
is_common(const struct conf_user *u)
{
	if (conf_password_hashed(u->password))
		return false;
	if (*u->password == '\0' || strcasecmp(u->password, u->name) == 0)
		return true;
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (strcasecmp(u->password, common[i]) == 0)
			return true;
	return false;
}

/* The box that has this login built in; NULL: none. */
static const char *
box_of(const struct conf_user *u)
{
	for (size_t i = 0; i < CONF_FIXED; i++)
		if (strcmp(conf_fixed[i].name, u->name) == 0 &&
		    strcmp(conf_fixed[i].password, u->password) == 0)
			return conf_fixed[i].box;
	return NULL;
}

/* True when somebody on another machine may try it: no word of allowfrom, or one that is
 * more than localhost and one single address. */
static bool
is_reachable(const struct conf_user *u)
{
	for (size_t i = 0; i < u->nallowfrom; i++)
		for (size_t k = 0; k < u->allowfrom[i].nrules; k++) {
			const struct allow *a = &u->allowfrom[i].rules[k];

			if (a->kind == ALLOW_LAN ||
			    (a->kind == ALLOW_BLOCK && a->block.bits < 128))
				return true;
		}
	return u->nallowfrom == 0;
}

void
check_passwords(const struct check_conf *c, struct check_list *out)
{
	const char *file = c->files[CHECK_USERS].path;

	if (!check_serves(c) || !check_open(c))
		return;
	for (size_t i = 0; i < c->users.nusers; i++) {
		const struct conf_user *u = &c->users.users[i];
		const bool orders = u->action_set || u->action_fsd || u->ninstcmds > 0;
		const bool mighty = orders || u->upsmon == USER_UPSMON_PRIMARY;
		const char *box;

		if (u->password == NULL || !is_common(u) || !is_reachable(u))
			continue;
		box = box_of(u);
		if (box != NULL)
			check_add(out, orders ? CHECK_WARNING : CHECK_NOTE, file, u->line,
			    "[%s]: %s has this login built in, so everybody knows it, "
			    "and may "
			    "use it from anywhere%s. Write allowfrom = and the address "
			    "of that "
			    "box%s",
			    u->name, box, orders ? ", to order and to set" : "",
			    orders ? "; it needs upsmon secondary and nothing more" : "");
		else
			check_add(out, CHECK_WARNING, file, u->line,
			    "[%s] has a password that is tried first, and other machines "
			    "reach "
			    "the server%s. Take another one, or write allowfrom = "
			    "localhost",
			    u->name,
			    mighty ? ": with it they may switch the UPS off" : "");
	}
}
