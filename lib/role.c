/* SPDX-License-Identifier: ISC */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "lib/paths.h"
#include "lib/role.h"
#include "lib/xmem.h"

/* A server has the names that net and out look for: there is one in a STATEPATH, as there
 * is one on a port. */
static const struct {
	const char *word, *name, *prefix, *pidfile, *folder;
} roles[] = {
    [ROLE_ALL] = {NULL, "holdupd", "holdup", "holdupd.pid", NULL},
    [ROLE_SERVER] = {"server", "upsd", "holdup", "upsd.pid", "NUT_ALTPIDPATH"},
    [ROLE_MONITOR] = {"monitor", "upsmon", "upsmon", "upsmon.pid", "NUT_PIDPATH"},
};

int
role_find(const char *name)
{
	for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++)
		if (roles[i].word != NULL && strcmp(roles[i].word, name) == 0)
			return (int)i;
	return -1;
}

const char *
role_word(enum role role)
{
	return roles[role].word;
}

const char *
role_prefix(enum role role)
{
	return roles[role].prefix;
}

const char *
role_name(enum role role)
{
	return roles[role].name;
}

char *
role_pidfile(enum role role)
{
	const char *variable = roles[role].folder;
	const char *folder = variable == NULL ? NULL : getenv(variable);

	if (folder == NULL || *folder == '\0')
		return paths_state(roles[role].pidfile);
	return xasprintf("%s/%s", folder, roles[role].pidfile);
}
