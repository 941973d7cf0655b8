/* SPDX-License-Identifier: ISC */
#include "check/check.h"

/* Machines of holdup.conf whose login nobody could have. */
void
check_machines(const struct check_conf *c, struct check_list *out)
{
	for (size_t i = 0; i < c->own.nmachines; i++) {
		const struct conf_machine *m = &c->own.machines[i];
		const struct conf_user *u;

		if (m->login == NULL)
			continue;
		u = users_conf_find(&c->users, m->login);
		if (u == NULL)
			check_add(out, CHECK_ERROR, c->files[CHECK_HOLDUP].path, m->line,
			    "[machine %s]: upsd.users has no [%s], so nobody logs in by "
			    "it",
			    m->name, m->login);
		else if (u->upsmon == USER_UPSMON_NONE)
			check_add(out, CHECK_ERROR, c->files[CHECK_HOLDUP].path, m->line,
			    "[machine %s]: [%s] (upsd.users:%d) has no line \"upsmon "
			    "secondary\": its login is refused",
			    m->name, m->login, u->line);
	}
}
