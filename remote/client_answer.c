/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "remote/client_in.h"
#include "remote/merge.h"

/* The far data are fresh or not; what came meanwhile is asked for. */
static void
far_fresh(struct client *c, bool fresh)
{
	if (fresh && !c->far_ok)
		client_ask_all(c);
	c->far_ok = fresh;
}

/* Where variables came up, what can be set and commanded may have come with them: a driver
 * that starts shows nothing but ups.status at first. */
static void
ask_if_grown(struct client *c, size_t before)
{
	if (c->state->nvars <= before)
		return;
	ask_once(&c->asks, ASK_LIST_RW, NULL);
	ask_once(&c->asks, ASK_LIST_CMD, NULL);
}

/* LIST VAR is complete. */
static void
list_var_end(struct client *c, uint64_t now_ms)
{
	size_t before = c->state->nvars;

	merge_vars(c->state, c->list);
	ask_if_grown(c, before);
	c->list_ms = now_ms + CLIENT_LIST_MS;
	c->far_ok = c->have = true;
	c->away = false;
}

/* LIST RW is complete: what each kind of variable is has to be asked one by one. */
static void
list_rw_end(struct client *c)
{
	for (size_t i = 0; i < c->state->nvars; i++) {
		const struct state_var *v = c->state->vars[i];

		if (state_var(c->list, v->name) == NULL)
			state_flags(c->state, v->name, v->flags & ~(unsigned)STATE_RW);
		else {
			state_flags(c->state, v->name, v->flags | STATE_RW);
			ask_once(&c->asks, ASK_TYPE, v->name);
		}
	}
}

/* One row of a list: `CMD ups name`, `RANGE ups name min max`, or `KIND ups name text`. */
static void
list_row(struct client *c, const struct ask *a, const struct words *w)
{
	struct state *l = c->list;
	const char *name = w->argv[2];

	if (a->kind == ASK_LIST_CMD) {
		if (l->ncmds < MERGE_MAX)
			state_cmd_add(l, name);
		return;
	}
	if (w->argc < 4)
		return;
	if (a->kind == ASK_LIST_VAR || a->kind == ASK_LIST_RW) {
		if (l->nvars < MERGE_MAX)
			state_set(l, name, w->argv[3]);
		return;
	}
	if (strcmp(name, a->name) != 0)
		return;
	if (state_var(l, name) == NULL && !state_set(l, name, ""))
		return;
	if (a->kind == ASK_ENUM && state_var(l, name)->nenums < MERGE_MAX)
		state_enum_add(l, name, w->argv[3]);
	else if (a->kind == ASK_RANGE && w->argc >= 5 &&
		 state_var(l, name)->nranges < MERGE_MAX)
		state_range_add(
		    l, name, strtol(w->argv[3], NULL, 10), strtol(w->argv[4], NULL, 10));
}

static void
list_end(struct client *c, const struct ask *a, uint64_t now_ms)
{
	if (a->kind == ASK_LIST_VAR)
		list_var_end(c, now_ms);
	else if (a->kind == ASK_LIST_RW)
		list_rw_end(c);
	else if (a->kind == ASK_LIST_CMD)
		merge_cmds(c->state, c->list);
	else if (a->kind == ASK_ENUM)
		merge_enums(c->state, c->list, a->name);
	else
		merge_ranges(c->state, c->list, a->name);
}

/* A line of a list. Returns true when it was the last. */
static bool
answer_list(struct client *c, const struct ask *a, const struct words *w, uint64_t now_ms)
{
	if (strcasecmp(w->argv[0], "BEGIN") == 0)
		c->inside = true;
	else if (c->inside && strcasecmp(w->argv[0], "END") == 0) {
		list_end(c, a, now_ms);
		return true;
	} else if (c->inside && w->argc >= 3 && strcasecmp(w->argv[1], c->ups) == 0)
		list_row(c, a, w);
	return false;
}

/* `VAR ups ups.status "text"`; a new text means that more has changed. */
static void
answer_status(struct client *c, const struct words *w)
{
	far_fresh(c, true);
	if (w->argc >= 4 && merge_var(c->state, "ups.status", w->argv[3]))
		ask_once(&c->asks, ASK_LIST_VAR, NULL);
}

/* `TYPE ups name RW ENUM`, `… RANGE NUMBER`, `… STRING:32`. */
static void
answer_type(struct client *c, const struct ask *a, const struct words *w)
{
	unsigned flags = 0;
	long aux = 0;

	for (int i = 3; i < w->argc; i++) {
		if (strcasecmp(w->argv[i], "RW") == 0)
			flags |= STATE_RW;
		else if (strcasecmp(w->argv[i], "NUMBER") == 0)
			flags |= STATE_NUMBER;
		else if (strcasecmp(w->argv[i], "ENUM") == 0)
			ask_once(&c->asks, ASK_ENUM, a->name);
		else if (strcasecmp(w->argv[i], "RANGE") == 0)
			ask_once(&c->asks, ASK_RANGE, a->name);
		else if (strncasecmp(w->argv[i], "STRING", 6) == 0) {
			flags |= STATE_STRING;
			if (w->argv[i][6] == ':')
				aux = strtol(w->argv[i] + 7, NULL, 10);
		}
	}
	state_flags(c->state, a->name, flags);
	state_aux(c->state, a->name, aux > 0 ? aux : 0);
}

/* An answer that is no error. Returns true when it is complete. */
static bool
answer_ok(struct client *c, const struct ask *a, const struct words *w, uint64_t now_ms)
{
	switch (a->kind) {
	case ASK_STARTTLS: /* client_answer() has seen to it */
	case ASK_SUBSCRIBE:
		c->push = true;
		return true;
	case ASK_LIST_VAR:
	case ASK_LIST_RW:
	case ASK_LIST_CMD:
	case ASK_ENUM:
	case ASK_RANGE:
		return answer_list(c, a, w, now_ms);
	case ASK_STATUS:
		answer_status(c, w);
		return true;
	case ASK_TYPE:
		answer_type(c, a, w);
		return true;
	case ASK_USERNAME:
	case ASK_PASSWORD:
		return true;
	case ASK_LOGIN:
	case ASK_PRIMARY:
	case ASK_MASTER:
	case ASK_FSD:
		client_login_answer(c, a, NULL, now_ms);
		return true;
	case ASK_LOGINS:
		client_logins_answer(c, w);
		return true;
	case ASK_INSTCMD:
	case ASK_SET:
		client_result_add(c, a->ticket, DSERVER_DONE);
		return true;
	}
	return true;
}

/* What an error word says of a command or setting. */
static enum dserver_status
command_status(const char *word)
{
	static const struct {
		const char *word;
		enum dserver_status status;
	} rows[] = {
	    {"CMD-NOT-SUPPORTED", DSERVER_UNKNOWN},
	    {"VAR-NOT-SUPPORTED", DSERVER_UNKNOWN},
	    {"UNKNOWN-COMMAND", DSERVER_UNKNOWN},
	    {"INVALID-ARGUMENT", DSERVER_INVALID},
	    {"INVALID-VALUE", DSERVER_INVALID},
	    {"READONLY", DSERVER_INVALID},
	    {"TOO-LONG", DSERVER_INVALID},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (strcmp(rows[i].word, word) == 0)
			return rows[i].status;
	return DSERVER_FAILED;
}

/* `OK STARTTLS`; or the server has no TLS: it is done without, or not at all. */
static int
answer_starttls(struct client *c, const struct words *w)
{
	if (strcasecmp(w->argv[0], "OK") == 0) {
		c->securing = true;
		return 1;
	}
	if (c->tls == CLIENT_TLS_FORCE)
		return client_broken(c,
		    "it has no TLS (%.32s %.32s), and without it there is no login: give "
		    "it a certificate (CERTFILE in upsd.conf there), or do not demand "
		    "TLS "
		    "(FORCESSL, CERTVERIFY, CERTHOST in upsmon.conf here)",
		    w->argv[0], w->argc > 1 ? w->argv[1] : "");
	client_begin(c);
	return 1;
}

/* `ERR WORD`. Only the variables themselves are indispensable. */
static int
answer_err(struct client *c, const struct ask *a, const char *word, uint64_t now_ms)
{
	if (ask_has_ticket(a))
		client_result_add(c, a->ticket, command_status(word));
	else if (a->kind == ASK_LOGIN || a->kind == ASK_PRIMARY ||
		 a->kind == ASK_MASTER || a->kind == ASK_FSD)
		client_login_answer(c, a, word, now_ms);
	else if (a->kind == ASK_SUBSCRIBE) {
		c->polling = true;
		c->polled_ms = now_ms;
		c->list_ms = now_ms + CLIENT_LIST_MS;
	} else if (a->kind == ASK_LIST_VAR || a->kind == ASK_STATUS) {
		if (strcmp(word, "DATA-STALE") == 0 ||
		    strcmp(word, "DRIVER-NOT-CONNECTED") == 0)
			far_fresh(c, false);
		else if (strcmp(word, "UNKNOWN-UPS") == 0)
			return client_broken(
			    c, "it has no UPS \"%s\" (upsc -l lists its UPSes)", c->ups);
		else if (a->kind == ASK_LIST_VAR)
			return client_broken(c, "it answers ERR %.64s to LIST VAR", word);
	}
	return 0;
}

/* BEAT has done its work by coming. */
void
client_notify(struct client *c, const struct words *w)
{
	size_t before = c->state->nvars;

	if (!c->push || w->argc < 4 || strcasecmp(w->argv[2], c->ups) != 0)
		return;
	if (strcmp(w->argv[1], "VAR") == 0 && w->argc >= 5)
		merge_var(c->state, w->argv[3], w->argv[4]);
	else if (strcmp(w->argv[1], "DELVAR") == 0)
		merge_del(c->state, w->argv[3]);
	else if (strcmp(w->argv[1], "DRIVER") == 0)
		far_fresh(c, strcmp(w->argv[3], "OK") == 0);
	ask_if_grown(c, before);
}

int
client_answer(struct client *c, const struct words *w, uint64_t now_ms)
{
	const struct ask *a = STAILQ_FIRST(&c->asks);

	if (a->kind == ASK_STARTTLS)
		return answer_starttls(c, w);
	if (strcasecmp(w->argv[0], "ERR") != 0)
		return answer_ok(c, a, w, now_ms) ? 1 : 0;
	return answer_err(c, a, w->argc > 1 ? w->argv[1] : "", now_ms) < 0 ? -1 : 1;
}
