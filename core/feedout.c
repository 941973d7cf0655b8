/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <sys/queue.h>
#include <unistd.h>

#include "core/acceptor.h"
#include "core/feedout.h"
#include "lib/buf.h"
#include "lib/lineio.h"
#include "lib/log.h"
#include "lib/xmem.h"

#define QUEUE_MAX (256 * 1024) /* of changes, for each reader */
#define INPUT_LINE_MAX 4096    /* of what a reader says in vain */
#define READERS_MAX 64

struct reader {
	TAILQ_ENTRY(reader) entry;
	struct feedout *out;
	struct lineio *io;
};

struct feedout {
	struct event_base *base;
	struct feed *feed;
	struct acceptor *acceptor;
	TAILQ_HEAD(, reader) readers;
	size_t nreaders;
	struct buf line; /* the change that is being sent; kept for its memory */
};

static void
reader_free(struct reader *r)
{
	TAILQ_REMOVE(&r->out->readers, r, entry);
	r->out->nreaders--;
	lineio_free(r->io);
	free(r);
}

static void
on_line(void *arg, char *line, size_t len)
{
}

static void
on_closed(void *arg, const char *why)
{
	log_debug("feed: a reader is gone: %s", why);
	reader_free(arg);
}

static const struct lineio_ops reader_io = {.line = on_line, .closed = on_closed};

static void
take(void *arg, int fd)
{
	struct feedout *o = arg;
	struct reader *r;
	struct buf snapshot = {0};

	if (o->nreaders == READERS_MAX) {
		log_warn("feed: more than %d readers, one is turned away", READERS_MAX);
		close(fd);
		return;
	}
	feed_snapshot(&snapshot, o->feed);
	r = xcalloc(1, sizeof(*r));
	r->out = o;
	/* However large an installation is, its snapshot never counts as overflow. */
	r->io = lineio_new(
	    o->base, fd, INPUT_LINE_MAX, QUEUE_MAX + snapshot.len, &reader_io, r);
	TAILQ_INSERT_TAIL(&o->readers, r, entry);
	o->nreaders++;
	lineio_send(r->io, buf_head(&snapshot), snapshot.len);
	buf_free(&snapshot);
}

struct feedout *
feedout_new(struct event_base *base, int listen_fd, struct feed *feed)
{
	struct feedout *o = xcalloc(1, sizeof(*o));

	o->base = base;
	o->feed = feed;
	TAILQ_INIT(&o->readers);
	o->acceptor = acceptor_new(base, listen_fd, "feed", take, o);
	return o;
}

void
feedout_free(struct feedout *o)
{
	struct reader *r, *next;

	if (o == NULL)
		return;
	for (r = TAILQ_FIRST(&o->readers); r != NULL; r = next) {
		next = TAILQ_NEXT(r, entry);
		reader_free(r);
	}
	acceptor_free(o->acceptor);
	buf_free(&o->line);
	free(o);
}

void
feedout_change(struct feedout *o, const char *ups, const char *line, size_t len)
{
	struct reader *r;

	buf_clear(&o->line);
	buf_printf(&o->line, "%lu %s ", ++o->feed->number, ups);
	buf_add(&o->line, line, len);
	buf_puts(&o->line, "\n");
	TAILQ_FOREACH (r, &o->readers, entry)
		lineio_send(r->io, buf_head(&o->line), o->line.len);
}
