/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "lib/names.h"
#include "remote/merge.h"

static bool
is_own(const char *name)
{
	return strncmp(name, "driver.", strlen("driver.")) == 0;
}

static bool
is_latched(const struct state *ours, const char *name)
{
	const char *text = state_get(ours, name);

	if (text == NULL || *text == '\0')
		return false;
	for (const char *const *known = names_identity; *known != NULL; known++)
		if (strcmp(*known, name) == 0)
			return true;
	return false;
}

bool
merge_var(struct state *ours, const char *name, const char *text)
{
	if (is_own(name) || is_latched(ours, name))
		return false;
	if (ours->nvars >= MERGE_MAX && state_var(ours, name) == NULL)
		return false;
	return state_set(ours, name, text);
}

bool
merge_del(struct state *ours, const char *name)
{
	return !is_own(name) && !is_latched(ours, name) && state_del(ours, name);
}

void
merge_vars(struct state *ours, const struct state *far)
{
	for (size_t i = ours->nvars; i-- > 0;)
		if (state_var(far, ours->vars[i]->name) == NULL)
			merge_del(ours, ours->vars[i]->name);
	for (size_t i = 0; i < far->nvars; i++)
		merge_var(ours, far->vars[i]->name, far->vars[i]->text);
}

void
merge_cmds(struct state *ours, const struct state *far)
{
	for (size_t i = ours->ncmds; i-- > 0;)
		if (!state_cmd_has(far, ours->cmds[i]))
			state_cmd_del(ours, ours->cmds[i]);
	for (size_t i = 0; i < far->ncmds; i++)
		state_cmd_add(ours, far->cmds[i]);
}

static bool
has_enum(const struct state_var *v, const char *value)
{
	for (size_t i = 0; v != NULL && i < v->nenums; i++)
		if (strcmp(v->enums[i], value) == 0)
			return true;
	return false;
}

void
merge_enums(struct state *ours, const struct state *far, const char *name)
{
	const struct state_var *mine = state_var(ours, name);
	const struct state_var *v = state_var(far, name);

	for (size_t i = mine == NULL ? 0 : mine->nenums; i-- > 0;)
		if (!has_enum(v, mine->enums[i]))
			state_enum_del(ours, name, mine->enums[i]);
	for (size_t i = 0; v != NULL && i < v->nenums; i++)
		state_enum_add(ours, name, v->enums[i]);
}

static bool
has_range(const struct state_var *v, const struct state_range *range)
{
	for (size_t i = 0; v != NULL && i < v->nranges; i++)
		if (v->ranges[i].min == range->min && v->ranges[i].max == range->max)
			return true;
	return false;
}

void
merge_ranges(struct state *ours, const struct state *far, const char *name)
{
	const struct state_var *mine = state_var(ours, name);
	const struct state_var *v = state_var(far, name);

	for (size_t i = mine == NULL ? 0 : mine->nranges; i-- > 0;)
		if (!has_range(v, &mine->ranges[i])) {
			struct state_range old = mine->ranges[i];

			state_range_del(ours, name, old.min, old.max);
		}
	for (size_t i = 0; v != NULL && i < v->nranges; i++)
		state_range_add(ours, name, v->ranges[i].min, v->ranges[i].max);
}
