/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/xmem.h"
#include "remote/client_in.h"

struct client *
client_new(const struct client_options *o)
{
	struct client *c = xcalloc(1, sizeof(*c));

	c->ups = xstrdup(o->ups);
	c->user = o->user == NULL ? NULL : xstrdup(o->user);
	c->password = o->password == NULL ? NULL : xstrdup(o->password);
	c->login = c->user == NULL || c->password == NULL ? CLIENT_READER : o->login;
	c->tls = o->tls;
	c->poll_every_ms = o->poll_ms;
	c->alert_every_ms = o->alert_ms;
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

int
client_broken(struct client *c, const char *format, ...)
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
	if (!c->up || c->waiting || c->securing || STAILQ_EMPTY(&c->asks))
		return;
	ask_format(&c->out, STAILQ_FIRST(&c->asks), c->ups);
	c->waiting = true;
	c->inside = false;
	c->asked_ms = now_ms;
	state_clear(c->list);
}

void
client_result_add(struct client *c, unsigned long ticket, enum dserver_status status)
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

void
client_ask_all(struct client *c)
{
	ask_once(&c->asks, ASK_LIST_VAR, NULL);
	ask_once(&c->asks, ASK_LIST_RW, NULL);
	ask_once(&c->asks, ASK_LIST_CMD, NULL);
}

void
client_begin(struct client *c)
{
	client_login_begin(c);
	ask_add(&c->asks, ASK_SUBSCRIBE, NULL, NULL, 0);
	client_ask_all(c);
}

void
client_up(struct client *c, uint64_t now_ms)
{
	c->up = true;
	c->waiting = c->push = c->polling = c->introduced = false;
	c->listed = c->heard = c->refused = c->granted = false;
	c->securing = c->secured = false;
	c->heard_ms = now_ms;
	buf_clear(&c->out);
	if (c->tls == CLIENT_TLS_NONE || c->plain_next)
		client_begin(c);
	else
		ask_add(&c->asks, ASK_STARTTLS, NULL, NULL, 0);
	c->plain_next = false;
	pump(c, now_ms);
}

bool
client_wants_tls(const struct client *c)
{
	return c->securing;
}

void
client_secured(struct client *c, uint64_t now_ms)
{
	c->securing = false;
	c->secured = true;
	client_begin(c);
	pump(c, now_ms);
}

bool
client_is_secure(const struct client *c)
{
	return c->secured;
}

void
client_down(struct client *c, uint64_t now_ms)
{
	while (!STAILQ_EMPTY(&c->asks)) {
		const struct ask *a = STAILQ_FIRST(&c->asks);

		if (ask_has_ticket(a))
			client_result_add(c, a->ticket, DSERVER_FAILED);
		ask_pop(&c->asks);
	}
	c->plain_next = c->securing && c->tls == CLIENT_TLS_TRY;
	/* A server that accepts and says nothing does not begin the grace anew. */
	if (c->heard)
		c->lost_ms = now_ms;
	c->up = c->waiting = c->push = c->polling = c->listed = c->heard = false;
	c->securing = false;
	buf_clear(&c->out);
}

/* Gives a line that is no NOTIFY to the question on its way. */
static int
answer(struct client *c, const struct words *w, uint64_t now_ms)
{
	int complete;

	if (!c->waiting)
		return 0;
	c->asked_ms = now_ms;
	if ((complete = client_answer(c, w, now_ms)) <= 0)
		return complete;
	c->listed = c->listed || STAILQ_FIRST(&c->asks)->kind == ASK_LIST_VAR;
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
	/* What is said before TLS stands shows no UPS. */
	c->heard = c->heard || STAILQ_EMPTY(&c->asks) ||
		   STAILQ_FIRST(&c->asks)->kind != ASK_STARTTLS;
	c->heard_ms = now_ms;
	/* A damaged line is worth no reconnect; its loss is made good by the next list. */
	if (words_split(&w, WORDS_PROTOCOL, line, len, &why) < 0 || w.argc == 0)
		return 0;
	if (strcmp(w.argv[0], "NOTIFY") == 0)
		client_notify(c, &w);
	else
		status = answer(c, &w, now_ms);
	pump(c, now_ms);
	return status;
}

/* When a polled server is asked for the status again: sooner in the states for which
 * upsmon has POLLFREQALERT. */
static uint64_t
poll_due(const struct client *c)
{
	static const char *const alerts[] = {"OB", "OFF", "BYPASS", "ALARM", "OVER"};
	const char *status = state_get(c->state, "ups.status");
	bool alert = false;

	for (size_t i = 0; i < sizeof(alerts) / sizeof(alerts[0]); i++)
		alert |= status != NULL && state_status_has(status, alerts[i]);
	return c->polled_ms + (alert ? c->alert_every_ms : c->poll_every_ms);
}

int
client_tick(struct client *c, uint64_t now_ms)
{
	if (!c->up) {
		if (now_ms >= c->lost_ms + CLIENT_GRACE_MS)
			c->away = true;
		return 0;
	}
	if (((c->waiting || c->securing) && now_ms >= c->asked_ms + CLIENT_SILENCE_MS) ||
	    (c->push && now_ms >= c->heard_ms + CLIENT_SILENCE_MS))
		return client_broken(
		    c, "it was silent for %d s", CLIENT_SILENCE_MS / 1000);
	if (c->refused && now_ms >= c->login_ms)
		client_login_again(c);
	client_fsd_tick(c, now_ms);
	if (c->polling && now_ms >= poll_due(c)) {
		c->polled_ms = now_ms;
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
	if (c->waiting || c->securing)
		next = earlier(next, c->asked_ms + CLIENT_SILENCE_MS);
	if (c->push)
		next = earlier(next, c->heard_ms + CLIENT_SILENCE_MS);
	if (c->polling)
		next = earlier(next, earlier(poll_due(c), c->list_ms));
	if (c->refused)
		next = earlier(next, c->login_ms);
	if (c->fsd)
		next = earlier(next, c->logins_ms);
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
	client_introduce(c);
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

void
client_fsd(struct client *c, uint64_t now_ms)
{
	if (c->fsd)
		return;
	c->fsd = true;
	c->logins_ms = now_ms;
	if (c->granted)
		ask_once(&c->asks, ASK_FSD, NULL);
	client_fsd_tick(c, now_ms);
	pump(c, now_ms);
}
