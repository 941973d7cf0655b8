/* SPDX-License-Identifier: ISC */
#include <strings.h>

#include "lib/names.h"
#include "net/reply.h"
#include "net/verbs.h"

#define NO_DESC "Description unavailable" /* what upsd says; clients know it */
#define NO_UPSDESC "Unavailable"

/* What the server itself is; no UPS has such a variable, and no list. */
static bool
get_server_var(struct session *s, char **argv, struct buf *out)
{
	const char *text = NULL;

	if (strcasecmp(argv[2], "server.info") == 0)
		text = VERBS_VERSION;
	else if (strcasecmp(argv[2], "server.version") == 0)
		text = VERBS_NUT_VERSION;
	if (text == NULL)
		return false;
	if (session_fresh_ups(s, argv[1], out) != NULL)
		reply_var(out, "VAR", argv[1], argv[2], text);
	return true;
}

/* GET VAR ups variable. RFC 9271. */
static void
get_var(struct session *s, int argc, char **argv, struct buf *out)
{
	const struct feed_ups *u;
	const struct state_var *v;

	if (strncasecmp(argv[2], "server.", 7) == 0 && get_server_var(s, argv, out))
		return;
	v = session_fresh_var(s, argv[1], argv[2], &u, out);
	if (v == NULL)
		return;
	reply_var(out, "VAR", argv[1], argv[2], reply_value(session_look(s, u), u, v));
	session_answered(s, u);
}

/* GET TYPE ups variable: what is neither text nor a choice counts as a number. */
static void
get_type(struct session *s, int argc, char **argv, struct buf *out)
{
	const struct feed_ups *u;
	const struct state_var *v = session_fresh_var(s, argv[1], argv[2], &u, out);

	if (v == NULL)
		return;
	buf_printf(out, "TYPE %s %s%s%s%s", argv[1], argv[2],
	    v->flags & STATE_RW ? " RW" : "", v->nenums > 0 ? " ENUM" : "",
	    v->nranges > 0 ? " RANGE" : "");
	if (v->flags & STATE_STRING)
		buf_printf(out, " STRING:%ld\n", v->aux);
	else
		buf_puts(out, " NUMBER\n");
}

/* Answers a description of a name that need not exist on this UPS. */
static void
describe(struct session *s, char **argv, const char *kind, const char *unsupported,
    const char *(*find)(const char *), struct buf *out)
{
	const char *text;

	if (session_fresh_ups(s, argv[1], out) == NULL)
		return;
	if (!state_name_ok(argv[2])) {
		reply_err(out, unsupported);
		return;
	}
	text = find(argv[2]);
	reply_var(out, kind, argv[1], argv[2], text == NULL ? NO_DESC : text);
}

static void
get_desc(struct session *s, int argc, char **argv, struct buf *out)
{
	describe(s, argv, "DESC", "VAR-NOT-SUPPORTED", names_var, out);
}

static void
get_cmddesc(struct session *s, int argc, char **argv, struct buf *out)
{
	describe(s, argv, "CMDDESC", "CMD-NOT-SUPPORTED", names_cmd, out);
}

/* GET UPSDESC ups, GET NUMLOGINS ups: known without fresh data too. */
static void
get_upsdesc(struct session *s, int argc, char **argv, struct buf *out)
{
	const struct feed_ups *u = session_ups(s, argv[1], out);

	if (u == NULL)
		return;
	reply_var(out, "UPSDESC", argv[1], NULL,
	    u->desc == NULL || *u->desc == '\0'
		? NO_UPSDESC
		: profile_text(session_profile(s)->look, u->desc));
}

static void
get_numlogins(struct session *s, int argc, char **argv, struct buf *out)
{
	const struct feed_ups *u = session_ups(s, argv[1], out);

	if (u != NULL)
		buf_printf(out, "NUMLOGINS %s %zu\n", argv[1], u->nlogins);
}

static const struct verb kinds[] = {
    {"VAR", 0, 2, -1, get_var},
    {"TYPE", 0, 2, -1, get_type},
    {"DESC", 0, 2, -1, get_desc},
    {"CMDDESC", 0, 2, -1, get_cmddesc},
    {"UPSDESC", 0, 1, -1, get_upsdesc},
    {"NUMLOGINS", 0, 1, -1, get_numlogins},
    {"TRACKING", 0, 0, -1, verb_get_tracking},
    {NULL, 0, 0, 0, NULL},
};

void
verb_get(struct session *s, int argc, char **argv, struct buf *out)
{
	verbs_by_table(kinds, "INVALID-ARGUMENT", s, argc - 1, argv + 1, out);
}
