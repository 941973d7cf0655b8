/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <linux/input.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/hidsock.h"
#include "lib/log.h"
#include "lib/sock.h"
#include "lib/xmem.h"
#include "sim/delay.h"
#include "sim/link.h"

#define HEAD offsetof(struct hidsock_packet, data)
#define CONNECTIONS_MAX 32
#define PACKETS_AT_ONCE 16

struct connection {
	LIST_ENTRY(connection) entry;
	struct link_sock *link;
	int fd;
	struct event *readable;
	struct delay *delay;
	bool listening; /* wants input reports */
};

struct link_sock {
	struct link link;
	struct event_base *base;
	const struct link_device *device;
	char *path;
	int fd; /* -1: not on the bus */
	struct event *acceptable;
	LIST_HEAD(, connection) connections;
	int count;
};

/* A peer that does not take its packets loses the connection: its end of file does the
 * rest, so that nobody vanishes while being served. */
static void
send_packet(struct connection *c, const struct hidsock_packet *p)
{
	if (send(c->fd, p, HEAD + p->len, MSG_DONTWAIT | MSG_NOSIGNAL) == -1)
		shutdown(c->fd, SHUT_RDWR);
}

static void
connection_free(struct connection *c)
{
	LIST_REMOVE(c, entry);
	c->link->count--;
	delay_free(c->delay);
	event_free(c->readable);
	close(c->fd);
	free(c);
}

/* Copies what fits; an answer that does not fit becomes an error. */
static void
fill(struct hidsock_packet *p, const void *data, size_t len)
{
	if (data == NULL)
		p->error =
		    EPIPE; /* as the kernel says for a request the device refuses */
	else if (len > sizeof(p->data))
		p->error = EMSGSIZE;
	else {
		memcpy(p->data, data, len);
		p->len = (uint32_t)len;
	}
}

static void
fill_info(struct hidsock_packet *p, const struct link_sock *l)
{
	const struct hidups_ident *ident = &l->device->recording->ident;
	const char *name = strrchr(l->path, '/');
	struct hidsock_info info = {.vendor = ident->vendor,
	    .product = ident->product,
	    .version = ident->version,
	    .bus = BUS_USB};

	snprintf(info.manufacturer, sizeof(info.manufacturer), "%s", ident->manufacturer);
	snprintf(info.name, sizeof(info.name), "%s", ident->name);
	snprintf(info.serial, sizeof(info.serial), "%s", ident->serial);
	snprintf(
	    info.path, sizeof(info.path), "sim/%s", name == NULL ? l->path : name + 1);
	fill(p, &info, sizeof(info));
}

/* Answers a question. */
static void
serve(void *arg, const void *request, size_t request_len)
{
	const struct hidsock_packet *question = request;
	struct connection *c = arg;
	const struct link_device *d = c->link->device;
	struct hidsock_packet answer = {.op = question->op, .id = question->id};
	const uint8_t *bytes;
	const char *text;
	size_t len = 0;

	(void)request_len;
	switch (question->op) {
	case HIDSOCK_INFO:
		fill_info(&answer, c->link);
		break;
	case HIDSOCK_DESCRIPTOR:
		fill(&answer, d->recording->descriptor, d->recording->descriptor_len);
		break;
	case HIDSOCK_GET:
		bytes = d->get(d->arg, question->id, &len);
		fill(&answer, bytes, len);
		break;
	case HIDSOCK_SET:
		if (d->set(d->arg, question->data, question->len) != 0)
			answer.error = EPIPE;
		break;
	case HIDSOCK_STRING:
		text = d->string(d->arg, question->id);
		fill(&answer, text, text == NULL ? 0 : strlen(text));
		break;
	default:
		answer.error = EINVAL;
	}
	send_packet(c, &answer);
}

/* Takes a packet; -1 when the connection is to end. */
static int
take(struct connection *c)
{
	struct hidsock_packet p;
	ssize_t n = recv(c->fd, &p, sizeof(p), MSG_DONTWAIT);

	if (n == -1)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	if ((size_t)n < HEAD || (size_t)n - HEAD != p.len)
		return -1;
	if (p.op == HIDSOCK_LISTEN) {
		c->listening = true;
		return 1;
	}
	if (delay_push(
		c->delay, p.op == HIDSOCK_GET || p.op == HIDSOCK_SET, &p, (size_t)n) != 0)
		return -1;
	return 1;
}

static void
on_readable(evutil_socket_t fd, short events, void *arg)
{
	struct connection *c = arg;
	int i, rc;

	(void)fd;
	(void)events;
	for (i = 0; i < PACKETS_AT_ONCE; i++) {
		if ((rc = take(c)) == -1)
			connection_free(c);
		if (rc != 1)
			return;
	}
}

static void
on_acceptable(evutil_socket_t listener, short events, void *arg)
{
	struct link_sock *l = arg;
	struct connection *c;
	int fd;

	(void)events;
	if ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) == -1)
		return;
	if (l->count >= CONNECTIONS_MAX) {
		log_warn(
		    "%s: %d connections are open, another is refused", l->path, l->count);
		close(fd);
		return;
	}
	c = xcalloc(1, sizeof(*c));
	c->link = l;
	c->fd = fd;
	c->delay = delay_new(l->base, l->device->stall, serve, c);
	c->readable = event_new(l->base, fd, EV_READ | EV_PERSIST, on_readable, c);
	event_add(c->readable, NULL);
	LIST_INSERT_HEAD(&l->connections, c, entry);
	l->count++;
}

static int
sock_appear(struct link *link, char *cause, size_t size)
{
	struct link_sock *l = (struct link_sock *)link;

	l->fd = sock_listen_unix(l->path, SOCK_SEQPACKET, 0660, cause, size);
	if (l->fd == -1)
		return -1;
	l->acceptable = event_new(l->base, l->fd, EV_READ | EV_PERSIST, on_acceptable, l);
	event_add(l->acceptable, NULL);
	return 0;
}

static void
sock_vanish(struct link *link)
{
	struct link_sock *l = (struct link_sock *)link;
	struct connection *c, *next;

	if (l->fd == -1)
		return;
	unlink(l->path);
	event_free(l->acceptable);
	close(l->fd);
	l->fd = -1;
	for (c = LIST_FIRST(&l->connections); c != NULL; c = next) {
		next = LIST_NEXT(c, entry);
		connection_free(c);
	}
}

static void
sock_input(struct link *link, const uint8_t *bytes, size_t len)
{
	struct link_sock *l = (struct link_sock *)link;
	struct hidsock_packet p = {.op = HIDSOCK_INPUT, .id = bytes[0]};
	struct connection *c;

	fill(&p, bytes, len);
	LIST_FOREACH (c, &l->connections, entry) {
		if (c->listening)
			send_packet(c, &p);
	}
}

static void
sock_retime(struct link *link)
{
	struct link_sock *l = (struct link_sock *)link;
	struct connection *c;

	LIST_FOREACH (c, &l->connections, entry)
		delay_retime(c->delay);
}

static void
sock_free(struct link *link)
{
	struct link_sock *l = (struct link_sock *)link;

	sock_vanish(link);
	free(l->path);
	free(l);
}

static const struct link_ops sock_ops = {
    .appear = sock_appear,
    .vanish = sock_vanish,
    .input = sock_input,
    .retime = sock_retime,
    .free = sock_free,
};

struct link *
link_sock_new(struct event_base *base, const char *path, const struct link_device *device)
{
	struct link_sock *l = xcalloc(1, sizeof(*l));

	l->link.ops = &sock_ops;
	l->base = base;
	l->device = device;
	l->path = xstrdup(path);
	l->fd = -1;
	LIST_INIT(&l->connections);
	return &l->link;
}
