/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/words.h"
#include "lib/xmem.h"
#include "remote/ask.h"
#include "remote/client.h"
#include "remote/merge.h"

struct result {
	STAILQ_ENTRY(result) entry;
	unsigned long ticket;
	enum dserver_status status;
};

struct client {
	char *ups, *user, *password;
	struct state *state; /* what we show */
	struct state *list;  /* the list that is coming in */
	struct buf out;
	struct asks asks;
	STAILQ_HEAD(results, result) results;
	bool up, waiting;   /* connected; the first of asks is on its way */
	bool push, polling; /* one of them once SUBSCRIBE is answered */
	bool login;         /* USERNAME and PASSWORD were put on this connection */
	bool inside;        /* between BEGIN LIST and END LIST */
	bool far_ok, have;  /* far data fresh; LIST VAR has come once */
	bool listed;        /* LIST VAR was answered on this connection */
	bool heard, away;   /* a line came since up; the grace is over */
	uint64_t asked_ms, heard_ms, lost_ms, poll_ms, list_ms;
	char cause[256];
};

struct client *
client_new(const char *ups, const char *user, const char *password)
{
	struct client *c = xcalloc(1, sizeof(*c));

	c->ups = xstrdup(ups);
	c->user = user == NULL ? NULL : xstrdup(user);
	c->password = password == NULL ? NULL : xstrdup(password);
	c->state = state_new();
	c->list = state_new();
	c->away = true;
	STAILQ_INIT(&c->asks);
	STAILQ_INIT(&c->results);
	return c;
}

void
client_free(struct client *c)
{
	unsigned long ticket;
	enum dserver_status status;

	if (c == NULL)
		return;
	while (!STAILQ_EMPTY(&c->asks))
		ask_pop(&c->asks);
	while (client_result(c, &ticket, &status))
		;
	state_free(c->state);
	state_free(c->list);
	buf_free(&c->out);
	free(c->ups);
	free(c->user);
	free(c->password);
	free(c);
}

struct state *
client_state(struct client *c)
{
	return c->state;
}

bool
client_fresh(const struct client *c)
{
	return c->have && c->far_ok && !c->away;
}

struct buf *
client_out(struct client *c)
{
	return &c->out;
}

const char *
client_cause(const struct client *c)
{
	return c->cause;
}

bool
client_pushed(const struct client *c)
{
	return c->push;
}

bool
client_talks(const struct client *c)
{
	return c->listed;
}

static int __attribute__((format(printf, 2, 3)))
broken(struct client *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(c->cause, sizeof(c->cause), format, args);
	va_end(args);
	return -1;
}

/* Puts the next question when none is on its way. */
static void
pump(struct client *c, uint64_t now_ms)
{
	if (!c->up || c->waiting || STAILQ_EMPTY(&c->asks))
		return;
	ask_format(&c->out, STAILQ_FIRST(&c->asks), c->ups);
	c->waiting = true;
	c->inside = false;
	c->asked_ms = now_ms;
	state_clear(c->list);
}

static void
result_add(struct client *c, unsigned long ticket, enum dserver_status status)
{
	struct result *r = xcalloc(1, sizeof(*r));

	r->ticket = ticket;
	r->status = status;
	STAILQ_INSERT_TAIL(&c->results, r, entry);
}

bool
client_result(struct client *c, unsigned long *ticket, enum dserver_status *status)
{
	struct result *r = STAILQ_FIRST(&c->results);

	if (r == NULL)
		return false;
	*ticket = r->ticket;
	*status = r->status;
	STAILQ_REMOVE_HEAD(&c->results, entry);
	free(r);
	return true;
}

/* Everything there is to know about the UPS, once more. */
static void
ask_all(struct client *c)
{
	ask_once(&c->asks, ASK_LIST_VAR, NULL);
	ask_once(&c->asks, ASK_LIST_RW, NULL);
	ask_once(&c->asks, ASK_LIST_CMD, NULL);
}

void
client_up(struct client *c, uint64_t now_ms)
{
	c->up = true;
	c->waiting = c->push = c->polling = c->login = c->listed = c->heard = false;
	c->heard_ms = now_ms;
	buf_clear(&c->out);
	ask_add(&c->asks, ASK_SUBSCRIBE, NULL, NULL, 0);
	ask_all(c);
	pump(c, now_ms);
}

void
client_down(struct client *c, uint64_t now_ms)
{
	while (!STAILQ_EMPTY(&c->asks)) {
		const struct ask *a = STAILQ_FIRST(&c->asks);

		if (ask_has_ticket(a))
			result_add(c, a->ticket, DSERVER_FAILED);
		ask_pop(&c->asks);
	}
	/* A server that accepts and says nothing does not begin the grace anew. */
	if (c->heard)
		c->lost_ms = now_ms;
	c->up = c->waiting = c->push = c->polling = c->listed = c->heard = false;
	buf_clear(&c->out);
}

/* The far data are fresh or not; what came meanwhile is asked for. */
static void
far_fresh(struct client *c, bool fresh)
{
	if (fresh && !c->far_ok)
		ask_all(c);
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
	case ASK_INSTCMD:
	case ASK_SET:
		result_add(c, a->ticket, DSERVER_DONE);
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

/* `ERR WORD`. Only the variables themselves are indispensable. */
static int
answer_err(struct client *c, const struct ask *a, const char *word, uint64_t now_ms)
{
	if (ask_has_ticket(a))
		result_add(c, a->ticket, command_status(word));
	else if (a->kind == ASK_SUBSCRIBE) {
		c->polling = true;
		c->poll_ms = now_ms + CLIENT_POLL_MS;
		c->list_ms = now_ms + CLIENT_LIST_MS;
	} else if (a->kind == ASK_LIST_VAR || a->kind == ASK_STATUS) {
		if (strcmp(word, "DATA-STALE") == 0 ||
		    strcmp(word, "DRIVER-NOT-CONNECTED") == 0)
			far_fresh(c, false);
		else if (strcmp(word, "UNKNOWN-UPS") == 0)
			return broken(
			    c, "it has no UPS \"%s\" (upsc -l lists its UPSes)", c->ups);
		else if (a->kind == ASK_LIST_VAR)
			return broken(c, "it answers ERR %.64s to LIST VAR", word);
	}
	return 0;
}

/* `NOTIFY VAR|DELVAR|DRIVER ups …`; BEAT has done its work by coming. */
static void
notify(struct client *c, const struct words *w)
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

/* Gives a line that is no NOTIFY to the question on its way. */
static int
answer(struct client *c, const struct words *w, uint64_t now_ms)
{
	const struct ask *a = STAILQ_FIRST(&c->asks);

	if (!c->waiting)
		return 0;
	c->asked_ms = now_ms;
	if (strcasecmp(w->argv[0], "ERR") == 0) {
		if (answer_err(c, a, w->argc > 1 ? w->argv[1] : "", now_ms) < 0)
			return -1;
	} else if (!answer_ok(c, a, w, now_ms))
		return 0;
	c->listed = c->listed || a->kind == ASK_LIST_VAR;
	ask_pop(&c->asks);
	c->waiting = false;
	return 0;
}

int
client_line(struct client *c, const char *line, size_t len, uint64_t now_ms)
{
	struct words w;
	const char *why;
	int status = 0;

	if (!c->up)
		return 0;
	c->heard = true;
	c->heard_ms = now_ms;
	/* A damaged line is worth no reconnect; its loss is made good by the next list. */
	if (words_split(&w, WORDS_PROTOCOL, line, len, &why) < 0 || w.argc == 0)
		return 0;
	if (strcmp(w.argv[0], "NOTIFY") == 0)
		notify(c, &w);
	else
		status = answer(c, &w, now_ms);
	pump(c, now_ms);
	return status;
}

int
client_tick(struct client *c, uint64_t now_ms)
{
	if (!c->up) {
		if (now_ms >= c->lost_ms + CLIENT_GRACE_MS)
			c->away = true;
		return 0;
	}
	if ((c->waiting && now_ms >= c->asked_ms + CLIENT_SILENCE_MS) ||
	    (c->push && now_ms >= c->heard_ms + CLIENT_SILENCE_MS))
		return broken(c, "it was silent for %d s", CLIENT_SILENCE_MS / 1000);
	if (c->polling && now_ms >= c->poll_ms) {
		c->poll_ms = now_ms + CLIENT_POLL_MS;
		ask_once(&c->asks, ASK_STATUS, NULL);
	}
	if (c->polling && now_ms >= c->list_ms) {
		c->list_ms = now_ms + CLIENT_LIST_MS;
		ask_once(&c->asks, ASK_LIST_VAR, NULL);
	}
	pump(c, now_ms);
	return 0;
}

static uint64_t
earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t
client_next(const struct client *c)
{
	uint64_t next = UINT64_MAX;

	if (!c->up)
		return c->away ? next : c->lost_ms + CLIENT_GRACE_MS;
	if (c->waiting)
		next = earlier(next, c->asked_ms + CLIENT_SILENCE_MS);
	if (c->push)
		next = earlier(next, c->heard_ms + CLIENT_SILENCE_MS);
	if (c->polling)
		next = earlier(next, earlier(c->poll_ms, c->list_ms));
	return next;
}

/* Puts a command behind the login that it needs. */
static enum dserver_status
command(struct client *c, enum ask_kind kind, const char *name, const char *value,
    unsigned long ticket, uint64_t now_ms)
{
	if (!c->up || c->user == NULL || c->password == NULL)
		return DSERVER_FAILED;
	if (!state_name_ok(name))
		return DSERVER_UNKNOWN;
	if (!c->login) {
		ask_add(&c->asks, ASK_USERNAME, NULL, c->user, 0);
		ask_add(&c->asks, ASK_PASSWORD, NULL, c->password, 0);
		c->login = true;
	}
	ask_add(&c->asks, kind, name, value, ticket);
	pump(c, now_ms);
	return DSERVER_PENDING;
}

enum dserver_status
client_instcmd(struct client *c, const char *cmd, const char *value, unsigned long ticket,
    uint64_t now_ms)
{
	return command(c, ASK_INSTCMD, cmd, value, ticket, now_ms);
}

enum dserver_status
client_set(struct client *c, const char *var, const char *value, unsigned long ticket,
    uint64_t now_ms)
{
	return command(c, ASK_SET, var, value, ticket, now_ms);
}
