/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "holdupd/listens.h"
#include "holdupd/sockets.h"
#include "lib/buf.h"
#include "lib/log.h"
#include "lib/sock.h"
#include "lib/xmem.h"

#define CAUSE_MAX 512
#define AGAIN_FIRST 2 /* seconds */
#define AGAIN_LONGEST 60

struct listen {
	struct plan_listen at; /* as in the plan, a copy */
	int fd;                /* -1: not open */
	int error;             /* why not, as the log says; 0: it says nothing */
};

struct listens {
	struct plan *plan;
	enum plan_server server;
	gid_t group;
	struct listen *list;
	bool *ok; /* for plan_net() */
	size_t count;
	struct event *again;
	struct timeval pause; /* before the next attempt */
	void (*changed)(void *arg);
	void *arg;
};

/* "127.0.0.1:3493", "[::1]:3493" or "unix:/run/holdup/web.sock" */
static void
listen_text(const struct listen *l, struct buf *text)
{
	const char *address = l->at.address;
	const bool six = address != NULL && strchr(address, ':') != NULL;

	if (l->at.path != NULL)
		buf_printf(text, "unix:%s", l->at.path);
	else
		buf_printf(text, "%s%s%s:%d", six ? "[" : "", address, six ? "]" : "",
		    sock_port(l->fd));
}

/* Who may have the port. */
static const char *
hint(const struct listens *all)
{
	return all->server == PLAN_NET ? " (if that is NUT's upsd, stop it: systemctl "
					 "disable --now nut-server)"
				       : " (listen = in [web] of holdup.conf says where "
					 "the page is)";
}

/* A descriptor, or -1 with errno and the reason. */
static int
socket_open(const struct listens *all, const struct listen *l, char *cause, size_t size)
{
	gid_t before;
	int fd;

	if (l->at.path == NULL)
		return sock_listen_tcp(l->at.address, l->at.port, cause, size);
	before = sockets_group(all->group);
	fd = sock_listen_unix(l->at.path, SOCK_STREAM, SOCKETS_MODE, cause, size);
	sockets_group(before);
	return fd;
}

/* The log has a line when one fails, when it fails for another reason, and when it comes. */
static void
listen_open(const struct listens *all, struct listen *l)
{
	char cause[CAUSE_MAX];
	struct buf text = {0};

	l->fd = socket_open(all, l, cause, sizeof(cause));
	if (l->fd >= 0 && l->error != 0) {
		listen_text(l, &text);
		log_info("listening on %s now", buf_str(&text));
		buf_free(&text);
		l->error = 0;
	} else if (l->fd < 0 && errno != l->error) {
		l->error = errno;
		log_warn("cannot listen on %s%s; trying again until it works", cause,
		    l->error == EADDRINUSE ? hint(all) : "");
	}
}

/* Opens what is not open. Returns how many have come; the rest has to wait. */
static size_t
open_missing(struct listens *l)
{
	size_t come = 0;

	for (size_t i = 0; i < l->count; i++) {
		if (l->list[i].fd < 0) {
			listen_open(l, &l->list[i]);
			come += l->list[i].fd >= 0;
		}
		l->ok[i] = l->list[i].fd >= 0;
	}
	if (l->server == PLAN_NET)
		plan_net(l->plan, l->ok);
	else
		plan_web(l->plan, l->ok);
	if (listens_missing(l) > 0)
		event_add(l->again, &l->pause);
	return come;
}

static void
on_again(evutil_socket_t fd, short what, void *arg)
{
	struct listens *l = arg;

	l->pause.tv_sec *= 2;
	if (l->pause.tv_sec > AGAIN_LONGEST)
		l->pause.tv_sec = AGAIN_LONGEST;
	if (open_missing(l) > 0)
		l->changed(l->arg);
}

/* Nobody can reach it any more, not even by net's copy of it: a new address must not find
 * it in its way. */
static void
listen_close(struct listen *l)
{
	if (l->fd >= 0) {
		if (l->at.path != NULL)
			unlink(l->at.path);
		shutdown(l->fd, SHUT_RDWR);
		close(l->fd);
	}
	free(l->at.address);
	free(l->at.port);
	free(l->at.path);
}

static char *
copy(const char *text)
{
	return text == NULL ? NULL : xstrdup(text);
}

/* The listener of an address in the list before, or a new one. */
static struct listen
listen_take(struct listen *list, size_t count, const struct plan_listen *wanted)
{
	struct listen new = {.fd = -1};

	for (size_t i = 0; i < count; i++) {
		if ((list[i].at.address == NULL && list[i].at.path == NULL) ||
		    !plan_same_listen(&list[i].at, wanted))
			continue;
		new = list[i];
		list[i] = (struct listen){.fd = -1};
		return new;
	}
	new.at = (struct plan_listen){.address = copy(wanted->address),
	    .port = copy(wanted->port),
	    .path = copy(wanted->path)};
	return new;
}

void
listens_follow(struct listens *l)
{
	struct listen *old = l->list;
	size_t count = l->count;
	const struct plan_listen *wanted = plan_listens(l->plan, l->server, &l->count);

	l->list = xcalloc(l->count + 1, sizeof(*l->list));
	free(l->ok);
	l->ok = xcalloc(l->count + 1, sizeof(*l->ok));
	for (size_t i = 0; i < l->count; i++)
		l->list[i] = listen_take(old, count, &wanted[i]);
	for (size_t i = 0; i < count; i++)
		listen_close(&old[i]);
	free(old);
	event_del(l->again);
	l->pause.tv_sec = AGAIN_FIRST;
	open_missing(l);
}

struct listens *
listens_new(struct event_base *base, struct plan *plan, enum plan_server server,
    gid_t group, void (*changed)(void *arg), void *arg)
{
	struct listens *l = xcalloc(1, sizeof(*l));

	l->plan = plan;
	l->server = server;
	l->group = group;
	l->changed = changed;
	l->arg = arg;
	l->again = evtimer_new(base, on_again, l);
	listens_follow(l);
	return l;
}

void
listens_free(struct listens *l)
{
	for (size_t i = 0; i < l->count; i++)
		listen_close(&l->list[i]);
	event_free(l->again);
	free(l->list);
	free(l->ok);
	free(l);
}

int
listens_fd(const struct listens *l, size_t index)
{
	return l->list[index].fd;
}

size_t
listens_missing(const struct listens *l)
{
	size_t missing = 0;

	for (size_t i = 0; i < l->count; i++)
		missing += l->list[i].fd < 0;
	return missing;
}

void
listens_give(const struct listens *l, struct netctl *n)
{
	n->nlistens = 0;
	for (size_t i = 0; i < l->count; i++)
		if (l->list[i].fd >= 0)
			n->listens[n->nlistens++] = l->list[i].fd;
}

char *
listens_text(const struct listens *l)
{
	struct buf text = {0};
	char *copy;

	for (size_t i = 0; i < l->count; i++) {
		if (l->list[i].fd < 0)
			continue;
		buf_printf(&text, "%s", text.len > 0 ? ", " : "");
		listen_text(&l->list[i], &text);
	}
	copy = text.len > 0 ? xstrdup(buf_str(&text)) : NULL;
	buf_free(&text);
	return copy;
}
