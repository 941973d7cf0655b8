/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/lineio.h"
#include "lib/log.h"
#include "lib/sock.h"
#include "lib/xmem.h"
#include "sim/control.h"

#define LINE_MAX_BYTES 512
#define QUEUE_MAX_BYTES 65536
#define CLIENTS_MAX 16

struct client {
	LIST_ENTRY(client) entry;
	struct control *control;
	struct lineio *io;
};

struct control {
	struct event_base *base;
	char *path;
	int fd, count;
	struct event *acceptable;
	void (*run)(void *arg, const char *line, struct buf *answer);
	void *arg;
	LIST_HEAD(, client) clients;
};

static void
client_free(struct client *c)
{
	LIST_REMOVE(c, entry);
	c->control->count--;
	lineio_free(c->io);
	free(c);
}

static void
on_line(void *arg, char *line, size_t len)
{
	struct client *c = arg;
	struct buf answer = {0};

	(void)len;
	c->control->run(c->control->arg, line, &answer);
	buf_puts(&answer, "\n");
	lineio_send(c->io, buf_head(&answer), answer.len);
	buf_free(&answer);
}

static void
on_closed(void *arg, const char *why)
{
	(void)why;
	client_free(arg);
}

static const struct lineio_ops client_ops = {.line = on_line, .closed = on_closed};

static void
on_acceptable(evutil_socket_t listener, short events, void *arg)
{
	struct control *control = arg;
	struct client *c;
	int fd;

	(void)events;
	if ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) == -1)
		return;
	if (control->count >= CLIENTS_MAX) {
		log_warn("%s: %d clients are connected, another is refused",
		    control->path, control->count);
		close(fd);
		return;
	}
	c = xcalloc(1, sizeof(*c));
	c->control = control;
	c->io = lineio_new(
	    control->base, fd, LINE_MAX_BYTES, QUEUE_MAX_BYTES, &client_ops, c);
	LIST_INSERT_HEAD(&control->clients, c, entry);
	control->count++;
}

struct control *
control_new(struct event_base *base, const char *path,
    void (*run)(void *arg, const char *line, struct buf *answer), void *arg, char *cause,
    size_t size)
{
	struct control *c;
	int fd = sock_listen_unix(path, SOCK_STREAM, 0660, cause, size);

	if (fd == -1)
		return NULL;
	c = xcalloc(1, sizeof(*c));
	c->base = base;
	c->path = xstrdup(path);
	c->fd = fd;
	c->run = run;
	c->arg = arg;
	LIST_INIT(&c->clients);
	c->acceptable = event_new(base, fd, EV_READ | EV_PERSIST, on_acceptable, c);
	event_add(c->acceptable, NULL);
	return c;
}

void
control_free(struct control *c)
{
	struct client *client, *next;

	if (c == NULL)
		return;
	for (client = LIST_FIRST(&c->clients); client != NULL; client = next) {
		next = LIST_NEXT(client, entry);
		client_free(client);
	}
	event_free(c->acceptable);
	close(c->fd);
	unlink(c->path);
	free(c->path);
	free(c);
}
