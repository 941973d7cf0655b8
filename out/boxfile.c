/* SPDX-License-Identifier: ISC */
#include "out/boxfile.h"

#include <errno.h>
#include <event2/event.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/xmem.h"
#include "out/writer.h"

#define GROWN (512 * 1024) /* bytes of journal behind what it began with */
#define STALE (64 * 1024)  /* bytes of a file in which no event waits any more */
#define IDLE (-1)          /* no task is under way */
#define GONE "the process that writes is gone"

static const struct timeval patience = {.tv_sec = BOXFILE_PATIENCE_MS / 1000};
static const struct timeval load_patience = {.tv_sec = BOXFILE_LOAD_MS / 1000};
static const struct timeval retry = {.tv_sec = BOXFILE_RETRY_S};
static const struct timeval soon = {.tv_sec = 1};
static const struct timeval lazy = {.tv_sec = 30};

struct boxfile {
	struct event_base *base;
	char *folder;
	struct outbox *box;
	const struct boxfile_ops *ops;
	void *arg;
	int fd; /* of the child; -1: there is none */
	pid_t pid;
	struct event *answer, *late, *again, *soon, *lazy;
	int task;         /* of enum writer_task, or IDLE */
	int memfd;        /* of the task */
	uint64_t covered; /* the last event of it */
	bool begun, loaded;
	bool anew;          /* the file is to be written anew */
	bool blind;         /* the disk fails, or hangs: nobody waits for it */
	bool wanted;        /* there may be something to write */
	size_t size, grown; /* bytes of the file; ... since it was written anew */
	struct buf damaged; /* to be set aside */
};

static void try(struct boxfile *f);

/* From now on events do not wait for the disk. The log hears of it once. */
static void
go_blind(struct boxfile *f, const char *why)
{
	if (!f->blind)
		log_warn("outbox: %s: %s; until it can be written, events wait in memory "
			 "and are told all the same, but a restart forgets them",
		    f->folder, why);
	f->blind = true;
	outbox_safe(f->box, outbox_last(f->box));
	f->ops->safe(f->arg);
}

/* Lets the child go, which is or is not there any more; tries again later. */
static void
fail(struct boxfile *f, const char *why)
{
	if (f->fd >= 0) {
		event_free(f->answer);
		close(f->fd);
	}
	if (f->memfd >= 0)
		close(f->memfd);
	f->fd = f->memfd = -1;
	f->task = IDLE;
	f->anew = true;
	event_del(f->late);
	event_add(f->again, &retry);
	go_blind(f, why);
}

/* Goes on without what the file has, for now. */
static void
begin(struct boxfile *f)
{
	if (f->begun)
		return;
	f->begun = true;
	f->ops->begun(f->arg);
}

/* The text has come: at the beginning, or much later. */
static void
take_text(struct boxfile *f, const char *text, size_t len)
{
	size_t n;

	if (!f->begun) {
		n = outbox_load(f->box, text, len, &f->damaged);
	} else {
		struct outbox *old = outbox_new_like(f->box);

		n = outbox_load(old, text, len, &f->damaged);
		f->ops->late(f->arg, old);
		outbox_free(old);
	}
	if (n > 0)
		log_warn("outbox: %zu damaged pieces of %s/" WRITER_FILE
			 " are set aside in " WRITER_FILE ".damaged; the rest goes on",
		    n, f->folder);
	f->loaded = f->anew = f->wanted = true;
}

static void
loaded(struct boxfile *f)
{
	off_t len = lseek(f->memfd, 0, SEEK_END);
	void *text =
	    len > 0 ? mmap(NULL, (size_t)len, PROT_READ, MAP_SHARED, f->memfd, 0) : NULL;

	if (text == MAP_FAILED) {
		fail(f, strerror(errno));
		return;
	}
	take_text(f, text == NULL ? "" : text, (size_t)len);
	if (text != NULL)
		munmap(text, (size_t)len);
}

/* The disk has what it was given. */
static void
succeed(struct boxfile *f)
{
	event_del(f->late);
	close(f->memfd);
	f->memfd = -1;
	f->task = IDLE;
	if (f->blind && f->loaded)
		log_info("outbox: %s is written again", f->folder);
	if (f->loaded)
		f->blind = false;
	outbox_safe(f->box, f->covered);
	f->ops->safe(f->arg);
	try(f);
	if (f->task == IDLE && !f->blind)
		f->ops->written(f->arg);
}

static void
on_answer(evutil_socket_t fd, short what, void *arg)
{
	struct boxfile *f = arg;
	int error, got = writer_answer(fd, &error), task = f->task;

	if (got == 0)
		return;
	if (got < 0 || task == IDLE) {
		fail(f, GONE);
		return;
	}
	/* What is set aside is for a human: where it cannot be, there is none of it. */
	if (error != 0 && task != WRITER_ASIDE) {
		fail(f, strerror(error));
		if (task == WRITER_LOAD)
			begin(f);
		return;
	}
	if (task == WRITER_LOAD) {
		loaded(f);
		begin(f);
	}
	if (f->memfd >= 0)
		succeed(f);
}

/* Nobody waits any longer. */
static void
on_late(evutil_socket_t fd, short what, void *arg)
{
	struct boxfile *f = arg;

	go_blind(f, "the disk does not answer");
	begin(f);
}

/* Starts the child where there is none. */
static int
start(struct boxfile *f)
{
	if (f->fd >= 0)
		return 0;
	if (f->pid > 0)
		(void)waitpid(f->pid, NULL, WNOHANG);
	if ((f->fd = writer_start(f->folder, &f->pid)) < 0)
		return -1;
	f->answer = event_new(f->base, f->fd, EV_READ | EV_PERSIST, on_answer, f);
	event_add(f->answer, NULL);
	return 0;
}

/* Hands a task to the child. */
static void
order(struct boxfile *f, enum writer_task task, struct buf *text)
{
	size_t len = text == NULL ? 0 : text->len;

	f->covered = outbox_last(f->box);
	f->memfd = memfd_create("outbox", MFD_CLOEXEC);
	if (f->memfd < 0 ||
	    (len > 0 && write(f->memfd, buf_head(text), len) != (ssize_t)len) ||
	    start(f) < 0) {
		fail(f, strerror(errno));
		return;
	}
	if (writer_order(f->fd, task, f->memfd) < 0) {
		/* Its end is not always heard of before there is something to write. */
		fail(f, errno == EPIPE ? GONE : strerror(errno));
		return;
	}
	f->task = (int)task;
	event_add(f->late, task == WRITER_LOAD ? &load_patience : &patience);
}

/* What is to be written next, if anything. */
static void
order_next(struct boxfile *f)
{
	struct buf text = {0};

	if (f->damaged.len > 0) {
		order(f, WRITER_ASIDE, &f->damaged);
		buf_free(&f->damaged);
		return;
	}
	if (f->anew || f->grown > GROWN || outbox_overflows(f->box) ||
	    (f->size > STALE && outbox_count(f->box) == 0 && f->wanted)) {
		outbox_snapshot(f->box, &text);
		f->anew = f->wanted = false;
		f->grown = 0;
		f->size = text.len;
		order(f, WRITER_REPLACE, &text);
	} else if (f->wanted) {
		f->wanted = false;
		if (outbox_commit(f->box, &text)) {
			f->grown += text.len;
			f->size += text.len;
			order(f, WRITER_APPEND, &text);
		}
	}
	buf_free(&text);
}

/* Gives the child something to do, if it has nothing. */
static void
try(struct boxfile *f)
{
	if (f->task == IDLE && !event_pending(f->again, EV_TIMEOUT, NULL)) {
		if (f->loaded)
			order_next(f);
		else
			order(f, WRITER_LOAD, NULL);
	}
	if (f->blind && f->begun) {
		outbox_safe(f->box, outbox_last(f->box));
		f->ops->safe(f->arg);
	}
}

static void
on_time(evutil_socket_t fd, short what, void *arg)
{
	try(arg);
}

struct boxfile *
boxfile_new(struct event_base *base, const char *folder, struct outbox *box,
    const struct boxfile_ops *ops, void *arg)
{
	struct boxfile *f = xcalloc(1, sizeof(*f));

	f->base = base;
	f->folder = xstrdup(folder);
	f->box = box;
	f->ops = ops;
	f->arg = arg;
	f->fd = f->memfd = -1;
	f->task = IDLE;
	f->late = evtimer_new(base, on_late, f);
	f->again = evtimer_new(base, on_time, f);
	f->soon = evtimer_new(base, on_time, f);
	f->lazy = evtimer_new(base, on_time, f);
	event_active(f->soon, EV_TIMEOUT, 1);
	return f;
}

/* Waits for the answer to what is under way. */
static void
wait_for_it(struct boxfile *f)
{
	struct pollfd p = {.fd = f->fd, .events = POLLIN};

	if (f->task != IDLE && poll(&p, 1, BOXFILE_PATIENCE_MS) > 0)
		on_answer(f->fd, EV_READ, f);
}

void
boxfile_free(struct boxfile *f)
{
	wait_for_it(f);
	event_del(f->again);
	f->wanted = true;
	try(f);
	wait_for_it(f);
	if (f->fd >= 0) {
		event_free(f->answer);
		close(f->fd);
	}
	if (f->memfd >= 0)
		close(f->memfd);
	event_free(f->late);
	event_free(f->again);
	event_free(f->soon);
	event_free(f->lazy);
	buf_free(&f->damaged);
	free(f->folder);
	free(f);
}

void
boxfile_now(struct boxfile *f)
{
	f->wanted = true;
	try(f);
}

static void
in_time(struct boxfile *f, struct event *timer, const struct timeval *when)
{
	f->wanted = true;
	if (!event_pending(timer, EV_TIMEOUT, NULL))
		event_add(timer, when);
}

void
boxfile_soon(struct boxfile *f)
{
	bool quiet = !event_pending(f->soon, EV_TIMEOUT, NULL);

	in_time(f, f->soon, &soon);
	if (quiet)
		try(f);
}

void
boxfile_lazy(struct boxfile *f)
{
	in_time(f, f->lazy, &lazy);
}

void
boxfile_anew(struct boxfile *f)
{
	f->anew = true;
	boxfile_now(f);
}
