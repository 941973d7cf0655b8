/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "lib/dserver.h"
#include "lib/jout.h"
#include "lib/xmem.h"
#include "net/account.h"
#include "net/upstream.h"
#include "web/api.h"
#include "web/body.h"
#include "web/drills.h"
#include "web/http.h"
#include "web/rehearse.h"

/* After core's OK the driver's word is awaited for so long; NUT's older ones say nothing. */
static const struct timeval patience = {.tv_sec = 10};

/* An order that core or a driver has. */
struct act {
	TAILQ_ENTRY(act) next;
	struct web *web;
	struct call *call;
	unsigned long number; /* upstream_request()'s */
	bool tracked;
	struct event *given_up;
};

TAILQ_HEAD(acts, act);

static struct acts acts = TAILQ_HEAD_INITIALIZER(acts);

/* Words of RFC 9271 that core refuses with, for people. */
static const struct refusal {
	const char *word;
	unsigned status;
	const char *sentence;
} refusals[] = {
    {"ACCESS-DENIED", 403, "This account may not do that"},
    {"UNKNOWN-UPS", 404, "There is no UPS of this name"},
    {"CMD-NOT-SUPPORTED", 404, "The UPS does not know this command"},
    {"VAR-NOT-SUPPORTED", 404, "The UPS does not know this variable"},
    {"READONLY", 409, "This variable cannot be changed"},
    {"TOO-LONG", 422, "The text is too long for this variable"},
    {"INVALID-VALUE", 422, "The UPS does not take this value"},
    {"INVALID-ARGUMENT", 422, "The UPS does not take this"},
    {"GOING-DOWN", 409, "This machine goes down already: the forced shutdown stays"},
    {"DATA-STALE", 503, "The driver has no fresh data of the UPS"},
    {"DRIVER-NOT-CONNECTED", 503, "There is no connection to the UPS"},
    {"INSTCMD-FAILED", 502, "The UPS did not do it"},
    {"SET-FAILED", 502, "The UPS did not take it"},
    {"", 503, "core does not answer; look whether it was done before trying again"},
    {NULL, 502, "It was refused"},
};

static void
refuse(struct call *c, const char *word)
{
	const struct refusal *r = refusals;

	while (r->word != NULL && strcmp(r->word, word) != 0)
		r++;
	call_error(c, r->status, *word == '\0' ? "DRIVER-NOT-CONNECTED" : word, "%s",
	    r->sentence);
}

static void
succeed(struct call *c, const char *how)
{
	struct jout j = {.out = &c->reply.body};

	jout_open(&j, NULL, '{');
	jout_text(&j, "status", how);
	jout_close(&j, '}');
	c->reply.status = 200;
}

/* The act is over: who asked hears it. */
static void
conclude(struct act *a)
{
	http_answer(a->call);
	upstream_forget(a->web->upstream, a);
	TAILQ_REMOVE(&acts, a, next);
	event_free(a->given_up);
	free(a);
}

static void
on_given_up(evutil_socket_t fd, short what, void *arg)
{
	struct act *a = arg;

	succeed(a->call, "sent");
	conclude(a);
}

void
api_answered(void *arg, void *who, const char *word)
{
	struct act *a = who;

	if (word == NULL && a->tracked) {
		event_add(a->given_up, &patience);
		return;
	}
	if (word == NULL)
		succeed(a->call, "done");
	else
		refuse(a->call, word);
	conclude(a);
}

void
api_done(void *arg, unsigned long number, unsigned long status)
{
	static const char *const words[] = {[DSERVER_UNKNOWN] = "CMD-NOT-SUPPORTED",
	    [DSERVER_INVALID] = "INVALID-ARGUMENT",
	    [DSERVER_FAILED] = "INSTCMD-FAILED"};
	struct act *a;

	TAILQ_FOREACH (a, &acts, next)
		if (a->number == number)
			break;
	if (a == NULL)
		return;
	if (status == DSERVER_DONE)
		succeed(a->call, "done");
	else
		refuse(
		    a->call, status <= DSERVER_FAILED ? words[status] : "INSTCMD-FAILED");
	conclude(a);
}

/* Core is gone: nobody knows what becomes of what it had taken. */
void
api_undone(void *arg)
{
	struct act *a = TAILQ_FIRST(&acts), *next;

	for (; a != NULL; a = next) {
		next = TAILQ_NEXT(a, next);
		refuse(a->call, "");
		conclude(a);
	}
}

/* Sends an order of the one who is logged in. */
static void
order(struct web *w, struct call *c, struct request *r)
{
	struct act *a = xcalloc(1, sizeof(*a));
	long number;

	r->session = c->login->number;
	r->account = c->login->user;
	r->address = c->address;
	a->web = w;
	a->call = c;
	a->tracked = r->verb == REQUEST_INSTCMD_TRACKED || r->verb == REQUEST_SET_TRACKED;
	number = upstream_request(w->upstream, a, r);
	if (number < 0) {
		refuse(c, "");
		free(a);
		return;
	}
	a->number = (unsigned long)number;
	a->given_up = event_new(w->base, -1, 0, on_given_up, a);
	TAILQ_INSERT_TAIL(&acts, a, next);
}

/* What both kinds of orders to a UPS have in common: whose they are, and their texts. NULL,
 * and an error answered, when something is missing. */
static struct body *
prepare(struct web *w, struct call *c, struct request *r)
{
	const struct feed_ups *u = api_ups_named(w, c);
	const char *why;
	struct body *b;

	if (u == NULL)
		return NULL;
	if (api_user(w, c) == NULL) {
		refuse(c, "ACCESS-DENIED");
		return NULL;
	}
	b = body_read(buf_head(&c->body), c->body.len, &why);
	if (b == NULL)
		call_error(c, 400, "INVALID-ARGUMENT", "%s", why);
	r->ups = u->name;
	return b;
}

/* True for what may stand in a request to core. */
static bool
is_sayable(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

void
api_command(struct web *w, struct call *c)
{
	struct request r = {.verb = REQUEST_INSTCMD_TRACKED};
	struct body *b = prepare(w, c, &r);

	if (b == NULL)
		return;
	r.name = body_text(b, "command");
	r.value = body_text(b, "value");
	if (r.name == NULL || !state_name_ok(r.name) ||
	    (r.value != NULL && !is_sayable(r.value)))
		call_error(c, 400, "INVALID-ARGUMENT",
		    "It takes \"command\", and \"value\" where the command has one, as "
		    "texts");
	else if (!conf_user_instcmd(api_user(w, c), r.name))
		refuse(c, "ACCESS-DENIED");
	else
		order(w, c, &r);
	body_free(b);
}

void
api_set(struct web *w, struct call *c)
{
	struct request r = {.verb = REQUEST_SET_TRACKED};
	struct body *b = prepare(w, c, &r);

	if (b == NULL)
		return;
	r.name = body_text(b, "variable");
	r.value = body_text(b, "value");
	if (r.name == NULL || !state_name_ok(r.name) || r.value == NULL ||
	    !is_sayable(r.value))
		call_error(c, 400, "INVALID-ARGUMENT",
		    "It takes \"variable\" and \"value\", both texts");
	else if (!api_user(w, c)->action_set)
		refuse(c, "ACCESS-DENIED");
	else
		order(w, c, &r);
	body_free(b);
}

void
api_forget(struct web *w, struct call *c)
{
	struct request r = {.verb = REQUEST_FORGET};
	struct body *b = prepare(w, c, &r);

	if (b == NULL)
		return;
	if (!account_may_fsd(api_user(w, c)))
		refuse(c, "ACCESS-DENIED");
	else
		order(w, c, &r);
	body_free(b);
}

/* A rehearsal asks nobody outside; core is told for the list of events. */
void
api_drill(struct web *w, struct call *c)
{
	const struct conf_user *u = api_user(w, c);
	struct request deed = {.verb = REQUEST_DRILL, .ups = "-"};
	char *report;

	if (u == NULL || !account_may_fsd(u)) {
		refuse(c, "ACCESS-DENIED");
		return;
	}
	if (w->house.feed == NULL) {
		refuse(c, "");
		return;
	}
	deed.session = c->login->number;
	deed.account = c->login->user;
	deed.address = c->address;
	upstream_request(w->upstream, NULL, &deed);
	drills_run(w->drills);
	report = rehearse_json(w->conf->rehearse);
	buf_puts(&c->reply.body, report);
	free(report);
	c->reply.status = 200;
}
