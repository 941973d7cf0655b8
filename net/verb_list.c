/* SPDX-License-Identifier: ISC */
#include "net/reply.h"
#include "net/verbs.h"

#define NO_UPSDESC "Description unavailable" /* as upsd; GET UPSDESC has another text */

/* LIST UPS: real names only. RFC 9271. */
static void
list_ups(struct session *s, int argc, char **argv, struct buf *out)
{
	const struct feed *f = s->host->feed;
	uint32_t look = session_look(s);

	if (!f->whole) {
		reply_err(out, "DRIVER-NOT-CONNECTED");
		return;
	}
	reply_list(out, "BEGIN", "UPS", NULL, NULL);
	for (size_t i = 0; i < f->nupses; i++) {
		const struct feed_ups *u = f->upses[i];

		reply_var(out, "UPS", u->name, NULL,
		    u->desc == NULL || *u->desc == '\0' ? NO_UPSDESC
							: profile_text(look, u->desc));
	}
	reply_list(out, "END", "UPS", NULL, NULL);
}

static void
list_var(struct session *s, int argc, char **argv, struct buf *out)
{
	const struct feed_ups *u = session_fresh_ups(s, argv[1], out);
	const struct buf *text;

	if (u == NULL)
		return;
	text = listcache_get(&s->host->cache, u, argv[1], session_look(s));
	buf_add(out, buf_head(text), text->len);
}

static void
list_rw(struct session *s, int argc, char **argv, struct buf *out)
{
	const struct feed_ups *u = session_fresh_ups(s, argv[1], out);

	if (u == NULL)
		return;
	reply_list(out, "BEGIN", "RW", argv[1], NULL);
	for (size_t i = 0; i < u->state->nvars; i++) {
		const struct state_var *v = u->state->vars[i];

		if (v->flags & STATE_RW)
			reply_var(out, "RW", argv[1], v->name,
			    reply_value(session_look(s), u, v));
	}
	reply_list(out, "END", "RW", argv[1], NULL);
}

static void
list_cmd(struct session *s, int argc, char **argv, struct buf *out)
{
	const struct feed_ups *u = session_fresh_ups(s, argv[1], out);

	if (u == NULL)
		return;
	reply_list(out, "BEGIN", "CMD", argv[1], NULL);
	for (size_t i = 0; i < u->state->ncmds; i++)
		buf_printf(out, "CMD %s %s\n", argv[1], u->state->cmds[i]);
	reply_list(out, "END", "CMD", argv[1], NULL);
}

/* LIST CLIENT: who has logged in, known without fresh data too. */
static void
list_client(struct session *s, int argc, char **argv, struct buf *out)
{
	const struct feed_ups *u = session_ups(s, argv[1], out);

	if (u == NULL)
		return;
	reply_list(out, "BEGIN", "CLIENT", argv[1], NULL);
	for (size_t i = 0; i < u->nlogins; i++)
		buf_printf(out, "CLIENT %s %s\n", argv[1], u->logins[i].address);
	reply_list(out, "END", "CLIENT", argv[1], NULL);
}

static void
list_enum(struct session *s, int argc, char **argv, struct buf *out)
{
	const struct state_var *v = session_fresh_var(s, argv[1], argv[2], NULL, out);

	if (v == NULL)
		return;
	reply_list(out, "BEGIN", "ENUM", argv[1], argv[2]);
	for (size_t i = 0; i < v->nenums; i++)
		reply_var(out, "ENUM", argv[1], argv[2],
		    profile_text(session_look(s), v->enums[i]));
	reply_list(out, "END", "ENUM", argv[1], argv[2]);
}

static void
list_range(struct session *s, int argc, char **argv, struct buf *out)
{
	const struct state_var *v = session_fresh_var(s, argv[1], argv[2], NULL, out);

	if (v == NULL)
		return;
	reply_list(out, "BEGIN", "RANGE", argv[1], argv[2]);
	for (size_t i = 0; i < v->nranges; i++)
		buf_printf(out, "RANGE %s %s \"%ld\" \"%ld\"\n", argv[1], argv[2],
		    v->ranges[i].min, v->ranges[i].max);
	reply_list(out, "END", "RANGE", argv[1], argv[2]);
}

static const struct verb kinds[] = {
    {"VAR", 0, 1, -1, list_var},
    {"UPS", 0, 0, -1, list_ups},
    {"RW", 0, 1, -1, list_rw},
    {"CMD", 0, 1, -1, list_cmd},
    {"CLIENT", 0, 1, -1, list_client},
    {"ENUM", 0, 2, -1, list_enum},
    {"RANGE", 0, 2, -1, list_range},
    {NULL, 0, 0, 0, NULL},
};

void
verb_list(struct session *s, int argc, char **argv, struct buf *out)
{
	verbs_by_table(kinds, "INVALID-ARGUMENT", s, argc - 1, argv + 1, out);
}
