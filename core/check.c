/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/check.h"

const char *
check_instcmd(const struct state *s, const char *cmd)
{
	return state_cmd_has(s, cmd) ? NULL : "CMD-NOT-SUPPORTED";
}

static bool
in_enums(const struct state_var *v, const char *value)
{
	for (size_t i = 0; i < v->nenums; i++)
		if (strcmp(v->enums[i], value) == 0)
			return true;
	return false;
}

static bool
in_ranges(const struct state_var *v, const char *value)
{
	char *end;
	long number;

	errno = 0;
	number = strtol(value, &end, 10);
	if (end == value || *end != '\0' || errno != 0)
		return false;
	for (size_t i = 0; i < v->nranges; i++)
		if (number >= v->ranges[i].min && number <= v->ranges[i].max)
			return true;
	return false;
}

const char *
check_set(const struct state *s, const char *var, const char *value)
{
	const struct state_var *v = state_var(s, var);

	if (v == NULL)
		return "VAR-NOT-SUPPORTED";
	if ((v->flags & STATE_RW) == 0)
		return "READONLY";
	if ((v->flags & STATE_STRING) != 0 && v->aux > 0 &&
	    strlen(value) > (size_t)v->aux)
		return "TOO-LONG";
	if (v->nenums + v->nranges > 0 && !in_enums(v, value) && !in_ranges(v, value))
		return "INVALID-VALUE";
	return NULL;
}
