/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/source.h"
#include "lib/buf.h"
#include "lib/dline.h"
#include "lib/lineio.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/sock.h"
#include "lib/words.h"
#include "lib/xmem.h"

#define LINE_MAX_BYTES 2048   /* of a driver's line: leaves the feed its prefix */
#define QUEUE_MAX (64 * 1024) /* for a driver that does not read */
#define SOON_TRIES 10         /* this often after SOON_MS, then each LATER_MS */
#define SOON_MS 200
#define LATER_MS 1000

struct source {
	char *ups, *driver, *path;
	char *elsewhere; /* the socket in another folder, or NULL */
	struct event_base *base;
	const struct source_ops *ops;
	void *arg;
	struct state *state;
	struct state *dump;    /* what comes between DUMPALL and DUMPDONE; else NULL */
	enum feed_source said; /* last told to moved() */
	bool fresh;            /* DATAOK came last */
	bool complained;       /* the loss is in the log */
	unsigned tries;        /* since the last loss */
	long silence_ms;
	struct lineio *io; /* NULL: not connected */
	/* Timers of the loop: they rest while the machine sleeps, as the driver does. */
	struct event *retry, *ping, *silence;
};

static void
timer_start(struct event *timer, long ms)
{
	const struct timeval time = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};

	event_add(timer, &time);
}

static void
tell(struct source *s, enum feed_source source)
{
	if (s->said == source)
		return;
	s->said = source;
	s->ops->moved(s->arg, source);
}

/* Ends the connection, if any, and plans the next. */
static void
lost(struct source *s, const char *why)
{
	if (!s->complained)
		log_warn("ups %s: no driver %s: %s", s->ups, s->driver, why);
	s->complained = true;
	lineio_free(s->io);
	s->io = NULL;
	state_free(s->dump);
	s->dump = NULL;
	event_del(s->ping);
	event_del(s->silence);
	tell(s, FEED_LOST);
	timer_start(s->retry, s->tries++ < SOON_TRIES ? SOON_MS : LATER_MS);
}

/* Says each line of a difference. */
static void
tell_lines(struct source *s, struct buf *lines)
{
	while (lines->len > 0) {
		const char *line = buf_head(lines);
		const char *lf = memchr(line, '\n', lines->len);

		s->ops->changed(s->arg, line, (size_t)(lf - line));
		buf_consume(lines, (size_t)(lf - line) + 1);
	}
}

/* The dump is whole: what differs from what we knew is news. */
static void
dump_done(struct source *s)
{
	struct buf lines = {0};

	if (s->dump == NULL)
		return;
	if (s->ops->dumped != NULL)
		s->ops->dumped(s->arg, s->dump);
	dline_diff(&lines, "", s->state, s->dump);
	dline_copy(s->state, s->dump);
	state_free(s->dump);
	s->dump = NULL;
	tell_lines(s, &lines);
	buf_free(&lines);
	if (s->said == FEED_LOST)
		log_info("ups %s: driver %s connected", s->ups, s->driver);
	s->complained = false;
	s->tries = 0;
	timer_start(s->silence, s->silence_ms);
	tell(s, s->fresh ? FEED_OK : FEED_STALE);
	s->ops->read(s->arg);
}

/* DATAOK or DATASTALE; inside a dump it is told at the end. */
static void
freshness(struct source *s, bool fresh)
{
	s->fresh = fresh;
	if (s->dump == NULL)
		tell(s, fresh ? FEED_OK : FEED_STALE);
}

static void
on_line(void *arg, char *line, size_t len)
{
	struct source *s = arg;
	struct words w;
	const char *why;

	if (words_split(&w, WORDS_PROTOCOL, line, len, &why) < 0) {
		log_debug(
		    "ups %s: driver %s: a line is ignored: %s", s->ups, s->driver, why);
		return;
	}
	switch (dline_apply(s->dump != NULL ? s->dump : s->state, &w, 0)) {
	case DLINE_CHANGED:
		if (s->dump == NULL)
			s->ops->changed(s->arg, line, len);
		break;
	case DLINE_DATAOK:
		freshness(s, true);
		break;
	case DLINE_DATASTALE:
		freshness(s, false);
		break;
	case DLINE_DUMPDONE:
		dump_done(s);
		break;
	case DLINE_PONG:
		/* A driver that never ends its dump is as good as silent. */
		if (s->dump == NULL)
			timer_start(s->silence, s->silence_ms);
		break;
	case DLINE_TRACKING:
		if (s->ops->tracked != NULL)
			s->ops->tracked(s->arg, strtoul(w.argv[1], NULL, 10),
			    strtoul(w.argv[2], NULL, 10));
		break;
	case DLINE_SAME:
	case DLINE_UNKNOWN:
	case DLINE_BAD:
		break;
	}
}

static void
on_closed(void *arg, const char *why)
{
	lost(arg, why);
}

static const struct lineio_ops source_io = {.line = on_line, .closed = on_closed};

static void
on_retry(evutil_socket_t no_fd, short what, void *arg)
{
	struct source *s = arg;
	char cause[256];
	int fd = sock_connect_unix(s->path, SOCK_STREAM, cause, sizeof(cause));

	if (fd < 0 && s->elsewhere != NULL)
		fd = sock_connect_unix(s->elsewhere, SOCK_STREAM, cause, sizeof(cause));
	if (fd < 0) {
		lost(s, cause);
		return;
	}
	s->io = lineio_new(s->base, fd, LINE_MAX_BYTES, QUEUE_MAX, &source_io, s);
	s->dump = state_new();
	s->fresh = false;
	lineio_printf(s->io, "DUMPALL\nPING\n");
	timer_start(s->ping, SOURCE_PING_MS);
	timer_start(s->silence, s->silence_ms);
}

static void
on_ping(evutil_socket_t fd, short what, void *arg)
{
	struct source *s = arg;

	lineio_printf(s->io, "PING\n");
	timer_start(s->ping, SOURCE_PING_MS);
}

static void
on_silence(evutil_socket_t fd, short what, void *arg)
{
	struct source *s = arg;

	lost(s, "it does not answer");
	s->ops->silent(s->arg);
}

struct source *
source_new(struct event_base *base, const char *ups, const char *driver,
    const char *folder, long silence_ms, struct state *state,
    const struct source_ops *ops, void *arg)
{
	struct source *s = xcalloc(1, sizeof(*s));
	char *name = xasprintf("%s-%s", driver, ups);

	s->ups = xstrdup(ups);
	s->driver = xstrdup(driver);
	s->path = paths_state(name);
	s->elsewhere = folder == NULL ? NULL : xasprintf("%s/%s", folder, name);
	s->base = base;
	s->silence_ms = silence_ms;
	s->ops = ops;
	s->arg = arg;
	s->state = state;
	s->said = FEED_LOST;
	s->retry = evtimer_new(base, on_retry, s);
	s->ping = evtimer_new(base, on_ping, s);
	s->silence = evtimer_new(base, on_silence, s);
	timer_start(s->retry, 0);
	free(name);
	return s;
}

void
source_free(struct source *s)
{
	if (s == NULL)
		return;
	lineio_free(s->io);
	event_free(s->retry);
	event_free(s->ping);
	event_free(s->silence);
	state_free(s->dump);
	free(s->path);
	free(s->elsewhere);
	free(s->driver);
	free(s->ups);
	free(s);
}

void
source_refresh(struct source *s)
{
	if (s->said == FEED_LOST || s->dump != NULL)
		return;
	s->dump = state_new();
	lineio_printf(s->io, "DUMPALL\n");
	timer_start(s->silence, s->silence_ms);
}

/* Sends `WORD name "value"` to a driver that is there. */
static void
forward(struct source *s, const char *word, const char *name, const char *value,
    unsigned long number)
{
	struct buf line = {0};

	if (s->said == FEED_LOST)
		return;
	buf_printf(&line, "%s %s", word, name);
	if (value != NULL) {
		buf_puts(&line, " ");
		buf_quoted(&line, value);
	}
	if (number != 0)
		buf_printf(&line, " TRACKING %lu", number);
	buf_puts(&line, "\n");
	lineio_send(s->io, buf_head(&line), line.len);
	buf_free(&line);
}

void
source_instcmd(struct source *s, const char *cmd, const char *value, unsigned long number)
{
	forward(s, "INSTCMD", cmd, value, number);
}

void
source_set(struct source *s, const char *var, const char *value, unsigned long number)
{
	forward(s, "SET", var, value, number);
}
