/* SPDX-License-Identifier: ISC */
#include <strings.h>

#include "net/lookup.h"

const struct state_var *
lookup_var(const struct state *s, const char *name)
{
	const struct state_var *v = state_var(s, name);

	for (size_t i = 0; v == NULL && i < s->nvars; i++)
		if (strcasecmp(s->vars[i]->name, name) == 0)
			v = s->vars[i];
	return v;
}

const char *
lookup_cmd(const struct state *s, const char *name)
{
	for (size_t i = 0; i < s->ncmds; i++)
		if (strcasecmp(s->cmds[i], name) == 0)
			return s->cmds[i];
	return NULL;
}
