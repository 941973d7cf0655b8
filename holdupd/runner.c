/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "holdupd/runner.h"
#include "lib/ctl.h"
#include "lib/log.h"
#include "lib/task.h"
#include "lib/xmem.h"

struct asked {
	uint32_t row, id;
	bool sent;
	char text[CTL_TEXT_MAX];
};

/* A task for a machine that was asked for: it is done once, however often core says it. */
struct key {
	uint32_t row, id;
	bool ended;
	int status;
};

struct runner {
	struct event_base *base;
	void (*done)(void *arg, uint32_t id, int status);
	void *arg;
	int ours, theirs; /* -1: none; theirs only until run has its copy */
	struct event *readable, *handed;
	struct asked rows[RUNNER_ROWS_MAX]; /* not answered yet, in order */
	size_t nrows;
	struct key keys[RUNNER_KEYS_MAX]; /* the youngest, in turn */
	size_t nkeys;                     /* so many so far */
	bool moved;                       /* machines have other places than core knows */
};

#define NO_ROW UINT32_MAX /* of a key whose machine is gone */

static void
forget(struct runner *r, size_t i)
{
	r->nrows--;
	memmove(&r->rows[i], &r->rows[i + 1], (r->nrows - i) * sizeof(r->rows[0]));
}

/* The key of a task that was asked for before, or NULL. Probes are questions, and may be
 * asked as often as one likes. */
static struct key *
key_of(struct runner *r, uint32_t row, uint32_t id)
{
	size_t n = r->nkeys < RUNNER_KEYS_MAX ? r->nkeys : RUNNER_KEYS_MAX;

	for (size_t i = 0; i < n; i++)
		if (r->keys[i].row == row && r->keys[i].id == id)
			return &r->keys[i];
	return NULL;
}

static bool
is_once(uint32_t row)
{
	enum task_verb verb;
	size_t machine;

	return task_of_row(row, &machine, &verb) && verb != TASK_PROBE;
}

/* Row `i` has ended. */
static void
row_end(struct runner *r, size_t i, int status)
{
	uint32_t id = r->rows[i].id;
	struct key *key = key_of(r, r->rows[i].row, id);

	if (key != NULL) {
		key->ended = true;
		key->status = status;
	}
	forget(r, i);
	r->done(r->arg, id, status);
}

static void
fd_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
disconnect(struct runner *r)
{
	if (r->readable != NULL)
		event_free(r->readable);
	r->readable = NULL;
	fd_close(&r->ours);
	fd_close(&r->theirs);
}

/* run has been forked: from now on its end is ours to see. */
static void
on_handed(evutil_socket_t fd, short what, void *arg)
{
	struct runner *r = arg;

	fd_close(&r->theirs);
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct runner *r = arg;
	struct ctl_msg msg;
	int got = ctl_recv(fd, &msg);

	if (got == 0)
		return;
	if (got < 0 || msg.type != CTL_DONE) {
		disconnect(r);
		return;
	}
	for (size_t i = 0; i < r->nrows; i++)
		if (r->rows[i].sent && r->rows[i].id == msg.done.id) {
			row_end(r, i, msg.done.status);
			return;
		}
}

static int
send_row(const struct runner *r, const struct asked *a)
{
	struct ctl_msg msg = {.type = CTL_RUN, .run = {.row = a->row, .id = a->id}};

	if (*a->text != '\0') {
		msg.type = CTL_TELL;
		msg.tell.row = a->row;
		msg.tell.id = a->id;
		memcpy(msg.tell.text, a->text, sizeof(msg.tell.text));
	}
	return ctl_send(r->ours, &msg);
}

/* Sends what has not been sent; what run does not take waits for the next one. */
static void
send_rows(struct runner *r)
{
	for (size_t i = 0; i < r->nrows; i++)
		if (!r->rows[i].sent)
			r->rows[i].sent = r->ours >= 0 && send_row(r, &r->rows[i]) == 0;
}

struct runner *
runner_new(
    struct event_base *base, void (*done)(void *arg, uint32_t id, int status), void *arg)
{
	struct runner *r = xcalloc(1, sizeof(*r));

	r->base = base;
	r->done = done;
	r->arg = arg;
	r->ours = r->theirs = -1;
	r->handed = evtimer_new(base, on_handed, r);
	return r;
}

void
runner_free(struct runner *r)
{
	disconnect(r);
	event_free(r->handed);
	free(r);
}

int
runner_connect(struct runner *r)
{
	int pair[2];

	disconnect(r);
	for (size_t i = 0; i < r->nrows;)
		if (r->rows[i].sent)
			row_end(r, i, RUNNER_LOST);
		else
			i++;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) <
	    0)
		return -1;
	r->ours = pair[0];
	r->theirs = pair[1];
	r->readable = event_new(r->base, r->ours, EV_READ | EV_PERSIST, on_readable, r);
	event_add(r->readable, NULL);
	event_active(r->handed, EV_TIMEOUT, 1);
	send_rows(r);
	return r->theirs;
}

void
runner_ask(struct runner *r, uint32_t row, uint32_t id, const char *text)
{
	struct asked *a;
	struct key *key = key_of(r, row, id);

	if (r->moved && row >= TASK_ROWS)
		return;
	if (key != NULL) {
		if (key->ended)
			r->done(r->arg, id, key->status);
		return;
	}
	if (r->nrows == RUNNER_ROWS_MAX) {
		log_warn("%d notifications wait for run: one more is left out",
		    RUNNER_ROWS_MAX);
		r->done(r->arg, id, RUNNER_FAILED);
		return;
	}
	if (is_once(row))
		r->keys[r->nkeys++ % RUNNER_KEYS_MAX] =
		    (struct key){.row = row, .id = id};
	a = &r->rows[r->nrows++];
	*a = (struct asked){.row = row, .id = id};
	snprintf(a->text, sizeof(a->text), "%s", text);
	send_rows(r);
}

/* What run does not have yet is said again by the next core. */
static void
rows_moved(struct runner *r)
{
	for (size_t i = 0; i < r->nrows;) {
		uint32_t row = r->rows[i].row, id = r->rows[i].id;

		if (row < TASK_ROWS)
			i++;
		else if (r->rows[i].sent)
			row_end(r, i, RUNNER_LOST);
		else {
			struct key *key = key_of(r, row, id);

			if (key != NULL)
				key->row = NO_ROW;
			forget(r, i);
		}
	}
}

void
runner_moved(struct runner *r, const long *place, size_t count)
{
	size_t n = r->nkeys < RUNNER_KEYS_MAX ? r->nkeys : RUNNER_KEYS_MAX, machine;
	enum task_verb verb;

	disconnect(r);
	rows_moved(r);
	for (size_t i = 0; i < n; i++) {
		struct key *key = &r->keys[i];

		if (key->row == NO_ROW || !task_of_row(key->row, &machine, &verb))
			continue;
		if (machine >= count || place[machine] < 0) {
			key->row = NO_ROW;
			continue;
		}
		key->row = task_row_at(key->row, (size_t)place[machine]);
		key->id = task_key_at(key->id, (size_t)place[machine]);
	}
	r->moved = true;
}

void
runner_core(struct runner *r)
{
	r->moved = false;
}
