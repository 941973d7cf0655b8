/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/boottime.h"
#include "lib/log.h"
#include "lib/xmem.h"
#include "net/clients.h"
#include "net/seldom.h"
#include "net/session.h"
#include "net/subs.h"

#define READ_SIZE 16384                 /* bytes taken from a client at once */
#define QUEUE_HARD (1024 * 1024)        /* bytes a client may leave unread */
#define SCRATCH_KEEP (512 * 1024)       /* room for answers that is not given back */
#define FULL_LINE "ERR ACCESS-DENIED\n" /* said to whom there is no room for */

static const struct timeval beat_time = {.tv_sec = 5};
static const struct feed nothing_yet;

/* Kept small: there may be thousands, and most are idle. */
struct client {
	struct session session;
	struct clients *all;
	LIST_ENTRY(client) next;
	LIST_ENTRY(client) next_subscriber;
	struct buf out;   /* what the socket has not taken; released when empty */
	struct event io;  /* waits for reading or writing, see `awaited` */
	short awaited;    /* EV_READ, EV_WRITE */
	bool subscriber;  /* is on that list */
	bool unreachable; /* the socket is broken: to be freed */
	bool ended;       /* the other end says no more, but may still read an answer */
	uint8_t step;     /* enum session_next: what the session said last */
};

LIST_HEAD(client_list, client);

struct clients {
	struct event_base *base;
	const struct clients_ops *ops;
	void *arg;
	struct session_host host;
	struct client_list list, subscribers;
	size_t count, max;
	unsigned long last_id;
	struct event *beat;    /* pending while there are subscribers */
	struct buf scratch;    /* answers of the call that is going on */
	struct seldom denials; /* addresses whose failed logins are in the log */
	struct seldom others;
};

static void on_io(evutil_socket_t fd, short what, void *arg);

/* The client that a session belongs to. */
static struct client *
client_of(struct session *s)
{
	return (struct client *)((char *)s - offsetof(struct client, session));
}

static int
host_request(void *arg, struct session *s, const struct request *r)
{
	struct clients *cs = arg;

	return cs->ops->request(
	    cs->arg, s->waiting == SESSION_IDLE ? NULL : client_of(s), r);
}

/* Said once a minute for each address and reason; who knows a password has a line of his
 * own, and names that are guessed share one. */
static void
host_denied(void *arg, const struct session *s, const char *verb, enum account_lack lack,
    int line)
{
	static const char *const reasons[] = {
	    [ACCOUNT_NO_USER] = "there is no such user",
	    [ACCOUNT_NO_PASSWORD] = "the password is another one",
	    [ACCOUNT_NO_ADDRESS] = "allowfrom does not hold this address",
	    [ACCOUNT_NO_RIGHT] = "this user has no such right",
	};
	struct clients *cs = arg;
	char key[256], place[32] = "upsd.users";
	bool guessed = lack == ACCOUNT_NO_USER || lack == ACCOUNT_NO_PASSWORD;

	snprintf(key, sizeof(key), "%d %s %s", guessed ? ACCOUNT_NO_PASSWORD : lack,
	    s->address, guessed ? "" : s->username);
	if (!seldom_due(&cs->denials, key, cs->host.now))
		return;
	if (line > 0)
		snprintf(place, sizeof(place), "upsd.users:%d", line);
	log_warn("%s refused to user %s from %s: %s: %s (said once a minute)", verb,
	    s->username, s->address, place, reasons[lack]);
}

static void
client_free(struct client *c)
{
	struct clients *cs = c->all;

	cs->ops->forget(cs->arg, c);
	session_end(&c->session);
	LIST_REMOVE(c, next);
	if (c->subscriber)
		LIST_REMOVE(c, next_subscriber);
	event_del(&c->io);
	close(event_get_fd(&c->io));
	buf_free(&c->out);
	free(c);
	cs->count--;
}

/* Writes as much as the socket takes; returns how much that is. */
static size_t
transmit(struct client *c, const char *bytes, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n =
		    send(event_get_fd(&c->io), bytes + done, len - done, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			c->unreachable = errno != EAGAIN;
			break;
		}
		done += (size_t)n;
	}
	return done;
}

/* Sends what has been gathered in the scratch, behind what is queued already. */
static void
client_send(struct client *c)
{
	struct buf *new = &c->all->scratch;
	size_t sent = 0;

	if (c->out.len == 0 && new->len > 0)
		sent = transmit(c, buf_head(new), new->len);
	if (sent < new->len)
		buf_add(&c->out, buf_head(new) + sent, new->len - sent);
	if (c->out.len > QUEUE_HARD) {
		log_debug("%s does not read what it is sent", c->session.address);
		c->unreachable = true;
	}
	buf_clear(new);
	if (new->cap > SCRATCH_KEEP)
		buf_free(new);
}

/* True when there is something to read for. While core is asked too, for as long as the
 * session can keep it: only who reads notices that the other end has gone. */
static bool
may_read(const struct client *c)
{
	if (c->ended)
		return false;
	return c->step == SESSION_READ ||
	       (c->step == SESSION_WAIT &&
		   c->session.in.len <= SESSION_IN_MAX - READ_SIZE);
}

/* Sets what the connection waits for. A client that does not read its answers is not
 * listened to: that costs nobody but itself. */
static void
client_await(struct client *c)
{
	int fd = event_get_fd(&c->io);
	short want = c->out.len > 0 ? EV_WRITE : may_read(c) ? EV_READ : 0;

	if (want == c->awaited)
		return;
	event_del(&c->io);
	event_assign(&c->io, c->all->base, fd, (short)(want | EV_PERSIST), on_io, c);
	if (want != 0)
		event_add(&c->io, NULL);
	c->awaited = want;
}

/* Puts the client on or off the list of those that want push. */
static void
client_enlist(struct client *c)
{
	struct clients *cs = c->all;
	bool wants = subs_any(&c->session);

	if (wants == c->subscriber)
		return;
	c->subscriber = wants;
	if (!wants) {
		LIST_REMOVE(c, next_subscriber);
		return;
	}
	if (!event_pending(cs->beat, EV_TIMEOUT, NULL))
		event_add(cs->beat, &beat_time);
	LIST_INSERT_HEAD(&cs->subscribers, c, next_subscriber);
}

/* True when nothing is left to be said but what is queued. */
static bool
over(const struct client *c)
{
	return c->step == SESSION_CLOSE || (c->ended && c->step == SESSION_READ);
}

/* Sends the scratch and sees what is next; may free the client. */
static void
client_settle(struct client *c)
{
	client_send(c);
	if (c->unreachable || (over(c) && c->out.len == 0)) {
		client_free(c);
		return;
	}
	client_enlist(c);
	client_await(c);
}

/* Gives the session bytes (or none, to go on) as long as its answers can be written. */
static void
client_feed(struct client *c, const char *bytes, size_t len)
{
	struct clients *cs = c->all;

	cs->host.now = boottime_ms();
	do {
		c->step = session_input(&c->session, bytes, len, &cs->scratch);
		client_send(c);
		bytes = NULL;
		len = 0;
	} while (c->step == SESSION_FULL && c->out.len == 0 && !c->unreachable);
	client_settle(c);
}

/* The queue may have been written: goes on with the rest of it, then with the session. */
static void
client_drain(struct client *c)
{
	buf_consume(&c->out, transmit(c, buf_head(&c->out), c->out.len));
	if (c->out.len == 0)
		buf_free(&c->out);
	if (c->out.len > 0 || c->step == SESSION_CLOSE || c->step == SESSION_WAIT)
		client_settle(c);
	else
		client_feed(c, NULL, 0);
}

/* The other end has closed, or says no more. A login ends with it at once; a script that
 * sent a command and shut down its side still gets the answer. */
static void
client_ended(struct client *c)
{
	c->ended = true;
	if (c->step == SESSION_WAIT && c->session.login == NULL)
		client_await(c);
	else
		client_free(c);
}

static void
on_io(evutil_socket_t fd, short what, void *arg)
{
	static char input[READ_SIZE]; /* takes no memory until so much comes at once */
	struct client *c = arg;
	ssize_t n;

	if (what & EV_WRITE) {
		client_drain(c);
		return;
	}
	n = recv(fd, input, sizeof(input), 0);
	if (n > 0)
		client_feed(c, input, (size_t)n);
	else if (n == 0)
		client_ended(c);
	else if (errno != EAGAIN && errno != EINTR)
		client_free(c);
}

/* One that there is no room for hears why, as far as the protocol has words for it. */
static void
turn_away(struct clients *cs, int fd, const char *address)
{
	if (seldom_due(&cs->others, "full", boottime_ms()))
		log_warn("%zu clients are connected, which is the limit: %s is turned "
			 "away (raise MAXCONN in upsd.conf or the descriptor limit)",
		    cs->count, address);
	(void)!send(fd, FULL_LINE, strlen(FULL_LINE), MSG_NOSIGNAL);
	close(fd);
}

void
clients_accept(void *arg, int fd, const char *address)
{
	struct clients *cs = arg;
	struct client *c;

	if (cs->count >= cs->max) {
		turn_away(cs, fd, address);
		return;
	}
	c = xcalloc(1, sizeof(*c));
	c->all = cs;
	session_begin(&c->session, &cs->host, ++cs->last_id, address);
	event_assign(&c->io, cs->base, fd, EV_READ | EV_PERSIST, on_io, c);
	event_add(&c->io, NULL);
	c->awaited = EV_READ;
	LIST_INSERT_HEAD(&cs->list, c, next);
	cs->count++;
}

void
clients_answered(struct clients *cs, void *who, const char *word)
{
	struct client *c = who;

	session_answer(&c->session, word, &cs->scratch);
	c->step = SESSION_READ;
	if (c->out.len > 0)
		client_settle(c);
	else
		client_feed(c, NULL, 0);
}

void
clients_relogin(struct clients *cs)
{
	struct client *c;

	LIST_FOREACH (c, &cs->list, next)
		session_relogin(&c->session);
}

/* Sends each subscriber what `say` appends for it. */
static void
tell_subscribers(struct clients *cs,
    void (*say)(const struct session *s, const void *what, struct buf *out),
    const void *what)
{
	struct client *c = LIST_FIRST(&cs->subscribers), *next;

	for (; c != NULL; c = next) {
		next = LIST_NEXT(c, next_subscriber);
		if (c->step == SESSION_CLOSE)
			continue;
		say(&c->session, what, &cs->scratch);
		if (cs->scratch.len > 0)
			client_settle(c);
	}
}

static void
say_change(const struct session *s, const void *what, struct buf *out)
{
	subs_change(s, what, out);
}

static void
say_replaced(const struct session *s, const void *what, struct buf *out)
{
	subs_replaced(s, what, out);
}

static void
say_sources(const struct session *s, const void *what, struct buf *out)
{
	subs_sources(s, out);
}

static void
say_beat(const struct session *s, const void *what, struct buf *out)
{
	subs_beat(s, out);
}

void
clients_changed(struct clients *cs, const struct feed_change *change)
{
	if (change->kind == FEED_UPS)
		listcache_clear(&cs->host.cache);
	tell_subscribers(cs, say_change, change);
}

void
clients_replaced(struct clients *cs, const struct feed *now, const struct feed *old)
{
	cs->host.feed = now;
	cs->host.stale = false;
	listcache_clear(&cs->host.cache);
	tell_subscribers(cs, say_replaced, old);
}

void
clients_stale(struct clients *cs)
{
	cs->host.stale = true;
	tell_subscribers(cs, say_sources, NULL);
}

static void
on_beat(evutil_socket_t fd, short what, void *arg)
{
	struct clients *cs = arg;

	if (LIST_EMPTY(&cs->subscribers))
		event_del(cs->beat);
	tell_subscribers(cs, say_beat, NULL);
}

struct clients *
clients_new(struct event_base *base, const struct users_conf *users,
    const struct allow_nets *nets, size_t max, const struct clients_ops *ops, void *arg)
{
	struct clients *cs = xcalloc(1, sizeof(*cs));

	cs->base = base;
	cs->ops = ops;
	cs->arg = arg;
	cs->max = max;
	cs->host.feed = &nothing_yet;
	cs->host.users = users;
	cs->host.nets = nets;
	cs->host.request = host_request;
	cs->host.denied = host_denied;
	cs->host.arg = cs;
	LIST_INIT(&cs->list);
	LIST_INIT(&cs->subscribers);
	cs->beat = event_new(base, -1, EV_PERSIST, on_beat, cs);
	return cs;
}

void
clients_free(struct clients *cs)
{
	struct client *c = LIST_FIRST(&cs->list), *next;

	for (; c != NULL; c = next) {
		next = LIST_NEXT(c, next);
		client_free(c);
	}
	event_free(cs->beat);
	listcache_clear(&cs->host.cache);
	buf_free(&cs->scratch);
	free(cs);
}
