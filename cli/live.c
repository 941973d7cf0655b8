/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>

#include "cli/live.h"
#include "lib/lineio.h"
#include "lib/sock.h"
#include "lib/words.h"
#include "lib/xmem.h"

#define CONNECT_MS 2000
#define TICK_MS 250  /* between two attempts to connect */
#define POLL_TICKS 8 /* between two questions to a server that does not push */
#define SILENCE_S 15 /* without a single line: three beats missed */
#define QUEUE_MAX (256 * 1024)
#define REASON_MAX 160

enum question { SUBSCRIBE, GET_UPSDESC, LIST_UPS, LIST_VAR, LIST_CLIENT };

/* A question that has not been answered; answers come in the order of the questions. */
struct pending {
	TAILQ_ENTRY(pending) entry;
	enum question kind;
	char *ups;
};

struct live {
	struct event_base *base;
	const struct target *target;
	struct model *model;
	bool clients, pushed;
	void (*changed)(void *arg);
	void *arg;
	struct event *tick;
	struct lineio *io; /* NULL: not connected */
	TAILQ_HEAD(, pending) pending;
	unsigned long ticks;
	time_t heard; /* CLOCK_MONOTONIC seconds of the last line */
	bool was_there;
	char problem[REASON_MAX];
};

static time_t
monotonic(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void
ask(struct live *l, enum question kind, const char *ups)
{
	static const char *const lines[] = {
	    [SUBSCRIBE] = "SUBSCRIBE",
	    [GET_UPSDESC] = "GET UPSDESC",
	    [LIST_UPS] = "LIST UPS",
	    [LIST_VAR] = "LIST VAR",
	    [LIST_CLIENT] = "LIST CLIENT",
	};
	struct pending *p = xcalloc(1, sizeof(*p));

	p->kind = kind;
	p->ups = ups != NULL ? xstrdup(ups) : NULL;
	TAILQ_INSERT_TAIL(&l->pending, p, entry);
	lineio_printf(l->io, "%s%s%s\n", lines[kind], ups != NULL ? " " : "",
	    ups != NULL ? ups : "");
}

static void
answered(struct live *l)
{
	struct pending *p = TAILQ_FIRST(&l->pending);

	TAILQ_REMOVE(&l->pending, p, entry);
	free(p->ups);
	free(p);
}

/* Everything about one UPS. */
static void
ask_ups(struct live *l, const struct model_ups *u)
{
	ask(l, LIST_VAR, u->name);
	if (l->clients)
		ask(l, LIST_CLIENT, u->name);
}

/* Gives up the connection; the next tick tries anew. */
static void
lose(struct live *l, const char *why)
{
	lineio_free(l->io);
	l->io = NULL;
	while (!TAILQ_EMPTY(&l->pending))
		answered(l);
	snprintf(l->problem, sizeof(l->problem),
	    "No NUT server on %s:%s (%s); trying again", l->target->host, l->target->port,
	    why);
	if (l->was_there)
		model_say(l->model, "", PHRASE_BAD, time(NULL), "server %s:%s lost: %s",
		    l->target->host, l->target->port, why);
	l->was_there = false;
	l->changed(l->arg);
}

/* A line that answers the oldest question. Returns true when something changed. */
static bool
answer(struct live *l, const struct words *w)
{
	struct pending *p = TAILQ_FIRST(&l->pending);
	bool changed = model_line(l->model, w, time(NULL));
	bool error = strcmp(w->argv[0], "ERR") == 0;

	if (p == NULL)
		return changed;
	if (error && p->ups != NULL && p->kind == LIST_VAR)
		changed |= model_error(
		    l->model, p->ups, w->argc > 1 ? w->argv[1] : "", time(NULL));
	if (p->kind == SUBSCRIBE) {
		l->pushed = !error;
		answered(l);
	} else if (error || p->kind == GET_UPSDESC || strcmp(w->argv[0], "END") == 0) {
		if (p->kind == LIST_UPS)
			for (size_t i = 0; i < l->model->nupses; i++)
				ask_ups(l, l->model->upses[i]);
		answered(l);
	}
	return changed;
}

static void
line_came(void *arg, char *line, size_t len)
{
	struct live *l = arg;
	struct words w;
	const char *why;
	bool changed;

	l->heard = monotonic();
	if (words_split(&w, WORDS_PROTOCOL, line, len, &why) != 0 || w.argc == 0)
		return;
	if (strcmp(w.argv[0], "NOTIFY") != 0)
		changed = answer(l, &w);
	else {
		changed = model_line(l->model, &w, time(NULL));
		/* What was said while the driver was away has not reached us. */
		if (w.argc > 3 && strcmp(w.argv[1], "DRIVER") == 0 &&
		    strcmp(w.argv[3], "OK") == 0)
			ask(l, LIST_VAR, w.argv[2]);
	}
	if (changed)
		l->changed(l->arg);
}

static void
closed(void *arg, const char *why)
{
	lose(arg, why);
}

static const struct lineio_ops ops = {.line = line_came, .closed = closed};

/* Connects and asks the first questions; subscribes before it reads (architecture, 4). */
static void
reach(struct live *l)
{
	char cause[REASON_MAX];
	int fd = sock_connect_tcp(
	    l->target->host, l->target->port, CONNECT_MS, cause, sizeof(cause));

	if (fd == -1) {
		snprintf(l->problem, sizeof(l->problem),
		    "No NUT server: %.100s; trying again", cause);
		l->changed(l->arg);
		return;
	}
	fcntl(fd, F_SETFL, O_NONBLOCK);
	l->io = lineio_new(l->base, fd, WORDS_LINE_MAX, QUEUE_MAX, &ops, l);
	l->heard = monotonic();
	l->problem[0] = '\0';
	l->was_there = true;
	l->pushed = false;
	ask(l, SUBSCRIBE, l->target->ups);
	if (l->target->ups != NULL) {
		ask_ups(l, model_add(l->model, l->target->ups, NULL));
		ask(l, GET_UPSDESC, l->target->ups);
	} else
		ask(l, LIST_UPS, NULL);
	l->changed(l->arg);
}

/* The connection, then whatever is not pushed. */
static void
tick(evutil_socket_t fd, short what, void *arg)
{
	struct live *l = arg;
	const struct model_ups *u;
	bool poll;

	(void)fd;
	(void)what;
	if (l->io != NULL && monotonic() - l->heard > SILENCE_S)
		lose(l, "silent");
	if (l->io == NULL) {
		reach(l);
		return;
	}
	poll = ++l->ticks % POLL_TICKS == 0;
	if (!poll || !TAILQ_EMPTY(&l->pending))
		return;
	if (l->model->nupses == 0 && l->target->ups == NULL)
		ask(l, LIST_UPS, NULL);
	for (size_t i = 0; i < l->model->nupses; i++) {
		u = l->model->upses[i];
		if (!l->pushed || !u->told || u->error != NULL)
			ask(l, LIST_VAR, u->name);
		if (l->clients)
			ask(l, LIST_CLIENT, u->name);
	}
}

struct live *
live_new(struct event_base *base, const struct target *target, struct model *model,
    bool clients, void (*changed)(void *arg), void *arg)
{
	const struct timeval period = {.tv_usec = TICK_MS * 1000};
	struct live *l = xcalloc(1, sizeof(*l));

	l->base = base;
	l->target = target;
	l->model = model;
	l->clients = clients;
	l->changed = changed;
	l->arg = arg;
	TAILQ_INIT(&l->pending);
	snprintf(l->problem, sizeof(l->problem), "Connecting to %s:%s", target->host,
	    target->port);
	l->tick = event_new(base, -1, EV_PERSIST, tick, l);
	event_add(l->tick, &period);
	event_active(l->tick, EV_TIMEOUT, 0);
	return l;
}

void
live_free(struct live *l)
{
	if (l == NULL)
		return;
	while (!TAILQ_EMPTY(&l->pending))
		answered(l);
	lineio_free(l->io);
	event_free(l->tick);
	free(l);
}

const char *
live_problem(const struct live *l)
{
	return l->problem[0] != '\0' ? l->problem : NULL;
}
