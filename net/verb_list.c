/* SPDX-License-Identifier: ISC */
#include <inttypes.h>

#include "net/failures.h"
#include "net/reply.h"
#include "net/verbs.h"

#define NO_UPSDESC "Description unavailable" /* as upsd; GET UPSDESC has another text */

/* LIST UPS: real names only. RFC 9271. */
static void
list_ups(struct session *s, int argc, char **argv, struct buf *out)
{
	const struct feed *f = s->host->feed;
	uint32_t look = session_profile(s)->look;

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
	text = listcache_get(&s->host->cache, u, argv[1], session_look(s, u));
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
			    reply_value(session_look(s, u), u, v));
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

/* True for somebody who may know who else is there: from this machine, or with an account.
 * False when that was refused, or the verb is to be run again. */
static bool
may_know(struct session *s, const char *verb, struct buf *out)
{
	static const struct allow here = {.kind = ALLOW_LOCALHOST};
	const struct conf_user *account;

	if (allow_matches(&here, s->address, s->host->nets))
		return true;
	if (!session_account(s, &account))
		return false;
	if (account == NULL)
		session_deny(s, verb, out);
	return account != NULL;
}

/* LIST MACHINE: the machines of holdup.conf, and how each stands (docs/plan.md, 8); ours,
 * additive. */
static void
list_machine(struct session *s, int argc, char **argv, struct buf *out)
{
	const struct feed *f = s->host->feed;

	if (!may_know(s, "LIST MACHINE", out))
		return;
	reply_list(out, "BEGIN", "MACHINE", NULL, NULL);
	for (size_t i = 0; i < f->nmachines; i++) {
		buf_puts(out, "MACHINE");
		feed_word(out, f->machines[i].name);
		buf_printf(out, " %s ", f->machines[i].stand);
		reply_quoted(out, f->machines[i].why);
		buf_puts(out, "\n");
	}
	reply_list(out, "END", "MACHINE", NULL, NULL);
}

/* LIST READER ups: who reads, logged in or not (docs/serving.md, 5); ours, additive. */
static void
list_reader(struct session *s, int argc, char **argv, struct buf *out)
{
	const struct session_host *h = s->host;
	const struct feed_ups *u = session_ups(s, argv[1], out);
	char asks[READER_ASKS_MAX];
	const struct reader *r;
	size_t i = 0;

	if (u == NULL || !may_know(s, "LIST READER", out))
		return;
	reply_list(out, "BEGIN", "READER", argv[1], NULL);
	while ((r = readers_next(&h->readers, u->name, &i)) != NULL) {
		buf_printf(
		    out, "READER %s %s %s ", argv[1], r->address, conf_profiles[r->kind]);
		reply_quoted(out, profile_text(0, r->account));
		buf_printf(out, " %" PRIu64 " %lu %u ", (h->now - r->used) / 1000,
		    r->requests, failures_count(&h->failures, r->address));
		reply_quoted(out, reader_asks(r, asks));
		buf_puts(out, "\n");
	}
	reply_list(out, "END", "READER", argv[1], NULL);
}

/* LIST MISS: what somebody asked for that is not there; ours, additive. */
static void
list_miss(struct session *s, int argc, char **argv, struct buf *out)
{
	const struct session_host *h = s->host;

	if (!may_know(s, "LIST MISS", out))
		return;
	reply_list(out, "BEGIN", "MISS", NULL, NULL);
	for (size_t i = 0; i < MISSES_MAX; i++) {
		const struct miss *m = &h->misses.list[i];

		if (m->last == 0)
			continue;
		buf_printf(out, "MISS %s %s ", m->address, miss_word(m->sort));
		reply_quoted(out, profile_text(0, m->name));
		buf_printf(
		    out, " %lu %" PRIu64 "\n", m->count, (h->now - m->last) / 1000);
	}
	reply_list(out, "END", "MISS", NULL, NULL);
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
		    profile_text(session_profile(s)->look, v->enums[i]));
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
    {"READER", 0, 1, -1, list_reader},
    {"MACHINE", 0, 0, -1, list_machine},
    {"MISS", 0, 0, -1, list_miss},
    {NULL, 0, 0, 0, NULL},
};

void
verb_list(struct session *s, int argc, char **argv, struct buf *out)
{
	verbs_by_table(kinds, "INVALID-ARGUMENT", s, argc - 1, argv + 1, out);
}
