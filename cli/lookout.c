/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/lookout_in.h"
#include "lib/xmem.h"

#define EVERY_S 30
#define SOON_S 1
#define CHILD_S 20             /* a look that takes longer is given up */
#define LOOK_MAX (1024 * 1024) /* bytes that a child may write */

struct lookout {
	struct event_base *base;
	const struct target *target;
	const struct model *model;
	void (*changed)(void *arg);
	void *arg;
	struct event *timer, *answer; /* NULL: no child looks */
	pid_t child;
	bool again; /* something has happened since it began */
	struct buf text;
	struct lookout_data data;
};

static void
arm(struct lookout *l, int seconds)
{
	const struct timeval tv = {.tv_sec = seconds};

	event_add(l->timer, &tv);
}

/* The child is done, or is given up. */
static void
end_child(struct lookout *l)
{
	if (l->answer == NULL)
		return;
	close(event_get_fd(l->answer));
	event_free(l->answer);
	l->answer = NULL;
	kill(l->child, SIGKILL);
	waitpid(l->child, NULL, 0);
}

static void
on_answer(evutil_socket_t fd, short what, void *arg)
{
	struct lookout *l = arg;
	char bytes[16384];
	const ssize_t n = read(fd, bytes, sizeof(bytes));

	if (n > 0 && l->text.len + (size_t)n <= LOOK_MAX) {
		buf_add(&l->text, bytes, (size_t)n);
		return;
	}
	end_child(l);
	if (n == 0)
		lookout_read(&l->data, buf_str(&l->text), l->text.len);
	arm(l, l->again ? SOON_S : EVERY_S);
	l->changed(l->arg);
}

/* In the child: looks, writes, and ends without a word on the terminal. */
static void __attribute__((noreturn)) look(struct lookout *l, int fd)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP,
	    SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGPIPE};
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	char *text;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], SIG_DFL);
	for (int i = 0; i < 3; i++)
		dup2(null, i);
	alarm(CHILD_S);
	text = lookout_look(l->target, l->model);
	for (size_t done = 0, len = strlen(text); done < len;) {
		const ssize_t n = write(fd, text + done, len - done);

		if (n <= 0)
			_exit(1);
		done += (size_t)n;
	}
	_exit(0);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct lookout *l = arg;
	int ends[2];

	l->again = false;
	if (pipe2(ends, O_CLOEXEC) != 0) {
		arm(l, EVERY_S);
		return;
	}
	l->child = fork();
	if (l->child == 0)
		look(l, ends[1]);
	close(ends[1]);
	if (l->child < 0) {
		close(ends[0]);
		arm(l, EVERY_S);
		return;
	}
	buf_clear(&l->text);
	l->answer = event_new(l->base, ends[0], EV_READ | EV_PERSIST, on_answer, l);
	event_add(l->answer, NULL);
}

struct lookout *
lookout_new(struct event_base *base, const struct target *target,
    const struct model *model, void (*changed)(void *arg), void *arg)
{
	struct lookout *l = xcalloc(1, sizeof(*l));

	l->base = base;
	l->target = target;
	l->model = model;
	l->changed = changed;
	l->arg = arg;
	l->timer = evtimer_new(base, on_timer, l);
	if (lookout_look != NULL)
		arm(l, SOON_S);
	return l;
}

void
lookout_free(struct lookout *l)
{
	if (l == NULL)
		return;
	end_child(l);
	event_free(l->timer);
	lookout_clear(&l->data);
	buf_free(&l->text);
	free(l);
}

void
lookout_soon(struct lookout *l)
{
	struct timeval left;

	l->again = true;
	if (l->answer == NULL && event_pending(l->timer, EV_TIMEOUT, &left))
		arm(l, SOON_S);
}

const struct lookout_data *
lookout_data(const struct lookout *l)
{
	return &l->data;
}
