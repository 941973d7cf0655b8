/* SPDX-License-Identifier: ISC */
#include "out/link.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/words.h"
#include "lib/xmem.h"
#include "out/wire.h"

#define READ_SIZE 16384 /* bytes taken at once */
#define LINE_MAX_BYTES WORDS_LINE_MAX

struct link {
	int fd;
	const struct link_ops *ops;
	void *arg;
	struct feed feed;
	bool away;   /* core is: an empty snapshot said so */
	bool broken; /* `out` is gone, or has said what cannot be */
	struct buf in;
	unsigned long asks; /* the number of the last one */
};

struct link *
link_new(int fd, const struct link_ops *ops, void *arg)
{
	struct link *l = xcalloc(1, sizeof(*l));

	l->fd = fd;
	l->ops = ops;
	l->arg = arg;
	return l;
}

void
link_free(struct link *l)
{
	close(l->fd);
	feed_clear(&l->feed);
	buf_free(&l->in);
	free(l);
}

int
link_fd(const struct link *l)
{
	return l->fd;
}

const struct feed *
link_feed(const struct link *l)
{
	return &l->feed;
}

/* A line of the feed. A snapshot of nothing says that core is away, which is not a house
 * whose UPSes are gone: the model is not whole then, whatever feed_apply() thinks. */
static bool
take_feed(struct link *l, const char *line, size_t len)
{
	struct feed_change change;

	if (l->away)
		l->feed.whole = true;
	l->away = false;
	change = feed_apply(&l->feed, line, len);
	if (change.kind == FEED_BROKEN)
		return false;
	if (change.kind == FEED_SNAPSHOT && l->feed.nupses == 0) {
		l->away = true;
		l->feed.whole = false;
	}
	if (change.kind != FEED_NOTHING && l->ops->changed != NULL)
		l->ops->changed(l->arg, &l->feed, &change);
	return true;
}

static bool
take_event(struct link *l, const struct words *w)
{
	struct event e;

	if (event_parse(&e, &w->argv[1], w->argc - 1) < 0)
		return false;
	if (l->ops->event != NULL)
		l->ops->event(l->arg, &e);
	return true;
}

static bool
take_kept(struct link *l, const struct words *w)
{
	if (w->argc != 3)
		return false;
	if (l->ops->kept != NULL)
		l->ops->kept(l->arg, w->argv[1], w->argv[2]);
	return true;
}

static bool
take_energy(struct link *l, const struct words *w)
{
	char *end;
	unsigned long long wh;

	if (w->argc != 3 || *w->argv[2] < '0' || *w->argv[2] > '9')
		return false;
	wh = strtoull(w->argv[2], &end, 10);
	if (*end != '\0')
		return false;
	if (l->ops->energy != NULL)
		l->ops->energy(l->arg, w->argv[1], wh);
	return true;
}

/* The answer is one word, or DONE with its status. */
static bool
take_asked(struct link *l, const struct words *w)
{
	char answer[64];

	if (w->argc != 3 && w->argc != 4)
		return false;
	snprintf(answer, sizeof(answer), "%s%s%s", w->argv[2], w->argc == 4 ? " " : "",
	    w->argc == 4 ? w->argv[3] : "");
	if (l->ops->asked != NULL)
		l->ops->asked(l->arg, strtoul(w->argv[1], NULL, 10), answer);
	return true;
}

static const struct {
	const char *word;
	bool (*take)(struct link *l, const struct words *w);
} verbs[] = {
    {"EVENT", take_event},
    {"ENERGY", take_energy},
    {"KEPT", take_kept},
    {"ASKED", take_asked},
};

/* Inside a snapshot all is the feed's, whatever a UPS is named. */
static bool
take_line(struct link *l, const char *line, size_t len)
{
	struct words w;
	const char *why;

	if (l->feed.inside || (len > 0 && *line >= '0' && *line <= '9') ||
	    strncmp(line, "BEGIN ", 6) == 0)
		return take_feed(l, line, len);
	if (words_split(&w, WORDS_PROTOCOL, line, len, &why) < 0 || w.argc == 0)
		return false;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(w.argv[0], verbs[i].word) == 0)
			return verbs[i].take(l, &w);
	return true; /* of an `out` that is newer */
}

/* Takes all whole lines. False when one cannot be. */
static bool
take_lines(struct link *l)
{
	char *line = buf_head(&l->in), *end = line + l->in.len, *lf;

	while ((lf = memchr(line, '\n', (size_t)(end - line))) != NULL) {
		*lf = '\0';
		if (lf - line > LINE_MAX_BYTES ||
		    !take_line(l, line, (size_t)(lf - line)))
			return false;
		line = lf + 1;
	}
	buf_consume(&l->in, (size_t)(line - buf_head(&l->in)));
	return l->in.len <= LINE_MAX_BYTES;
}

bool
link_read(struct link *l)
{
	while (!l->broken) {
		ssize_t n =
		    recv(l->fd, buf_room(&l->in, READ_SIZE), READ_SIZE, MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return true;
		if (n > 0)
			buf_grew(&l->in, (size_t)n);
		l->broken = n <= 0 || !take_lines(l);
	}
	return false;
}

/* Says something; `out` reads always. When it cannot be said, link_read() tells. */
static void
say(struct link *l, const struct wire_said *said)
{
	struct buf line = {0};

	wire_say(&line, said);
	while (!l->broken && line.len > 0) {
		ssize_t n = send(l->fd, buf_head(&line), line.len, MSG_NOSIGNAL);

		if (n >= 0)
			buf_consume(&line, (size_t)n);
		else if (errno == EAGAIN)
			(void)poll(
			    &(struct pollfd){.fd = l->fd, .events = POLLOUT}, 1, -1);
		else if (errno != EINTR)
			l->broken = true;
	}
	buf_free(&line);
}

void
link_take(struct link *l, uint64_t id)
{
	say(l, &(struct wire_said){.verb = WIRE_TAKEN, .id = id});
}

void
link_keep(struct link *l, const char *key, const char *value)
{
	if (strlen(key) <= WIRE_KEY_MAX && strlen(value) <= WIRE_VALUE_MAX)
		say(l,
		    &(struct wire_said){.verb = WIRE_KEEP, .name = key, .value = value});
}

unsigned long
link_ask(struct link *l, bool set, const char *ups, const char *name, const char *value)
{
	say(l, &(struct wire_said){.verb = set ? WIRE_SET : WIRE_ORDER,
		   .number = ++l->asks,
		   .ups = ups,
		   .name = name,
		   .value = value});
	return l->asks;
}
