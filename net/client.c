/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/boottime.h"
#include "lib/log.h"
#include "lib/xmem.h"
#include "net/client.h"
#include "net/subs.h"

#define QUEUE_HARD (1024 * 1024)  /* bytes a client may leave unread */
#define SCRATCH_KEEP (512 * 1024) /* room for answers that is not given back */
#define SHAKE_MS 10000            /* a handshake may take so long */
#define CAUSE_MAX 256

static const struct timeval beat_time = {.tv_sec = 5};
static const struct timeval shake_time = {.tv_sec = 1};

struct client *
client_of(struct session *s)
{
	return (struct client *)((char *)s - offsetof(struct client, session));
}

static struct clients *
all_of(const struct client *c)
{
	return c->session.host->arg;
}

/* Where the client's descriptor is watched. */
static struct poller *
poller_of(const struct client *c)
{
	return c->tls != NULL && c->tls->shaking ? all_of(c)->shakers : all_of(c)->poller;
}

static void
client_watch(struct client *c, uint8_t want)
{
	poller_watch(poller_of(c), c->fd, c, c->awaited, want);
	c->awaited = want;
}

static void
tls_end(struct clients *cs, struct client *c)
{
	if (c->tls->shaking)
		TAILQ_REMOVE(&cs->shaking, c->tls, next);
	tls_close(c->tls->conn);
	free(c->tls);
}

void
client_free(struct client *c)
{
	/* A session that has ended knows neither any more. */
	struct clients *cs = all_of(c);
	struct poller *p = poller_of(c);
	const char *address = c->session.address;

	cs->ops->forget(cs->arg, c);
	judge_forget(cs->judge, c->asked);
	session_end(&c->session);
	room_leave(&cs->room, address);
	LIST_REMOVE(c, next);
	if (c->subscriber)
		LIST_REMOVE(c, next_subscriber);
	poller_watch(p, c->fd, c, c->awaited, 0);
	poller_forget(p, c);
	if (c->tls != NULL)
		tls_end(cs, c);
	close(c->fd);
	buf_free(&c->out);
	free(c);
}

/* recv(2) and send(2), by TLS where that was asked for. */
static ssize_t
wire_recv(struct client *c, void *bytes, size_t len)
{
	if (c->tls == NULL)
		return recv(c->fd, bytes, len, 0);
	return tls_recv(c->tls->conn, bytes, len);
}

static ssize_t
wire_send(struct client *c, const void *bytes, size_t len)
{
	if (c->tls == NULL)
		return send(c->fd, bytes, len, MSG_NOSIGNAL);
	return tls_send(c->tls->conn, bytes, len);
}

/* Writes as much as the socket takes; returns how much that is. */
static size_t
transmit(struct client *c, const char *bytes, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = wire_send(c, bytes + done, len - done);

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

/* Said once a minute for each address. */
static void
tell_deaf(struct client *c)
{
	struct clients *cs = all_of(c);

	if (seldom_due(&cs->others, c->session.address, boottime_ms()))
		log_warn("%s asks and does not read the answers: it is disconnected",
		    c->session.address);
}

/* Sends what has been gathered in the scratch, behind what is queued already. */
static void
client_send(struct client *c)
{
	struct buf *new = &all_of(c)->scratch;
	size_t sent = 0;

	if (c->out.len == 0 && new->len > 0)
		sent = transmit(c, buf_head(new), new->len);
	if (sent < new->len)
		buf_add(&c->out, buf_head(new) + sent, new->len - sent);
	if (c->out.len > QUEUE_HARD) {
		tell_deaf(c);
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
		   c->session.in.len <= SESSION_IN_MAX - CLIENT_READ_SIZE);
}

/* What the connection waits for. TLS may have to write before it can read. */
static uint8_t
wanted(const struct client *c)
{
	if (c->out.len > 0)
		return EPOLLOUT;
	if (c->tls == NULL)
		return may_read(c) ? EPOLLIN : 0;
	if (!c->tls->shaking && !may_read(c))
		return 0;
	return tls_wants_write(c->tls->conn) ? EPOLLOUT : EPOLLIN;
}

/* Sets what the connection waits for. A client that does not read its answers is not
 * listened to: that costs nobody but itself. */
static void
client_await(struct client *c)
{
	uint8_t want = wanted(c);

	client_watch(c, want);
	/* What TLS has read already, the socket does not show. */
	if (want == EPOLLIN && c->tls != NULL && !c->tls->shaking &&
	    tls_pending(c->tls->conn))
		poller_again(all_of(c)->poller, c);
}

/* Puts the client on or off the list of those that want push. */
static void
client_enlist(struct client *c)
{
	struct clients *cs = all_of(c);
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

/* Something came behind STARTTLS before our OK: somebody in between would have it taken
 * for what the client says by TLS. */
static bool
is_injected(const struct client *c)
{
	char byte;

	return recv(c->fd, &byte, 1, MSG_PEEK) > 0;
}

/* OK STARTTLS is written: the next byte is TLS. */
static void
shake_begin(struct client *c)
{
	struct clients *cs = all_of(c);

	client_watch(c, 0);
	c->tls = xcalloc(1, sizeof(*c->tls));
	c->tls->conn = tls_accept(cs->tls, c->fd);
	c->tls->client = c;
	c->tls->shaking = true;
	c->tls->until = boottime_ms() + SHAKE_MS;
	TAILQ_INSERT_TAIL(&cs->shaking, c->tls, next);
	if (!event_pending(cs->patience, EV_TIMEOUT, NULL))
		event_add(cs->patience, &shake_time);
}

void
client_settle(struct client *c)
{
	struct clients *cs = all_of(c);
	bool starts = c->step == SESSION_TLS && c->tls == NULL;

	/* While our OK is still here. */
	if (starts && cs->scratch.len > 0 && is_injected(c)) {
		buf_clear(&cs->scratch);
		c->unreachable = true;
	}
	client_send(c);
	if (starts && cs->tls == NULL) /* a reload has taken it away meanwhile */
		c->unreachable = true;
	if (c->unreachable || (over(c) && c->out.len == 0)) {
		client_free(c);
		return;
	}
	if (starts && c->out.len == 0)
		shake_begin(c);
	client_enlist(c);
	client_await(c);
}

/* Gives the session bytes (or none, to go on) as long as its answers can be written. */
static void
client_feed(struct client *c, const char *bytes, size_t len)
{
	struct clients *cs = all_of(c);

	cs->host.now = boottime_ms();
	if (len > 0)
		c->heard = (uint32_t)(cs->host.now / 1000);
	do {
		c->step = session_input(&c->session, bytes, len, &cs->scratch);
		if (c->step == SESSION_TLS)
			break;
		client_send(c);
		bytes = NULL;
		len = 0;
	} while (c->step == SESSION_FULL && c->out.len == 0 && !c->unreachable);
	client_settle(c);
}

void
client_resume(struct client *c)
{
	c->step = SESSION_READ;
	if (c->out.len > 0)
		client_settle(c);
	else
		client_feed(c, NULL, 0);
}

/* The queue may have been written: goes on with the rest of it, then with the session. */
static void
client_drain(struct client *c)
{
	buf_consume(&c->out, transmit(c, buf_head(&c->out), c->out.len));
	if (c->out.len == 0)
		buf_free(&c->out);
	if (c->out.len > 0 || c->step == SESSION_CLOSE || c->step == SESSION_WAIT ||
	    c->step == SESSION_TLS)
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

/* Why there will be no TLS, once a minute for each address and reason. */
static void
shake_failed(struct client *c, const char *cause)
{
	struct clients *cs = all_of(c);
	char key[2 * CAUSE_MAX];

	snprintf(key, sizeof(key), "%s %s", c->session.address, cause);
	if (seldom_due(&cs->shakes, key, boottime_ms()))
		log_warn("TLS with %s does not come about: %s (said once a minute)",
		    c->session.address, cause);
	client_free(c);
}

/* Goes on with the handshake. */
static void
client_shake(struct client *c)
{
	char cause[CAUSE_MAX];
	int done = tls_shake(c->tls->conn, cause, sizeof(cause));

	if (done < 0) {
		shake_failed(c, cause);
		return;
	}
	if (done > 0) {
		TAILQ_REMOVE(&all_of(c)->shaking, c->tls, next);
		client_watch(c, 0);
		c->tls->shaking = false;
		session_secured(&c->session);
		c->step = SESSION_READ;
	}
	client_await(c);
}

void
client_shakes_end(struct clients *cs)
{
	uint64_t now = boottime_ms();
	struct client_tls *t;

	while ((t = TAILQ_FIRST(&cs->shaking)) != NULL && t->until <= now)
		shake_failed(t->client, "it said STARTTLS and then nothing for 10 s");
	if (t != NULL)
		event_add(cs->patience, &shake_time);
}

static void
client_read(struct client *c)
{
	char *input = all_of(c)->input;
	ssize_t n = wire_recv(c, input, CLIENT_READ_SIZE);

	if (n > 0)
		client_feed(c, input, (size_t)n);
	else if (n == 0)
		client_ended(c);
	else if (errno != EAGAIN && errno != EINTR)
		client_free(c);
	else
		client_await(c);
}

void
client_ready(void *who, uint32_t events)
{
	struct client *c = who;

	if (c->tls != NULL && c->tls->shaking)
		client_shake(c);
	else if (c->out.len > 0)
		client_drain(c);
	else
		client_read(c);
}

void
client_new(struct clients *cs, int fd, const char *address)
{
	struct client *c = xcalloc(1, sizeof(*c));

	session_begin(
	    &c->session, &cs->host, ++cs->last_id, room_enter(&cs->room, address));
	c->fd = fd;
	c->awaited = EPOLLIN;
	poller_watch(cs->poller, fd, c, 0, EPOLLIN);
	c->heard = (uint32_t)(boottime_ms() / 1000);
	LIST_INSERT_HEAD(&cs->list, c, next);
}
