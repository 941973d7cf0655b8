/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <mosquitto.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/boottime.h"
#include "lib/log.h"
#include "lib/xmem.h"
#include "mqtt/broker.h"
#include "mqtt/dial.h"
#include "mqtt/trouble.h"

#define KEEPALIVE 15     /* s */
#define WINDOW 64        /* messages that it has not acked yet */
#define CONNECT_MS 10000 /* from the first packet to its CONNACK */
#define ACK_MS 45000     /* for a message: then it is worth no more waiting */
#define SLOW_MS 3000     /* … and this is what publisher.h calls slow */
#define LEAVE_MS 2000    /* for the farewell */
#define MISC_MS 5000     /* libmosquitto looks at its clock, and we at ours */
#define WORD_MAX 300
#define CAUSE_MAX 512

struct flight {
	int mid; /* 0: this place is free */
	unsigned long mark;
	uint64_t since_ms;
};

struct broker {
	const struct publisher *publisher;
	void *arg;
	struct tls *tls;
	struct publisher_target target;
	struct dial dial;
	struct mosquitto *client; /* NULL: no connection is there or tried */
	bool up;                  /* CONNACK has come */
	int refused;              /* … with this */
	uint64_t since_ms;        /* of the attempt, then of the connection */
	struct flight flights[WINDOW];
	size_t nflights;
	bool slow, told_slow; /* an ack was; the publisher knows, once for a connection */
	char (*said)
	    [CAUSE_MAX]; /* of each broker, what the log said last; "": all is well */
};

static const struct conf_broker *
its_conf(const struct broker *b)
{
	return &b->target.brokers[b->dial.broker];
}

/* One line when a broker fares differently than before. */
static void
report(struct broker *b, size_t i, const char *cause)
{
	const struct conf_broker *conf = &b->target.brokers[i];

	if (strcmp(b->said[i], cause) == 0)
		return;
	snprintf(b->said[i], sizeof(b->said[i]), "%s", cause);
	log_warn("%s: %s port %s %s", b->target.section, conf->host, conf->port, cause);
}

/* Ends the connection, or the attempt, as a failure. `rc` of libmosquitto, `error` of its
 * socket, as far as they say anything. */
static void
drop(struct broker *b, int rc, int error, bool late)
{
	size_t i = b->dial.broker;
	uint64_t now_ms = boottime_ms();
	struct trouble trouble = {.up = b->up,
	    .tls = its_conf(b)->tls,
	    .refused = b->refused,
	    .late = late || rc == MOSQ_ERR_KEEPALIVE || error == ETIMEDOUT,
	    .garbage = rc == MOSQ_ERR_PROTOCOL || rc == MOSQ_ERR_MALFORMED_PACKET ||
		       rc == MOSQ_ERR_OVERSIZE_PACKET || rc == MOSQ_ERR_INVAL ||
		       rc == MOSQ_ERR_NOMEM,
	    .error = error == ECONNRESET || error == EPIPE || error == EPROTO ? 0 : error,
	    .user = b->target.user != NULL};
	char cause[CAUSE_MAX], tls[CAUSE_MAX];

	if (its_conf(b)->tls && !b->up && tls_cause(b->tls, tls, sizeof(tls)))
		trouble.tls_cause = tls;
	if (b->said[i][0] == '\0' || !trouble_vague(&trouble))
		report(b, i, trouble_text(cause, sizeof(cause), &trouble));
	mosquitto_destroy(b->client);
	b->client = NULL;
	b->nflights = 0;
	memset(b->flights, 0, sizeof(b->flights));
	if (!b->up) {
		dial_failed(&b->dial, now_ms);
		return;
	}
	b->up = false;
	dial_broke(&b->dial, now_ms - b->since_ms, now_ms);
	if (b->publisher->lost != NULL)
		b->publisher->lost(b->arg);
}

static void
on_connect(struct mosquitto *client, void *arg, int refused, int flags)
{
	struct broker *b = arg;
	const struct conf_broker *conf = its_conf(b);

	b->refused = refused;
	if (refused != 0)
		return;
	b->up = true;
	b->since_ms = boottime_ms();
	b->said[b->dial.broker][0] = '\0';
	log_info("%s: connected to %s port %s%s", b->target.section, conf->host,
	    conf->port, conf->tls ? " by TLS" : "");
	b->publisher->connected(b->arg, b, (flags & 1) != 0);
}

static void
on_publish(struct mosquitto *client, void *arg, int mid)
{
	struct broker *b = arg;
	unsigned long mark = 0;
	size_t i;

	for (i = 0; i < WINDOW && b->flights[i].mid != mid; i++)
		;
	if (i == WINDOW)
		return;
	mark = b->flights[i].mark;
	b->slow |= boottime_ms() - b->flights[i].since_ms > SLOW_MS;
	b->flights[i].mid = 0;
	b->nflights--;
	if (b->publisher->acked != NULL)
		b->publisher->acked(b->arg, mark);
}

static void
on_subscribe(struct mosquitto *client, void *arg, int mid, int count, const int *granted)
{
	struct broker *b = arg;

	if (b->publisher->subscribed != NULL)
		b->publisher->subscribed(b->arg, mid, count > 0 && granted[0] <= 2);
}

static void
on_message(struct mosquitto *client, void *arg, const struct mosquitto_message *m)
{
	struct broker *b = arg;

	if (b->publisher->message != NULL && m->payloadlen >= 0)
		b->publisher->message(b->arg, m->topic,
		    m->payload == NULL ? "" : m->payload, (size_t)m->payloadlen,
		    m->retain);
}

static void
on_log(struct mosquitto *client, void *arg, int level, const char *text)
{
	const struct broker *b = arg;

	log_debug("%s: %s", b->target.section, text);
}

struct broker *
broker_new(const struct publisher *p, void *arg, struct tls *tls)
{
	struct broker *b = xcalloc(1, sizeof(*b));

	mosquitto_lib_init();
	b->publisher = p;
	b->arg = arg;
	b->tls = tls;
	p->target(arg, &b->target);
	dial_init(&b->dial, b->target.brokers, b->target.nbrokers);
	b->said = xcalloc(b->target.nbrokers, sizeof(*b->said));
	return b;
}

bool
broker_connected(const struct broker *b)
{
	return b->up;
}

int
broker_subscribe(struct broker *b, const char *filter, int qos)
{
	int mid;

	if (!b->up ||
	    mosquitto_subscribe(b->client, &mid, filter, qos) != MOSQ_ERR_SUCCESS)
		return 0;
	return mid;
}

void
broker_unsubscribe(struct broker *b, const char *filter)
{
	if (b->up)
		mosquitto_unsubscribe(b->client, NULL, filter);
}

/* A client as the target wants it, for one connection. */
static struct mosquitto *
client_new(struct broker *b)
{
	const struct publisher_target *t = &b->target;
	struct mosquitto *client = mosquitto_new(t->id, !t->durable, b);
	const struct conf_broker *conf = its_conf(b);

	if (client == NULL)
		log_fatal("libmosquitto does not start");
	mosquitto_connect_with_flags_callback_set(client, on_connect);
	mosquitto_publish_callback_set(client, on_publish);
	mosquitto_subscribe_callback_set(client, on_subscribe);
	mosquitto_message_callback_set(client, on_message);
	mosquitto_log_callback_set(client, on_log);
	mosquitto_max_inflight_messages_set(client, WINDOW);
	mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1);
	if (t->user != NULL)
		mosquitto_username_pw_set(client, t->user, t->password);
	if (t->will != NULL)
		mosquitto_will_set(
		    client, t->will, (int)strlen(t->will_text), t->will_text, 1, true);
	if (conf->tls) {
		mosquitto_int_option(client, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0);
		mosquitto_void_option(
		    client, MOSQ_OPT_SSL_CTX, tls_aim(b->tls, conf->host));
	}
	return client;
}

/* Begins to connect to the broker whose turn it is. */
static void
dial(struct broker *b, uint64_t now_ms)
{
	size_t i = b->dial.broker;
	char why[CAUSE_MAX - 32], cause[CAUSE_MAX];
	const char *address = dial_next(&b->dial, now_ms, why, sizeof(why));
	int rc;

	if (address == NULL) {
		snprintf(cause, sizeof(cause), "is not found: %s", why);
		report(b, i, cause);
		return;
	}
	log_debug("%s: trying %s", b->target.section, address);
	b->client = client_new(b);
	b->refused = 0;
	b->slow = b->told_slow = false;
	/* Looking the name up may have taken its time. */
	b->since_ms = boottime_ms();
	errno = 0;
	rc = mosquitto_connect_async(
	    b->client, address, atoi(its_conf(b)->port), KEEPALIVE);
	if (rc != MOSQ_ERR_SUCCESS && rc != MOSQ_ERR_CONN_PENDING)
		drop(b, rc, rc == MOSQ_ERR_ERRNO ? errno : 0, false);
}

/* Sends one message. False when there is no connection any more. */
static bool
send_one(struct broker *b, const struct publisher_message *m, uint64_t now_ms)
{
	struct flight *flight = b->flights;
	int mid, rc;

	rc = mosquitto_publish(
	    b->client, &mid, m->topic, (int)m->len, m->payload, 1, m->retain);
	if (rc == MOSQ_ERR_NO_CONN || rc == MOSQ_ERR_CONN_LOST || rc == MOSQ_ERR_ERRNO) {
		drop(b, rc, rc == MOSQ_ERR_ERRNO ? errno : 0, false);
		return false;
	}
	if (rc != MOSQ_ERR_SUCCESS) {
		log_warn("%s: cannot send %s: %s", b->target.section, m->topic,
		    mosquitto_strerror(rc));
		if (b->publisher->acked != NULL)
			b->publisher->acked(b->arg, m->mark);
		return true;
	}
	while (flight->mid != 0)
		flight++;
	*flight = (struct flight){mid, m->mark, now_ms};
	b->nflights++;
	return true;
}

/* Sends what is to be sent and the broker has room for. Returns for how many ms there is
 * nothing more. */
static uint64_t
send_all(struct broker *b, uint64_t now_ms)
{
	struct publisher_message m;

	while (b->nflights < WINDOW) {
		uint64_t wait_ms = b->publisher->next(b->arg, now_ms, &m);

		if (wait_ms != 0)
			return wait_ms;
		if (!send_one(b, &m, now_ms))
			break;
	}
	return PUBLISHER_NEVER;
}

/* True when a message waits for its ack for too long. */
static bool
stuck(const struct broker *b, uint64_t now_ms)
{
	for (size_t i = 0; i < WINDOW; i++)
		if (b->flights[i].mid != 0 && now_ms - b->flights[i].since_ms > ACK_MS)
			return true;
	return false;
}

/* What the socket is waited for. */
static short
wants(const struct broker *b)
{
	const SSL *ssl = mosquitto_ssl_get(b->client);

	/* libmosquitto wants to write through the whole handshake. */
	if (ssl != NULL && !SSL_is_init_finished(ssl))
		return (short)(POLLIN | (SSL_want_write(ssl) ? POLLOUT : 0));
	return (short)(POLLIN | (mosquitto_want_write(b->client) ? POLLOUT : 0));
}

uint64_t
broker_step(struct broker *b, uint64_t now_ms, struct pollfd *fd)
{
	uint64_t wait_ms = PUBLISHER_NEVER;
	int rc;

	fd->fd = -1;
	if (b->client == NULL && dial_at(&b->dial) <= now_ms)
		dial(b, now_ms);
	if (b->client != NULL &&
	    (rc = mosquitto_loop_misc(b->client)) != MOSQ_ERR_SUCCESS)
		drop(b, rc, 0, false);
	if (b->client != NULL &&
	    (b->up ? stuck(b, now_ms) : now_ms > b->since_ms + CONNECT_MS))
		drop(b, 0, 0, true);
	if (b->up && b->slow && !b->told_slow && b->nflights == 0) {
		b->told_slow = true;
		if (b->publisher->slow != NULL)
			b->publisher->slow(b->arg);
	}
	if (b->up)
		wait_ms = send_all(b, now_ms);
	if (b->client == NULL)
		return dial_at(&b->dial) > now_ms ? dial_at(&b->dial) - now_ms : 0;
	fd->fd = mosquitto_socket(b->client);
	fd->events = wants(b);
	return wait_ms < MISC_MS ? wait_ms : MISC_MS;
}

/* During a handshake libmosquitto does not see the other's end, nor an error. */
static bool
hung_up(int fd, int *error)
{
	socklen_t len = sizeof(*error);
	char byte;

	*error = 0;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, error, &len) == 0 && *error != 0)
		return true;
	return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

void
broker_ready(struct broker *b, const struct pollfd *fd)
{
	const SSL *ssl;
	int rc = MOSQ_ERR_SUCCESS, error = 0;

	if (b->client == NULL || fd->revents == 0)
		return;
	ssl = mosquitto_ssl_get(b->client);
	if (ssl != NULL && !SSL_is_init_finished(ssl)) {
		rc = mosquitto_loop_read(b->client, 1);
		if (rc == MOSQ_ERR_SUCCESS && !SSL_is_init_finished(ssl) &&
		    hung_up(fd->fd, &error))
			rc = MOSQ_ERR_CONN_LOST;
	} else {
		errno = 0;
		if (fd->revents & (POLLIN | POLLHUP | POLLERR)) {
			rc = mosquitto_loop_read(b->client, 1);
			error = rc == MOSQ_ERR_ERRNO ? errno : 0;
		}
		if (rc == MOSQ_ERR_SUCCESS && fd->revents & POLLOUT) {
			rc = mosquitto_loop_write(b->client, 1);
			error = rc == MOSQ_ERR_ERRNO ? errno : 0;
		}
	}
	if (rc != MOSQ_ERR_SUCCESS)
		drop(b, rc, error, false);
}

/* Says farewell, and goes on until the broker has all that was sent. */
static void
leave(struct broker *b)
{
	uint64_t until_ms = boottime_ms() + LEAVE_MS, now_ms;
	struct publisher_message m;
	bool said = false;

	while ((now_ms = boottime_ms()) < until_ms && b->up) {
		struct pollfd fd;

		if (!said && b->nflights < WINDOW) {
			said = true;
			if (!b->publisher->farewell(b->arg, &m) ||
			    !send_one(b, &m, now_ms))
				return;
		}
		if (said && b->nflights == 0)
			return;
		fd = (struct pollfd){
		    .fd = mosquitto_socket(b->client), .events = wants(b)};
		if (poll(&fd, 1, (int)(until_ms - now_ms)) <= 0)
			return;
		broker_ready(b, &fd);
	}
}

void
broker_free(struct broker *b)
{
	if (b == NULL)
		return;
	if (b->up && b->publisher->farewell != NULL)
		leave(b);
	if (b->client != NULL) {
		mosquitto_disconnect(b->client);
		mosquitto_loop_write(b->client, 1);
		mosquitto_destroy(b->client);
	}
	free(b->said);
	free(b);
	mosquitto_lib_cleanup();
}
