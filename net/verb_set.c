/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "net/lookup.h"
#include "net/reply.h"
#include "net/verbs.h"

/* True when the text is one of the values that the variable may have. */
static bool
in_enum(const struct state_var *v, const char *value)
{
	for (size_t i = 0; i < v->nenums; i++)
		if (strcmp(v->enums[i], value) == 0)
			return true;
	return false;
}

/* True when the text is a number within one of the variable's ranges. */
static bool
in_range(const struct state_var *v, const char *value)
{
	char *end;
	double number = strtod(value, &end);

	if (end == value || *end != '\0')
		return false;
	for (size_t i = 0; i < v->nranges; i++)
		if (number >= (double)v->ranges[i].min &&
		    number <= (double)v->ranges[i].max)
			return true;
	return false;
}

static bool
printable(const char *text)
{
	while (*text >= ' ' && *text <= '~')
		text++;
	return *text == '\0';
}

/* The word for why the variable cannot take this value, or NULL. */
static const char *
refusal(const struct state_var *v, const char *value)
{
	size_t longest = v->aux > 0 ? (size_t)v->aux : STATE_VALUE_MAX;

	if (!(v->flags & STATE_RW))
		return "READONLY";
	if (v->flags & STATE_STRING && strlen(value) > longest)
		return "TOO-LONG";
	if (strlen(value) > STATE_VALUE_MAX)
		return "TOO-LONG";
	if (v->nenums > 0 && !in_enum(v, value))
		return "INVALID-VALUE";
	if (v->nranges > 0 && !in_range(v, value))
		return "INVALID-VALUE";
	return printable(value) ? NULL : "INVALID-VALUE";
}

/* SET VAR ups variable value. RFC 9271. */
static void
set_var(struct session *s, int argc, char **argv, struct buf *out)
{
	struct request r = {.verb = s->tracking ? REQUEST_SET_TRACKED : REQUEST_SET};
	const struct feed_ups *u = session_fresh_ups(s, argv[1], out);
	const struct conf_user *account;
	const struct state_var *v;
	const char *word;

	if (u == NULL)
		return;
	if (!session_account(s, &account))
		return;
	if (account == NULL || !account->action_set) {
		session_deny(s, "SET", out);
		return;
	}
	v = lookup_var(u->state, argv[2]);
	word = v == NULL ? "VAR-NOT-SUPPORTED" : refusal(v, argv[3]);
	if (word != NULL) {
		reply_err(out, word);
		return;
	}
	r.ups = u->name;
	r.name = v->name;
	r.value = argv[3];
	session_ask(s, SESSION_SET, &r, out);
}

static const struct verb kinds[] = {
    {"VAR", 0, 3, -1, set_var},
    {"TRACKING", 0, 1, -1, verb_set_tracking},
    {NULL, 0, 0, 0, NULL},
};

void
verb_set(struct session *s, int argc, char **argv, struct buf *out)
{
	verbs_by_table(kinds, "INVALID-ARGUMENT", s, argc - 1, argv + 1, out);
}
