/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/log.h"
#include "lib/sock.h"
#include "lib/xmem.h"
#include "sim/delay.h"
#include "sim/link.h"
#include "sim/urbs.h"
#include "sim/usbip.h"

#define CLIENTS_MAX 8
#define READ_BYTES 16384
#define UNSENT_MAX 262144 /* bytes; who does not take them is not read from */
#define UNDECIDED_S 10    /* for a connection that imports nothing */
#define ALIVE_S 10        /* of silence, and a host is asked whether it lives */
#define CONTROL_IN 0x80   /* direction bit of a request */

/*
 * The server of USB/IP (sim/usbip.h). Any number of hosts may ask what is here, one has the
 * device. When it leaves the bus, that host's connection ends, and when it comes back
 * somebody has to import it anew: USB/IP knows no other way.
 */
struct link_usbip {
	struct link link;
	struct event_base *base;
	const struct link_device *device;
	char *place; /* ADDRESS:PORT */
	int listener;
	struct event *acceptable;
	struct delay *delay;
	bool present;        /* on the bus */
	unsigned life;       /* counts up when what waits is void */
	struct urbs urbs;    /* of the holder */
	struct host *holder; /* who has imported the device, or NULL */
	LIST_HEAD(, host) hosts;
	int count;
};

/* A connection. */
struct host {
	LIST_ENTRY(host) entry;
	struct link_usbip *link;
	bool imported; /* the device, and maybe lost it again */
	int fd;
	struct event *readable, *writable;
	struct buf in, out;
};

/* A control transfer that may have to wait. */
struct transfer {
	unsigned life;
	uint32_t seqnum;
	struct usbdev_setup setup;
	size_t len;
	uint8_t data[];
};

/* Nothing that waits for this host is answered any more. */
static void
lose(struct link_usbip *l)
{
	l->holder = NULL;
	l->life++;
	urbs_clear(&l->urbs);
}

static void
host_free(struct host *h)
{
	struct link_usbip *l = h->link;

	if (l->holder == h)
		lose(l);
	LIST_REMOVE(h, entry);
	l->count--;
	event_free(h->readable);
	event_free(h->writable);
	close(h->fd);
	buf_free(&h->in);
	buf_free(&h->out);
	free(h);
}

/* Waits for what it says; as long as it has imported nothing, not for ever. */
static void
listen_to(struct host *h)
{
	const struct timeval limit = {.tv_sec = UNDECIDED_S};

	event_del(h->readable);
	event_add(h->readable, h->imported ? NULL : &limit);
}

/* Writes what is queued, now or when the socket takes it. After an error the end of file
 * does the rest, so that no host vanishes while it is served. */
static void
flush(struct host *h)
{
	ssize_t n = 0;

	while (h->out.len > 0 && n != -1) {
		n = send(
		    h->fd, buf_head(&h->out), h->out.len, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n > 0)
			buf_consume(&h->out, (size_t)n);
	}
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		event_add(h->writable, NULL);
	else if (n == -1) {
		buf_clear(&h->out);
		shutdown(h->fd, SHUT_RDWR);
	}
}

/* Hands the reports that wait to the transfers that do. */
static void
hand_out(struct link_usbip *l)
{
	const uint8_t *bytes;
	uint32_t seqnum;
	size_t len;

	while (l->holder != NULL && urbs_next(&l->urbs, &seqnum, &bytes, &len))
		usbip_write_submit(&l->holder->out, seqnum, 0, bytes, len);
}

/* Answers a control transfer, unless nobody waits for it any more. */
static void
serve(void *arg, const void *bytes, size_t size)
{
	static uint8_t answer[UINT16_MAX];
	struct link_usbip *l = arg;
	const struct transfer *t = bytes;
	int len;

	(void)size;
	if (t->life != l->life || !urbs_answer(&l->urbs, t->seqnum))
		return;
	len = usbdev_control(l->device, &t->setup, t->data, t->len, answer);
	if (t->life != l->life) /* the write has made the device leave */
		return;
	if (len == -1)
		usbip_write_submit(&l->holder->out, t->seqnum, -EPIPE, NULL, 0);
	else if ((t->setup.type & CONTROL_IN) != 0)
		usbip_write_submit(&l->holder->out, t->seqnum, 0, answer, (size_t)len);
	else
		usbip_write_submit(&l->holder->out, t->seqnum, 0, NULL, t->len);
	flush(l->holder);
}

static bool
is_transfer(const void *request, const void *seqnum)
{
	return ((const struct transfer *)request)->seqnum == *(const uint32_t *)seqnum;
}

/* A control transfer goes to the device, which may be slow at reports; a stall if too many
 * wait. Who it is, it says at once: a host resets a device that does not answer, of which
 * USB/IP says nothing, and asks that first. */
static void
control(struct link_usbip *l, const struct usbip_request *r)
{
	struct transfer *t = xmalloc(sizeof(*t) + r->len);
	size_t size = sizeof(*t) + r->len;

	*t = (struct transfer){
	    .life = l->life, .seqnum = r->seqnum, .setup = r->setup, .len = r->len};
	memcpy(t->data, r->data, r->len);
	if (r->in && t->setup.length > r->length)
		t->setup.length = (uint16_t)r->length;
	if (!urbs_control(&l->urbs, r->seqnum))
		usbip_write_submit(&l->holder->out, r->seqnum, -EPIPE, NULL, 0);
	else if (!usbdev_is_report(&t->setup))
		serve(l, t, size);
	else if (delay_push(l->delay, true, t, size) != 0) {
		urbs_answer(&l->urbs, r->seqnum);
		usbip_write_submit(&l->holder->out, r->seqnum, -EPIPE, NULL, 0);
	}
	free(t);
}

/* Takes back a transfer; the answer is to say whether it had been answered before. */
static void
take_back(struct link_usbip *l, const struct usbip_request *r)
{
	bool waited = urbs_unlink(&l->urbs, r->victim);

	usbip_write_unlink(&l->holder->out, r->seqnum, waited ? -ECONNRESET : 0);
	if (waited)
		delay_forget(l->delay, is_transfer, &r->victim);
}

static void
submit(struct link_usbip *l, const struct usbip_request *r)
{
	bool poll = r->in && r->endpoint == (USBDEV_ENDPOINT & 0xf);

	if (r->endpoint == 0)
		control(l, r);
	else if (!poll || !urbs_poll(&l->urbs, r->seqnum, r->length))
		usbip_write_submit(&l->holder->out, r->seqnum, -EPIPE, NULL, 0);
}

static void
import(struct host *h, const char *busid)
{
	struct link_usbip *l = h->link;
	const struct hidups_ident *ident = &l->device->recording->ident;

	if (!l->present || strcmp(busid, USBIP_BUSID) != 0)
		usbip_write_import(&h->out, USBIP_NO_DEVICE, ident);
	else if (l->holder != NULL) {
		log_warn("%s: a host has the device, another is refused", l->place);
		usbip_write_import(&h->out, USBIP_BUSY, ident);
	} else {
		usbip_write_import(&h->out, USBIP_OK, ident);
		l->holder = h;
		h->imported = true;
	}
}

static void
act(struct host *h, const struct usbip_request *r)
{
	struct link_usbip *l = h->link;
	const struct hidups_ident *ident = &l->device->recording->ident;

	switch (r->verb) {
	case USBIP_DEVLIST:
		usbip_write_devlist(&h->out, l->present ? ident : NULL);
		break;
	case USBIP_IMPORT:
		import(h, r->busid);
		break;
	case USBIP_SUBMIT:
		submit(l, r);
		break;
	case USBIP_UNLINK:
		take_back(l, r);
		break;
	}
}

/* Does what it has said so far; -1: the conversation is over. */
static int
converse(struct host *h)
{
	struct link_usbip *l = h->link;
	struct usbip_request r;
	char cause[128];
	ssize_t n = 0;

	while (h->out.len < UNSENT_MAX && (!h->imported || l->holder == h)) {
		n = usbip_read((const uint8_t *)buf_head(&h->in), h->in.len, h->imported,
		    &r, cause, sizeof(cause));
		if (n <= 0)
			break;
		act(h, &r);
		buf_consume(&h->in, (size_t)n);
	}
	if (n == -1) {
		log_warn("%s: a host is sent away: %s", l->place, cause);
		return -1;
	}
	hand_out(l);
	if (h->out.len < UNSENT_MAX)
		listen_to(h);
	else
		event_del(h->readable);
	flush(h);
	return 0;
}

static void
on_readable(evutil_socket_t fd, short events, void *arg)
{
	struct host *h = arg;
	ssize_t n;

	n = (events & EV_READ) == 0
		? 0 /* it has taken too long */
		: recv(fd, buf_room(&h->in, READ_BYTES), READ_BYTES, MSG_DONTWAIT);
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0)
		buf_grew(&h->in, (size_t)n);
	if (n <= 0 || (h->imported && h->link->holder != h) || converse(h) == -1)
		host_free(h);
}

static void
on_writable(evutil_socket_t fd, short events, void *arg)
{
	struct host *h = arg;

	(void)fd;
	(void)events;
	flush(h);
	if (h->out.len < UNSENT_MAX && converse(h) == -1)
		host_free(h);
}

/* Answers go at once, and a host that has lost its power is missed. */
static void
set_options(int fd)
{
	static const int on = 1, alive = ALIVE_S;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &alive, sizeof(alive));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &alive, sizeof(alive));
}

static void
on_acceptable(evutil_socket_t listener, short events, void *arg)
{
	struct link_usbip *l = arg;
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct host *h;

	(void)events;
	if (fd == -1)
		return;
	if (l->count >= CLIENTS_MAX) {
		log_warn(
		    "%s: %d hosts are connected, another is refused", l->place, l->count);
		close(fd);
		return;
	}
	set_options(fd);
	h = xcalloc(1, sizeof(*h));
	h->link = l;
	h->fd = fd;
	h->readable = event_new(l->base, fd, EV_READ | EV_PERSIST, on_readable, h);
	h->writable = event_new(l->base, fd, EV_WRITE, on_writable, h);
	LIST_INSERT_HEAD(&l->hosts, h, entry);
	l->count++;
	listen_to(h);
}

/* Listens on "ADDRESS:PORT"; an address of IPv6 stands in brackets. */
static int
open_place(const char *place, char *cause, size_t size)
{
	const char *colon = strrchr(place, ':');
	size_t len = colon != NULL ? (size_t)(colon - place) : 0;
	char address[64];

	if (len >= 2 && place[0] == '[' && place[len - 1] == ']') {
		place++;
		len -= 2;
	}
	if (len == 0 || len >= sizeof(address)) {
		snprintf(cause, size, "'%s' is no ADDRESS:PORT to listen on", place);
		return -1;
	}
	memcpy(address, place, len);
	address[len] = '\0';
	return sock_listen_tcp(address, colon + 1, cause, size);
}

/* The place stays open from the first appearance on: a host may look for the device while
 * it is away. */
static int
usbip_appear(struct link *link, char *cause, size_t size)
{
	struct link_usbip *l = (struct link_usbip *)link;

	if (l->listener == -1) {
		l->listener = open_place(l->place, cause, size);
		if (l->listener == -1)
			return -1;
		l->acceptable = event_new(
		    l->base, l->listener, EV_READ | EV_PERSIST, on_acceptable, l);
		event_add(l->acceptable, NULL);
	}
	l->present = true;
	return 0;
}

static void
usbip_vanish(struct link *link)
{
	struct link_usbip *l = (struct link_usbip *)link;

	l->present = false;
	if (l->holder == NULL)
		return;
	buf_clear(&l->holder->out);
	shutdown(l->holder->fd, SHUT_RDWR);
	lose(l);
}

static void
usbip_input(struct link *link, const uint8_t *bytes, size_t len)
{
	struct link_usbip *l = (struct link_usbip *)link;

	if (l->holder == NULL)
		return;
	urbs_report(&l->urbs, bytes, len, l->device->numbered);
	hand_out(l);
	flush(l->holder);
}

static void
usbip_retime(struct link *link)
{
	delay_retime(((struct link_usbip *)link)->delay);
}

static void
usbip_free(struct link *link)
{
	struct link_usbip *l = (struct link_usbip *)link;
	struct host *h, *next;

	for (h = LIST_FIRST(&l->hosts); h != NULL; h = next) {
		next = LIST_NEXT(h, entry);
		host_free(h);
	}
	delay_free(l->delay);
	if (l->listener != -1) {
		event_free(l->acceptable);
		close(l->listener);
	}
	urbs_clear(&l->urbs);
	free(l->place);
	free(l);
}

static const struct link_ops usbip_ops = {
    .appear = usbip_appear,
    .vanish = usbip_vanish,
    .input = usbip_input,
    .retime = usbip_retime,
    .free = usbip_free,
};

struct link *
link_usbip_new(
    struct event_base *base, const char *place, const struct link_device *device)
{
	struct link_usbip *l = xcalloc(1, sizeof(*l));

	l->link.ops = &usbip_ops;
	l->base = base;
	l->device = device;
	l->place = xstrdup(place);
	l->listener = -1;
	l->delay = delay_new(base, device->stall, serve, l);
	urbs_init(&l->urbs);
	LIST_INIT(&l->hosts);
	return &l->link;
}
