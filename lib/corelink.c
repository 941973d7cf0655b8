/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "lib/corelink.h"
#include "lib/log.h"
#include "lib/sock.h"
#include "lib/words.h"
#include "lib/xmem.h"

static const struct timeval retry = {.tv_usec = 200 * 1000};

struct corelink {
	struct event_base *base;
	const char *what;
	char *path;
	size_t queue_max;
	const struct corelink_ops *ops;
	void *arg;
	struct lineio *io; /* NULL: not connected */
	struct event *retry;
	bool complained; /* its loss is logged: do not repeat that */
};

static void
on_line(void *arg, char *line, size_t len)
{
	struct corelink *l = arg;

	l->ops->line(l->arg, line, len);
}

static void
on_closed(void *arg, const char *why)
{
	corelink_drop(arg, why);
}

static const struct lineio_ops io_ops = {.line = on_line, .closed = on_closed};

/* Tries to connect; another try follows when it fails. */
static void
on_retry(evutil_socket_t fd, short what, void *arg)
{
	struct corelink *l = arg;
	char cause[256];
	int s = sock_connect_unix(l->path, SOCK_STREAM, cause, sizeof(cause));

	if (s < 0) {
		if (!l->complained)
			log_info("%s: core is not there (%s); trying on", l->what, cause);
		l->complained = true;
		event_add(l->retry, &retry);
		return;
	}
	if (l->complained)
		log_info("%s: connected to core", l->what);
	l->complained = false;
	l->io = lineio_new(l->base, s, WORDS_LINE_MAX, l->queue_max, &io_ops, l);
	if (l->ops->opened != NULL)
		l->ops->opened(l->arg);
}

struct corelink *
corelink_new(struct event_base *base, const char *what, const char *path,
    size_t queue_max, const struct corelink_ops *ops, void *arg)
{
	struct corelink *l = xcalloc(1, sizeof(*l));

	l->base = base;
	l->what = what;
	l->path = xstrdup(path);
	l->queue_max = queue_max;
	l->ops = ops;
	l->arg = arg;
	l->retry = evtimer_new(base, on_retry, l);
	event_active(l->retry, EV_TIMEOUT, 1);
	return l;
}

void
corelink_free(struct corelink *l)
{
	lineio_free(l->io);
	event_free(l->retry);
	free(l->path);
	free(l);
}

struct lineio *
corelink_io(const struct corelink *l)
{
	return l->io;
}

void
corelink_drop(struct corelink *l, const char *why)
{
	lineio_free(l->io);
	l->io = NULL;
	log_warn("%s: connection to core lost (%s)", l->what, why);
	l->complained = true;
	event_add(l->retry, &retry);
	l->ops->lost(l->arg);
}
