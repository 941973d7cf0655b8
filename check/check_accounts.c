/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "check/check.h"
#include "lib/monitors.h"
#include "lib/xmem.h"

/* The account that may be meant by a name that there is none of. */
static const char *
nearest(const struct users_conf *users, const char *name)
{
	const char **names = xcalloc(users->nusers + 1, sizeof(*names));
	const char *found;

	for (size_t i = 0; i < users->nusers; i++)
		names[i] = users->users[i].name;
	found = conf_nearest(name, names);
	free(names);
	return found;
}

/* Says why somebody of this name is not let in. */
static void
refuse(const struct check_conf *from, const struct conf_monitor *m,
    struct check_list *out, const char *text)
{
	check_add(out, CHECK_ERROR, from->files[CHECK_UPSMON].path, m->line,
	    "MONITOR %s as %s is refused: %s", m->system, m->user, text);
}

static void
no_account(const struct check_conf *from, const struct conf_monitor *m,
    const struct check_conf *at, struct check_list *out)
{
	const char *file = at->files[CHECK_USERS].path,
		   *near = nearest(&at->users, m->user);
	char *text;

	if (near != NULL)
		text = xasprintf(
		    "%s has no [%s], did you mean \"%s\"?", file, m->user, near);
	else
		text = xasprintf(
		    "%s has no [%s]: write that section there, with password = … "
		    "and upsmon %s",
		    file, m->user, m->primary ? "primary" : "secondary");
	refuse(from, m, out, text);
	free(text);
}

static void
check_user(const struct check_conf *from, const struct conf_monitor *m,
    const struct conf_user *u, const char *file, struct check_list *out)
{
	const char *part = m->primary ? "primary" : "secondary";
	char *text = NULL;

	if (u->password == NULL)
		text = xasprintf("%s:%d: [%s] has no password: write password = … there",
		    file, u->line, u->name);
	else if (!conf_password_hashed(u->password) &&
		 !conf_password_same(u->password, m->password))
		text = xasprintf("%s:%d: [%s] has another password: make both the same",
		    file, u->line, u->name);
	else if (u->upsmon == USER_UPSMON_NONE)
		text = xasprintf("%s:%d: [%s] has no line \"upsmon %s\": write it there",
		    file, u->line, u->name, part);
	else if (m->primary && u->upsmon != USER_UPSMON_PRIMARY)
		text = xasprintf(
		    "%s:%d: [%s] is only a secondary: write upsmon primary there", file,
		    u->line, u->name);
	if (text != NULL)
		refuse(from, m, out, text);
	free(text);
}

void
check_login(const struct check_conf *from, const struct conf_monitor *m,
    const struct check_conf *at, struct check_list *out)
{
	const struct conf_user *u = users_conf_find(&at->users, m->user);
	bool fixed = false;

	for (size_t i = 0; i < at->own.nclients; i++)
		fixed |= at->own.clients[i].account != NULL &&
			 strcmp(at->own.clients[i].account->name, m->user) == 0;
	if (u == NULL && !fixed)
		no_account(from, m, at, out);
	else if (u != NULL)
		check_user(from, m, u, at->files[CHECK_USERS].path, out);
}

/* holdup needs no login for what hangs on its own machine, NUT's upsmon does: the file is
 * right for both, or says what it is not. */
void
check_accounts(const struct check_conf *c, struct check_list *out)
{
	if (!check_serves(c) || c->ups.nupses == 0)
		return;
	for (size_t i = 0; i < c->upsmon.nmonitors; i++) {
		const struct conf_monitor *m = &c->upsmon.monitors[i];
		const struct conf_user *u;

		if (!monitors_host_is_local(m->host))
			continue;
		check_login(c, m, c, out);
		u = users_conf_find(&c->users, m->user);
		if (u != NULL && !conf_user_from(u, "127.0.0.1", NULL) &&
		    !conf_user_from(u, "::1", NULL))
			check_add(out, CHECK_ERROR, c->files[CHECK_USERS].path,
			    u->allowfrom[0].line,
			    "allowfrom of [%s] does not hold this machine itself, from "
			    "which "
			    "upsmon.conf:%d logs in by it: write allowfrom = localhost "
			    "beside it",
			    u->name, m->line);
	}
}
