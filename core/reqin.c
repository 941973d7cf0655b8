/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>

#include "core/acceptor.h"
#include "core/asked.h"
#include "core/hub.h"
#include "core/reqin.h"
#include "lib/feed.h"
#include "lib/kinds.h"
#include "lib/lineio.h"
#include "lib/log.h"
#include "lib/request.h"
#include "lib/words.h"
#include "lib/xmem.h"

#define QUEUE_MAX (64 * 1024) /* of answers that a peer does not fetch */
#define CONNS_MAX 64
#define RESULT_MS 30000 /* a driver has done by then what it will ever tell of */

/* Somebody who logged in to a UPS by this connection. */
struct login {
	TAILQ_ENTRY(login) entry;
	unsigned long theirs, ours; /* session numbers of the peer, of the feed */
	struct feed_ups *ups;
};

struct conn {
	TAILQ_ENTRY(conn) entry;
	struct reqin *in;
	struct lineio *io;
	TAILQ_HEAD(, login) logins;
};

struct reqin {
	struct event_base *base;
	struct hub *hub;
	struct acceptor *acceptor;
	TAILQ_HEAD(, conn) conns;
	size_t nconns;
	struct asked *asked;
};

static void
login_end(struct conn *c, struct login *l, bool broke)
{
	hub_logout(c->in->hub, l->ups, l->ours, broke);
	TAILQ_REMOVE(&c->logins, l, entry);
	free(l);
}

static void
conn_free(struct conn *c)
{
	struct login *l, *next;

	asked_gone(c->in->asked, c);
	for (l = TAILQ_FIRST(&c->logins); l != NULL; l = next) {
		next = TAILQ_NEXT(l, entry);
		login_end(c, l, true);
	}
	TAILQ_REMOVE(&c->in->conns, c, entry);
	c->in->nconns--;
	lineio_free(c->io);
	free(c);
}

static struct login *
login_find(struct conn *c, unsigned long theirs, const struct feed_ups *u)
{
	struct login *l;

	TAILQ_FOREACH (l, &c->logins, entry)
		if (l->theirs == theirs && l->ups == u)
			break;
	return l;
}

static const char *
or_none(const char *text)
{
	return text == NULL ? "-" : text;
}

/* Each verb returns NULL for OK or the word of the error. */
static const char *
do_login(struct conn *c, struct feed_ups *u, const struct request *r)
{
	unsigned long ours;
	struct login *l;

	if (login_find(c, r->session, u) != NULL)
		return "ALREADY-LOGGED-IN";
	ours = hub_login(c->in->hub, u, or_none(r->account), or_none(r->address));
	if (ours == 0)
		return "ACCESS-DENIED";
	l = xcalloc(1, sizeof(*l));
	l->theirs = r->session;
	l->ours = ours;
	l->ups = u;
	TAILQ_INSERT_TAIL(&c->logins, l, entry);
	return NULL;
}

static const char *
do_logout(struct conn *c, struct feed_ups *u, const struct request *r)
{
	struct login *l = login_find(c, r->session, u);

	if (l != NULL)
		login_end(c, l, false);
	else if (r->ago_ms > 0)
		hub_left(
		    c->in->hub, u, or_none(r->account), or_none(r->address), r->ago_ms);
	return NULL;
}

static const char *
do_broken(struct conn *c, struct feed_ups *u, const struct request *r)
{
	struct login *l = login_find(c, r->session, u);

	if (l != NULL)
		login_end(c, l, true);
	return NULL;
}

static const char *
do_seen(struct conn *c, struct feed_ups *u, const struct request *r)
{
	hub_seen(c->in->hub, u, or_none(r->name), or_none(r->address));
	return NULL;
}

/* Who holds PRIMARY without a login is no upsmon. */
static const char *
do_primary(struct conn *c, struct feed_ups *u, const struct request *r)
{
	struct login *l = login_find(c, r->session, u);

	if (l != NULL)
		hub_primary(c->in->hub, u, l->ours, or_none(r->address));
	return NULL;
}

/* What needs no driver is done at once. */
static void
tell_deed(struct conn *c, const struct feed_ups *u, const struct request *r,
    const char *verb, const char *name)
{
	struct feed_deed deed;

	feed_deed_make(&deed, r->account, r->address, verb, name, NULL);
	hub_deed(c->in->hub, u, &deed);
}

static const char *
do_fsd(struct conn *c, struct feed_ups *u, const struct request *r)
{
	hub_fsd(c->in->hub, u);
	tell_deed(c, u, r, "FSD", NULL);
	return NULL;
}

/* Hands a command or setting to the driver: under a number, where somebody awaits the
 * result or the driver is known to tell it. */
static const char *
do_order(struct conn *c, struct feed_ups *u, const struct request *r)
{
	const bool set = r->verb == REQUEST_SET || r->verb == REQUEST_SET_TRACKED;
	const bool awaited =
	    r->verb == REQUEST_INSTCMD_TRACKED || r->verb == REQUEST_SET_TRACKED;
	struct reqin *in = c->in;
	struct feed_deed deed;
	unsigned long number = 0;
	const char *word;

	feed_deed_make(
	    &deed, r->account, r->address, set ? "SET" : "INSTCMD", r->name, r->value);
	if (awaited || hub_tells(u))
		number = asked_add(in->asked, u, &deed, awaited ? c : NULL, r->id);
	word = set ? hub_set(in->hub, u, r->name, r->value, number)
		   : hub_instcmd(in->hub, u, r->name, r->value, number);
	if (word != NULL)
		asked_drop(in->asked, number);
	else if (number == 0) {
		deed.result = FEED_DEED_SENT;
		hub_deed(in->hub, u, &deed);
	}
	return word;
}

/* Of a machine, not of a UPS; of none, a rehearsal: nobody is told. */
static const char *
do_drill(struct conn *c, struct feed_ups *u, const struct request *r)
{
	if (r->machine != NULL && !hub_drill(c->in->hub, r->machine))
		return "INVALID-ARGUMENT";
	tell_deed(c, NULL, r, "DRILL", r->machine);
	return NULL;
}

static const char *
do_forget(struct conn *c, struct feed_ups *u, const struct request *r)
{
	if (!hub_forget(c->in->hub, u))
		return "GOING-DOWN";
	tell_deed(c, u, r, "FORGET", NULL);
	return NULL;
}

static const char *
do_learned(struct conn *c, struct feed_ups *u, const struct request *r)
{
	hub_learned(c->in->hub, u, r->name, r->value);
	return NULL;
}

/* Of two kinds of events, for these only history knows. */
static const char *
do_news(struct conn *c, struct feed_ups *u, const struct request *r)
{
	struct feed_deed deed;
	int kind = kind_named(r->name);

	if (kind != KIND_LEARNED && kind != KIND_UNTESTED)
		return NULL;
	feed_deed_make(&deed, r->account, r->address, FEED_NEWS, r->name, r->value);
	hub_deed(c->in->hub, u, &deed);
	return NULL;
}

static const struct verb {
	const char *(*act)(struct conn *c, struct feed_ups *u, const struct request *r);
	const char *logged; /* its name in the log; NULL: not logged */
	bool answered;
} verbs[] = {
    [REQUEST_LOGIN] = {do_login, NULL, true},
    [REQUEST_LOGOUT] = {do_logout, NULL, true},
    [REQUEST_BROKEN] = {do_broken, NULL, false},
    [REQUEST_SEEN] = {do_seen, NULL, false},
    [REQUEST_PRIMARY] = {do_primary, NULL, false},
    [REQUEST_FSD] = {do_fsd, "FSD", true},
    [REQUEST_INSTCMD] = {do_order, "INSTCMD", true},
    [REQUEST_SET] = {do_order, "SET", true},
    [REQUEST_INSTCMD_TRACKED] = {do_order, "INSTCMD", true},
    [REQUEST_SET_TRACKED] = {do_order, "SET", true},
    [REQUEST_DRILL] = {do_drill, NULL, true},
    [REQUEST_FORGET] = {do_forget, "FORGET", true},
    [REQUEST_LEARNED] = {do_learned, NULL, false},
    [REQUEST_NEWS] = {do_news, NULL, false},
};

static void
log_request(const struct request *r, const char *word)
{
	const char *name = r->name == NULL ? "" : r->name;
	const char *value = r->value == NULL ? "" : r->value;

	log_info("ups %s: %s%s%s%s%s by %s from %s: %s", r->ups, verbs[r->verb].logged,
	    *name == '\0' ? "" : " ", name, *value == '\0' ? "" : " ", value,
	    or_none(r->account), or_none(r->address), word == NULL ? "OK" : word);
}

static void
on_line(void *arg, char *line, size_t len)
{
	struct conn *c = arg;
	struct words store;
	struct request r;
	struct feed_ups *u;
	const char *word = "UNKNOWN-UPS";

	if (request_parse(&r, &store, line, len) < 0) {
		log_warn("requests: a line that is none: closed");
		conn_free(c);
		return;
	}
	u = hub_find(c->in->hub, r.ups);
	if (u != NULL || r.verb == REQUEST_DRILL)
		word = verbs[r.verb].act(c, u, &r);
	if (verbs[r.verb].logged != NULL)
		log_request(&r, word);
	if (!verbs[r.verb].answered)
		return;
	if (word == NULL)
		lineio_printf(c->io, "OK %lu\n", r.id);
	else
		lineio_printf(c->io, "ERR %lu %s\n", r.id, word);
}

static void
on_closed(void *arg, const char *why)
{
	log_debug("requests: a peer is gone: %s", why);
	conn_free(arg);
}

static const struct lineio_ops conn_io = {.line = on_line, .closed = on_closed};

static void
take(void *arg, int fd)
{
	struct reqin *in = arg;
	struct conn *c;

	if (in->nconns == CONNS_MAX) {
		log_warn("requests: more than %d peers, one is turned away", CONNS_MAX);
		close(fd);
		return;
	}
	c = xcalloc(1, sizeof(*c));
	c->in = in;
	c->io = lineio_new(in->base, fd, WORDS_LINE_MAX, QUEUE_MAX, &conn_io, c);
	TAILQ_INIT(&c->logins);
	TAILQ_INSERT_TAIL(&in->conns, c, entry);
	in->nconns++;
}

static void
on_deed(void *arg, const struct feed_ups *u, const struct feed_deed *d)
{
	struct reqin *in = arg;

	hub_deed(in->hub, u, d);
}

static void
on_done(void *arg, void *who, unsigned long id, unsigned long status)
{
	struct conn *c = who;

	lineio_printf(c->io, "DONE %lu %lu\n", id, status);
}

static const struct asked_ops asked_by = {.deed = on_deed, .done = on_done};

static void
on_told(void *arg, const struct feed_ups *u, unsigned long number, unsigned long status)
{
	struct reqin *in = arg;

	asked_told(in->asked, u, number, status);
}

struct reqin *
reqin_new(struct event_base *base, int listen_fd, struct hub *hub)
{
	struct reqin *in = xcalloc(1, sizeof(*in));

	in->base = base;
	in->hub = hub;
	TAILQ_INIT(&in->conns);
	in->asked = asked_new(base, RESULT_MS, &asked_by, in);
	hub_tracked_to(hub, on_told, in);
	in->acceptor = acceptor_new(base, listen_fd, "requests", take, in);
	return in;
}

void
reqin_free(struct reqin *in)
{
	struct conn *c, *next;

	if (in == NULL)
		return;
	for (c = TAILQ_FIRST(&in->conns); c != NULL; c = next) {
		next = TAILQ_NEXT(c, entry);
		conn_free(c);
	}
	hub_tracked_to(in->hub, NULL, NULL);
	asked_free(in->asked);
	acceptor_free(in->acceptor);
	free(in);
}
