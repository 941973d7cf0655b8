/* SPDX-License-Identifier: ISC */
#include "out/relay.h"

#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/backoff.h"
#include "lib/boottime.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/xmem.h"
#include "out/start.h"

#define QUEUE_MAX (256 * 1024) /* behind that a new snapshot follows */
#define EVENTS_MAX (64 * 1024) /* events are added up to there */
#define KERNEL_BYTES 32768     /* what the kernel holds besides */
#define READ_SIZE 8192
#define STUCK_MS (10 * 60 * 1000)

static const struct timeval look = {.tv_sec = 60}; /* at whether it is stuck */
static const struct timeval reap = {.tv_usec = 50000};

struct relay {
	const struct relay_house *house;
	struct publisher publisher;
	size_t reader;
	pid_t pid;    /* 0: there is none */
	int fd;       /* -1: it ends, or has ended */
	bool leaving; /* we do */
	struct event *readable, *writable, *start, *stuck;
	struct buf in, out;
	bool current;    /* a snapshot is on its way, and all changes behind it */
	bool first;      /* one was: events may follow */
	uint64_t handed; /* the last event that is on its way */
	uint64_t started_ms, moved_ms;
	struct backoff backoff;
};

/* Plans the next start. */
static void
start_later(struct relay *r, const char *why)
{
	uint64_t ms = backoff_delay(&r->backoff, boottime_ms() - r->started_ms);
	const struct timeval delay = {.tv_sec = (time_t)(ms / 1000)};

	log_warn("%s: its process %s; starting it again in %ld s", r->publisher.name, why,
	    (long)delay.tv_sec);
	event_add(r->start, &delay);
}

/* Ends the wire, and with it the process. */
static void
let_go(struct relay *r)
{
	if (r->fd < 0)
		return;
	if (r->pid > 0)
		kill(r->pid, SIGKILL);
	event_free(r->readable);
	event_free(r->writable);
	event_del(r->stuck);
	close(r->fd);
	r->fd = -1;
	buf_free(&r->in);
	buf_free(&r->out);
	r->house->ended(r->house->arg, r);
}

static void
lose(struct relay *r, const char *why)
{
	let_go(r);
	if (!r->leaving)
		start_later(r, why);
}

/* Writes what the socket takes. */
static void
flush(struct relay *r)
{
	while (r->out.len > 0) {
		ssize_t n = send(r->fd, buf_head(&r->out), r->out.len, MSG_NOSIGNAL);

		if (n > 0) {
			buf_consume(&r->out, (size_t)n);
			r->moved_ms = boottime_ms();
		} else if (errno != EINTR)
			break; /* an end of the wire is seen by on_readable() */
	}
	if (r->out.len > 0) {
		event_add(r->writable, NULL);
		if (!event_pending(r->stuck, EV_TIMEOUT, NULL)) {
			r->moved_ms = boottime_ms();
			event_add(r->stuck, &look);
		}
	} else {
		event_del(r->stuck);
		buf_free(&r->out);
	}
}

static void
add_snapshot(struct relay *r)
{
	const struct feed *f = r->house->feed;

	if (r->house->away)
		buf_puts(&r->out, "BEGIN 0\nEND 0\n");
	else
		feed_snapshot(&r->out, f);
	r->current = r->first = true;
	r->house->energies(r->house->arg, r);
}

/* Events in their order, up to the bounds. */
static void
add_events(struct relay *r)
{
	const char *line;

	while (
	    r->out.len < EVENTS_MAX &&
	    outbox_under_way(r->house->box, r->reader, r->handed) < r->publisher.window &&
	    (line = outbox_next(r->house->box, r->reader, &r->handed)) != NULL)
		buf_puts(&r->out, line);
}

/* Adds what there is room for: a snapshot to one that has none or was behind, events. */
static void
feed_it(struct relay *r)
{
	size_t before;

	if (r->fd < 0)
		return;
	do {
		if (!r->current && r->out.len == 0 &&
		    (r->house->feed->whole || r->house->away))
			add_snapshot(r);
		if (r->first)
			add_events(r);
		before = r->out.len;
		flush(r);
	} while (before > 0 && r->out.len == 0);
}

static void
on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct relay *r = arg;

	flush(r);
	feed_it(r);
}

static void
on_stuck(evutil_socket_t fd, short what, void *arg)
{
	struct relay *r = arg;

	if (boottime_ms() - r->moved_ms >= STUCK_MS)
		lose(r, "has read nothing for 10 minutes");
	else
		event_add(r->stuck, &look);
}

/* It can take only what it was handed. */
static void
take(struct relay *r, uint64_t id)
{
	outbox_take(r->house->box, r->reader, id < r->handed ? id : r->handed);
	r->house->changed(r->house->arg, true);
	feed_it(r);
}

/* False when it has said what cannot be. */
static bool
hear(struct relay *r, const char *line, size_t len)
{
	struct wire_said said;
	struct words store;

	if (wire_read(&said, &store, line, len) < 0)
		return false;
	if (said.verb == WIRE_TAKEN)
		take(r, said.id);
	else if (said.verb == WIRE_KEEP) {
		if (outbox_keep(r->house->box, r->reader, said.name, said.value))
			r->house->changed(r->house->arg, false);
	} else if (r->publisher.orders)
		r->house->asked(r->house->arg, r, &said);
	else
		relay_asked(r, said.number, "ACCESS-DENIED");
	return true;
}

/* Takes all whole lines of the input. */
static void
hear_all(struct relay *r)
{
	char *lf;

	while (r->fd >= 0 && r->in.len > 0 &&
	       (lf = memchr(buf_head(&r->in), '\n', r->in.len)) != NULL) {
		size_t len = (size_t)(lf - buf_head(&r->in));

		if (!hear(r, buf_head(&r->in), len)) {
			lose(r, "said what no publisher says");
			return;
		}
		buf_consume(&r->in, len + 1);
	}
	if (r->in.len > WORDS_LINE_MAX)
		lose(r, "said a line that is too long");
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct relay *r = arg;
	ssize_t n = recv(fd, buf_room(&r->in, READ_SIZE), READ_SIZE, 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		lose(r, "ended");
		return;
	}
	buf_grew(&r->in, (size_t)n);
	hear_all(r);
}

/* The process is there: says what it had asked to be kept, and what else there is. */
static void
begin(struct relay *r, int fd)
{
	const int bytes = KERNEL_BYTES;
	const char *key, *value;

	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
	r->fd = fd;
	r->readable = event_new(r->house->base, fd, EV_READ | EV_PERSIST, on_readable, r);
	r->writable = event_new(r->house->base, fd, EV_WRITE, on_writable, r);
	event_add(r->readable, NULL);
	r->current = r->first = false;
	r->handed = outbox_taken(r->house->box, r->reader);
	for (size_t i = 0; outbox_kept(r->house->box, r->reader, i, &key, &value); i++)
		wire_kept(&r->out, key, value);
	flush(r);
	feed_it(r);
}

static void
on_start(evutil_socket_t fd, short what, void *arg)
{
	struct relay *r = arg;
	char *path;
	int wire;

	if (r->leaving)
		return;
	if (!relay_ended(r)) {
		event_add(r->start, &reap);
		return;
	}
	r->started_ms = boottime_ms();
	if ((path = paths_program(r->publisher.program)) == NULL) {
		log_warn("%s: its program %s is not installed: nobody is told there",
		    r->publisher.name, r->publisher.program);
		return;
	}
	r->pid = start_publisher(r->house, &r->publisher, path, &wire);
	free(path);
	if (r->pid < 0) {
		r->pid = 0;
		start_later(r, "cannot be started");
	} else
		begin(r, wire);
}

struct relay *
relay_new(const struct relay_house *h, const struct publisher *p, size_t reader)
{
	struct relay *r = xcalloc(1, sizeof(*r));

	r->house = h;
	r->publisher = *p;
	r->reader = reader;
	r->fd = -1;
	r->start = evtimer_new(h->base, on_start, r);
	r->stuck = evtimer_new(h->base, on_stuck, r);
	event_active(r->start, EV_TIMEOUT, 1);
	return r;
}

void
relay_end(struct relay *r)
{
	r->leaving = true;
	if (r->pid > 0)
		kill(r->pid, SIGTERM);
}

bool
relay_ended(struct relay *r)
{
	if (r->pid > 0 && waitpid(r->pid, NULL, WNOHANG) != 0)
		r->pid = 0;
	return r->pid == 0;
}

void
relay_free(struct relay *r)
{
	r->leaving = true;
	(void)relay_ended(r);
	let_go(r);
	event_free(r->start);
	event_free(r->stuck);
	free(r);
}

void
relay_line(struct relay *r, const char *line, size_t len)
{
	if (r->fd < 0 || !r->current)
		return;
	if (r->out.len + len > QUEUE_MAX) {
		r->current = false;
		return;
	}
	buf_add(&r->out, line, len);
	buf_puts(&r->out, "\n");
	flush(r);
}

void
relay_snapshot(struct relay *r)
{
	r->current = false;
	feed_it(r);
}

void
relay_events(struct relay *r)
{
	feed_it(r);
}

void
relay_energy(struct relay *r, const char *ups, uint64_t wh)
{
	if (r->fd < 0 || !r->current)
		return;
	wire_energy(&r->out, ups, wh);
	flush(r);
}

void
relay_asked(struct relay *r, unsigned long number, const char *answer)
{
	if (r->fd < 0)
		return;
	wire_asked(&r->out, number, answer);
	flush(r);
}
