/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/dline.h"
#include "lib/dserver.h"
#include "lib/lineio.h"
#include "lib/log.h"
#include "lib/words.h"
#include "lib/xmem.h"

#define QUEUE_MAX (256 * 1024) /* bytes that wait for one server */
#define PENDING_MAX 64         /* unanswered requests of one server */
#define ACCEPT_PAUSE_S 1       /* after running out of descriptors */

/* One server that is connected: our core, or NUT's upsd. */
struct conn {
	TAILQ_ENTRY(conn) link;
	struct dserver *d;
	struct lineio *io;
	bool quiet; /* BROADCAST 0: is told nothing unasked */
	size_t npending;
};

/* A request with a TRACKING id whose result is still to come. */
struct pending {
	TAILQ_ENTRY(pending) link;
	struct conn *conn;
	unsigned long ticket;
	char *id;
};

struct dserver {
	int fd;
	struct event_base *base;
	struct event *accepting, *pausing;
	const struct state *state;
	struct state *known; /* what the servers were told: a copy as last published */
	const struct dserver_ops *ops;
	void *arg;
	bool fresh;
	unsigned long last_ticket;
	TAILQ_HEAD(, conn) conns;
	TAILQ_HEAD(, pending) pendings;
};

static void
pending_free(struct dserver *d, struct pending *p)
{
	p->conn->npending--;
	TAILQ_REMOVE(&d->pendings, p, link);
	free(p->id);
	free(p);
}

static void
conn_free(struct conn *c)
{
	struct dserver *d = c->d;
	struct pending *p, *next;

	for (p = TAILQ_FIRST(&d->pendings); p != NULL; p = next) {
		next = TAILQ_NEXT(p, link);
		if (p->conn == c)
			pending_free(d, p);
	}
	TAILQ_REMOVE(&d->conns, c, link);
	lineio_free(c->io);
	free(c);
}

static const char *
fresh_word(const struct dserver *d)
{
	return d->fresh ? "DATAOK" : "DATASTALE";
}

static void
dump_all(struct conn *c)
{
	struct buf out = {0};

	dline_diff(&out, "", NULL, c->d->known);
	buf_printf(&out, "%s\nDUMPDONE\n", fresh_word(c->d));
	lineio_send(c->io, buf_head(&out), out.len);
	buf_free(&out);
}

/* One variable as DUMPALL has it; nothing but DUMPDONE when it is missing. */
static void
dump_var(struct conn *c, const char *name)
{
	const struct state_var *v = state_var(c->d->known, name);
	struct buf out = {0};

	if (v != NULL) {
		buf_printf(&out, "SETINFO %s ", v->name);
		buf_quoted(&out, v->text);
		buf_puts(&out, "\n");
	}
	buf_puts(&out, "DUMPDONE\n");
	lineio_send(c->io, buf_head(&out), out.len);
	buf_free(&out);
}

/* Runs a command or a setting; with an id, its result is owed to the connection. */
static void
run(struct conn *c, bool set, const char *name, const char *value, const char *id)
{
	struct dserver *d = c->d;
	unsigned long ticket = ++d->last_ticket;
	enum dserver_status status;

	if (id != NULL) {
		struct pending *p = xcalloc(1, sizeof(*p));

		p->conn = c;
		p->ticket = ticket;
		p->id = xstrdup(id);
		TAILQ_INSERT_TAIL(&d->pendings, p, link);
		if (c->npending++ >= PENDING_MAX) {
			dserver_result(d, ticket, DSERVER_FAILED);
			return;
		}
	}
	status = (set ? d->ops->set : d->ops->instcmd)(d->arg, name, value, ticket);
	if (status != DSERVER_PENDING)
		dserver_result(d, ticket, status);
}

/* INSTCMD cmd ["value"] [TRACKING id], and SET var "value" [TRACKING id]. */
static void
request(struct conn *c, struct words *w, bool set)
{
	const char *id = NULL;
	int n = w->argc;

	if (n >= 4 && !w->quoted[n - 2] && strcasecmp(w->argv[n - 2], "TRACKING") == 0 &&
	    state_name_ok(w->argv[n - 1])) {
		id = w->argv[n - 1];
		n -= 2;
	}
	if (n < (set ? 3 : 2) || n > 3)
		log_debug("driver socket: cannot understand %s", w->argv[0]);
	else
		run(c, set, w->argv[1], n == 3 ? w->argv[2] : NULL, id);
}

/* Words without arguments to speak of; the rest is in on_line(). */
static void
simple(struct conn *c, const struct words *w)
{
	const char *verb = w->argv[0], *arg = w->argv[1];

	if (strcasecmp(verb, "PING") == 0)
		lineio_printf(c->io, "PONG\n");
	else if (strcasecmp(verb, "DUMPALL") == 0)
		dump_all(c);
	else if (strcasecmp(verb, "DUMPSTATUS") == 0)
		dump_var(c, "ups.status");
	else if (strcasecmp(verb, "DUMPVALUE") == 0 && arg != NULL)
		dump_var(c, arg);
	else if (strcasecmp(verb, "NOBROADCAST") == 0)
		c->quiet = true;
	else if (strcasecmp(verb, "BROADCAST") == 0)
		c->quiet = arg != NULL && strtol(arg, NULL, 10) <= 0;
	else if (strcasecmp(verb, "GETPID") == 0)
		lineio_printf(c->io, "PID %ld\n", (long)getpid());
	else
		log_debug("driver socket: unknown word %s", verb);
}

static void
on_line(void *arg, char *line, size_t len)
{
	struct conn *c = arg;
	struct words w;
	const char *why;

	if (words_split(&w, WORDS_PROTOCOL, line, len, &why) < 0) {
		log_debug("driver socket: a line is ignored: %s", why);
		return;
	}
	if (w.argc == 0)
		return;
	if (strcasecmp(w.argv[0], "LOGOUT") == 0)
		conn_free(c);
	else if (strcasecmp(w.argv[0], "INSTCMD") == 0)
		request(c, &w, false);
	else if (strcasecmp(w.argv[0], "SET") == 0)
		request(c, &w, true);
	else
		simple(c, &w);
}

static void
on_closed(void *arg, const char *why)
{
	log_debug("driver socket: a server is gone: %s", why);
	conn_free(arg);
}

static const struct lineio_ops conn_ops = {.line = on_line, .closed = on_closed};

/* Takes one server at a time; the listening socket stays readable if more wait. */
static void
on_accept(evutil_socket_t fd, short what, void *arg)
{
	const struct timeval pause = {.tv_sec = ACCEPT_PAUSE_S};
	struct dserver *d = arg;
	struct conn *c;
	int peer = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (peer < 0) {
		if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED)
			return;
		log_warn_errno("driver socket: cannot accept a server, next try in %d s",
		    ACCEPT_PAUSE_S);
		event_del(d->accepting);
		event_add(d->pausing, &pause);
		return;
	}
	c = xcalloc(1, sizeof(*c));
	c->d = d;
	c->io = lineio_new(d->base, peer, WORDS_LINE_MAX, QUEUE_MAX, &conn_ops, c);
	TAILQ_INSERT_TAIL(&d->conns, c, link);
}

static void
on_pause_over(evutil_socket_t fd, short what, void *arg)
{
	struct dserver *d = arg;

	event_add(d->accepting, NULL);
}

struct dserver *
dserver_new(struct event_base *base, int fd, const struct state *state,
    const struct dserver_ops *ops, void *arg)
{
	struct dserver *d = xcalloc(1, sizeof(*d));

	d->fd = fd;
	d->base = base;
	d->state = state;
	d->known = state_new();
	d->ops = ops;
	d->arg = arg;
	TAILQ_INIT(&d->conns);
	TAILQ_INIT(&d->pendings);
	d->accepting = event_new(base, fd, EV_READ | EV_PERSIST, on_accept, d);
	d->pausing = event_new(base, -1, 0, on_pause_over, d);
	event_add(d->accepting, NULL);
	return d;
}

void
dserver_free(struct dserver *d)
{
	struct conn *c, *next;

	if (d == NULL)
		return;
	for (c = TAILQ_FIRST(&d->conns); c != NULL; c = next) {
		next = TAILQ_NEXT(c, link);
		conn_free(c);
	}
	event_free(d->accepting);
	event_free(d->pausing);
	close(d->fd);
	state_free(d->known);
	free(d);
}

/* Sends to every server that wants to be told. */
static void
broadcast(struct dserver *d, const void *bytes, size_t len)
{
	struct conn *c;

	TAILQ_FOREACH (c, &d->conns, link)
		if (!c->quiet)
			lineio_send(c->io, bytes, len);
}

void
dserver_publish(struct dserver *d)
{
	struct buf out = {0};

	if (dline_diff(&out, "", d->known, d->state) > 0) {
		broadcast(d, buf_head(&out), out.len);
		dline_copy(d->known, d->state);
	}
	buf_free(&out);
}

void
dserver_fresh(struct dserver *d, bool fresh)
{
	char line[16];
	int len;

	if (d->fresh == fresh)
		return;
	d->fresh = fresh;
	len = snprintf(line, sizeof(line), "%s\n", fresh_word(d));
	broadcast(d, line, (size_t)len);
}

void
dserver_result(struct dserver *d, unsigned long ticket, enum dserver_status status)
{
	struct pending *p;

	TAILQ_FOREACH (p, &d->pendings, link) {
		if (p->ticket != ticket)
			continue;
		lineio_printf(p->conn->io, "TRACKING %s %d\n", p->id, (int)status);
		pending_free(d, p);
		return;
	}
}
