/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/state.h"
#include "lib/xmem.h"

struct state *
state_new(void)
{
	return xcalloc(1, sizeof(struct state));
}

static void
var_free(struct state_var *v)
{
	for (size_t i = 0; i < v->nenums; i++)
		free(v->enums[i]);
	free(v->enums);
	free(v->ranges);
	free(v->name);
	free(v->text);
	free(v);
}

void
state_clear(struct state *s)
{
	for (size_t i = 0; i < s->nvars; i++)
		var_free(s->vars[i]);
	for (size_t i = 0; i < s->ncmds; i++)
		free(s->cmds[i]);
	s->nvars = s->ncmds = 0;
	s->changes++;
}

void
state_free(struct state *s)
{
	if (s == NULL)
		return;
	state_clear(s);
	free(s->vars);
	free(s->cmds);
	free(s);
}

bool
state_name_ok(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len > STATE_NAME_MAX)
		return false;
	for (; *name != '\0'; name++)
		if (*name <= ' ' || *name > '~' || *name == '"' || *name == '\\')
			return false;
	return true;
}

/* Where `name` stands or would stand among the sorted variables. */
static size_t
var_place(const struct state *s, const char *name, bool *found)
{
	size_t low = 0, high = s->nvars;

	*found = false;
	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = strcmp(s->vars[mid]->name, name);

		if (order == 0) {
			*found = true;
			return mid;
		}
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct state_var *
var_find(const struct state *s, const char *name)
{
	bool found;
	size_t place = var_place(s, name, &found);

	return found ? s->vars[place] : NULL;
}

const struct state_var *
state_var(const struct state *s, const char *name)
{
	return var_find(s, name);
}

const char *
state_get(const struct state *s, const char *name)
{
	const struct state_var *v = var_find(s, name);

	return v == NULL ? NULL : v->text;
}

/* A copy fit to be a value: of bounded length, without control characters. */
static char *
clean_text(const char *text)
{
	char *copy = xstrndup(text, STATE_VALUE_MAX);

	for (char *c = copy; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
	return copy;
}

bool
state_set(struct state *s, const char *name, const char *text)
{
	struct state_var *v;
	bool found;
	size_t place = var_place(s, name, &found);
	char *copy;

	if (!found && !state_name_ok(name))
		return false;
	copy = clean_text(text);
	if (found) {
		v = s->vars[place];
		if (strcmp(v->text, copy) == 0) {
			free(copy);
			return false;
		}
		free(v->text);
	} else {
		v = xcalloc(1, sizeof(*v));
		v->name = xstrdup(name);
		s->vars = xreallocarray(s->vars, s->nvars + 1, sizeof(*s->vars));
		memmove(&s->vars[place + 1], &s->vars[place],
		    (s->nvars - place) * sizeof(*s->vars));
		s->vars[place] = v;
		s->nvars++;
	}
	v->text = copy;
	s->changes++;
	return true;
}

bool
state_setf(struct state *s, const char *name, const char *format, ...)
{
	char text[STATE_VALUE_MAX + 1];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return state_set(s, name, text);
}

bool
state_del(struct state *s, const char *name)
{
	bool found;
	size_t place = var_place(s, name, &found);

	if (!found)
		return false;
	var_free(s->vars[place]);
	s->nvars--;
	memmove(
	    &s->vars[place], &s->vars[place + 1], (s->nvars - place) * sizeof(*s->vars));
	s->changes++;
	return true;
}

bool
state_flags(struct state *s, const char *name, unsigned flags)
{
	struct state_var *v = var_find(s, name);

	if (v == NULL || v->flags == flags)
		return false;
	v->flags = flags;
	s->changes++;
	return true;
}

bool
state_aux(struct state *s, const char *name, long aux)
{
	struct state_var *v = var_find(s, name);

	if (v == NULL || v->aux == aux)
		return false;
	v->aux = aux;
	s->changes++;
	return true;
}

static size_t
enum_place(const struct state_var *v, const char *value)
{
	size_t i = 0;

	while (i < v->nenums && strcmp(v->enums[i], value) != 0)
		i++;
	return i;
}

bool
state_enum_add(struct state *s, const char *name, const char *value)
{
	struct state_var *v = var_find(s, name);
	char *copy;

	if (v == NULL)
		return false;
	copy = clean_text(value);
	if (enum_place(v, copy) < v->nenums) {
		free(copy);
		return false;
	}
	v->enums = xreallocarray(v->enums, v->nenums + 1, sizeof(*v->enums));
	v->enums[v->nenums++] = copy;
	s->changes++;
	return true;
}

bool
state_enum_del(struct state *s, const char *name, const char *value)
{
	struct state_var *v = var_find(s, name);
	char *copy;
	size_t place;

	if (v == NULL)
		return false;
	copy = clean_text(value);
	place = enum_place(v, copy);
	free(copy);
	if (place == v->nenums)
		return false;
	free(v->enums[place]);
	v->nenums--;
	memmove(&v->enums[place], &v->enums[place + 1],
	    (v->nenums - place) * sizeof(*v->enums));
	s->changes++;
	return true;
}

static size_t
range_place(const struct state_var *v, long min, long max)
{
	size_t i = 0;

	while (i < v->nranges && (v->ranges[i].min != min || v->ranges[i].max != max))
		i++;
	return i;
}

bool
state_range_add(struct state *s, const char *name, long min, long max)
{
	struct state_var *v = var_find(s, name);

	if (v == NULL || range_place(v, min, max) < v->nranges)
		return false;
	v->ranges = xreallocarray(v->ranges, v->nranges + 1, sizeof(*v->ranges));
	v->ranges[v->nranges++] = (struct state_range){.min = min, .max = max};
	s->changes++;
	return true;
}

bool
state_range_del(struct state *s, const char *name, long min, long max)
{
	struct state_var *v = var_find(s, name);
	size_t place;

	if (v == NULL || (place = range_place(v, min, max)) == v->nranges)
		return false;
	v->nranges--;
	memmove(&v->ranges[place], &v->ranges[place + 1],
	    (v->nranges - place) * sizeof(*v->ranges));
	s->changes++;
	return true;
}

/* Where the command stands or would stand; there are at most some forty. */
static size_t
cmd_place(const struct state *s, const char *name)
{
	size_t i = 0;

	while (i < s->ncmds && strcmp(s->cmds[i], name) < 0)
		i++;
	return i;
}

bool
state_cmd_has(const struct state *s, const char *name)
{
	size_t place = cmd_place(s, name);

	return place < s->ncmds && strcmp(s->cmds[place], name) == 0;
}

bool
state_cmd_add(struct state *s, const char *name)
{
	size_t place = cmd_place(s, name);

	if (!state_name_ok(name) || state_cmd_has(s, name))
		return false;
	s->cmds = xreallocarray(s->cmds, s->ncmds + 1, sizeof(*s->cmds));
	memmove(
	    &s->cmds[place + 1], &s->cmds[place], (s->ncmds - place) * sizeof(*s->cmds));
	s->cmds[place] = xstrdup(name);
	s->ncmds++;
	s->changes++;
	return true;
}

bool
state_cmd_del(struct state *s, const char *name)
{
	size_t place = cmd_place(s, name);

	if (!state_cmd_has(s, name))
		return false;
	free(s->cmds[place]);
	s->ncmds--;
	memmove(
	    &s->cmds[place], &s->cmds[place + 1], (s->ncmds - place) * sizeof(*s->cmds));
	s->changes++;
	return true;
}

bool
state_status_has(const char *status, const char *word)
{
	size_t len = strlen(word);

	while (*status != '\0') {
		size_t n = strcspn(status, " ");

		if (n == len && strncmp(status, word, len) == 0)
			return true;
		status += n;
		status += strspn(status, " ");
	}
	return false;
}
