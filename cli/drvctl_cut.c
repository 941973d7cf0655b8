/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/drvctl.h"
#include "lib/xmem.h"

#define PATIENCE_S 45 /* with one driver; ours is done within 15 */

/* How long the output of a UPS that counts may stay on: its delay, if that is ours to say,
 * and what it takes beyond. A hook of systemd-shutdown has 90 s for everything. */
#define OFFDELAY_S 20
#define BEYOND_S 15
#define WAIT_MIN_S 30
#define WAIT_MAX_S 60

/* What came of the order to one UPS. */
enum outcome {
	OFF,     /* its output goes off */
	COUNTS,  /* ... later: so core has ordered it for those who take longer */
	IGNORED, /* it took the order, and does not count */
	NOT,     /* it did not take it */
	FAR,     /* the cable is elsewhere, or there is none: not ours to cut */
};

/* What `hid -k` and `hid -m` exit with (hid/late.h). */
enum { HID_OFF = 0, HID_IGNORED = 2, HID_COUNTS = 3, HID_MAINS_THERE = 0 };

/* One UPS in the order of its sdorder; -1 leaves it out. */
struct turn {
	const struct conf_ups *ups;
	size_t row;
	long order;
	char *path; /* of its driver; NULL: there is none */
	enum outcome outcome;
	bool ours; /* our driver has its cable, and can be asked for its mains */
};

struct turns {
	struct turn *turn;
	size_t n;
};

static int
by_order(const void *a, const void *b)
{
	const struct turn *x = a, *y = b;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

int
drvctl_run(char *const argv[], int out)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		alarm(PATIENCE_S); /* outlives the exec */
		if (out == -1 || dup2(out, STDOUT_FILENO) != -1)
			execv(argv[0], argv);
		cli_complain("cannot run %s: %s", argv[0], strerror(errno));
		_exit(1);
	}
	if (pid == -1) {
		cli_complain("cannot start %s: %s", argv[0], strerror(errno));
		return -1;
	}
	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return -1;
	if (WIFSIGNALED(status))
		cli_complain("%s ended by signal %d", argv[0], WTERMSIG(status));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Runs the driver of a UPS for one word ("-k", "-m") on its device. */
static int
run_driver(const struct drvctl *d, const struct turn *t, const char *word)
{
	char which[] = "-a", from[] = "-C", fd[16], say[4];

	snprintf(say, sizeof(say), "%s", word);
	snprintf(fd, sizeof(fd), "%d", d->found_fd);
	return drvctl_run((char *[]){t->path, which, t->ups->name, say,
			      d->found_fd == -1 ? NULL : from, fd, NULL},
	    -1);
}

/* Has the output of one UPS cut. */
static void
cut(const struct drvctl *d, struct turn *t)
{
	int status;

	if (t->path == NULL || t->outcome == FAR)
		return;
	t->outcome = NOT;
	if (d->testing) {
		printf("%s -a %s -k\n", t->path, t->ups->name);
		t->outcome = OFF;
	} else if ((status = run_driver(d, t, "-k")) == HID_OFF) {
		t->outcome = OFF;
	} else if (t->ours && status == HID_IGNORED) {
		t->outcome = IGNORED;
	} else if (t->ours && status == HID_COUNTS) {
		t->outcome = COUNTS;
	}
}

/* Who has which UPS. */
static void
find_driver(const struct drvctl *d, struct turn *t)
{
	const char *own;

	t->path = drvctl_program(d, t->ups, &own);
	t->ours = t->path != NULL && own != NULL && strcmp(own, DRVCTL_OURS) == 0;
	t->outcome = t->path != NULL && own != NULL && !t->ours ? FAR : NOT;
}

/* The UPS of that name, or all that are to be cut, in their order. */
static struct turns
turns_new(const struct drvctl *d, const char *name)
{
	const struct ups_conf *conf = &d->conf;
	struct turns all = {.turn = xcalloc(conf->nupses + 1, sizeof(*all.turn))};
	const char *text;
	long order;

	for (size_t i = 0; i < conf->nupses; i++) {
		const struct conf_ups *u = &conf->upses[i];

		text = conf_ups_get(u, "sdorder");
		order = text == NULL ? 0 : strtol(text, NULL, 10);
		if (name != NULL ? strcmp(name, u->name) == 0 : order >= 0)
			all.turn[all.n++] =
			    (struct turn){.ups = u, .row = i, .order = order};
	}
	qsort(all.turn, all.n, sizeof(*all.turn), by_order);
	for (size_t i = 0; i < all.n; i++)
		find_driver(d, &all.turn[i]);
	return all;
}

static void
turns_free(struct turns *all)
{
	for (size_t i = 0; i < all->n; i++)
		free(all->turn[i].path);
	free(all->turn);
}

/* Has the output of each cut. An exit status: 1 where one stays on that should go off. */
static int
cut_all(const struct drvctl *d, struct turns *all)
{
	size_t far = 0;
	int status = 0;

	for (size_t i = 0; i < all->n; i++) {
		cut(d, &all->turn[i]);
		far += all->turn[i].outcome == FAR;
		if (all->turn[i].outcome == NOT || all->turn[i].outcome == IGNORED)
			status = 1;
	}
	if (all->n > 0 && far == all->n)
		cli_complain(
		    "nothing to cut: no UPS is on a cable of this machine (the one "
		    "that has the cable decides when its output is cut)");
	return status;
}

int
drvctl_shutdown(const struct drvctl *d, const char *name)
{
	struct turns all = turns_new(d, name);
	int status = cut_all(d, &all);

	turns_free(&all);
	return status;
}

/* True when one of our UPSes says that its mains is there. */
static bool
mains_is_there(const struct drvctl *d, const struct turns *all)
{
	for (size_t i = 0; i < all->n && !d->testing; i++)
		if (all->turn[i].ours &&
		    run_driver(d, &all->turn[i], "-m") == HID_MAINS_THERE)
			return true;
	return false;
}

/* Until the last of the outputs should have gone off; one that seems to ignore its order
 * may yet count in silence. */
static void
wait_for_cut(const struct turns *all)
{
	struct timespec rest = {.tv_sec = 0};
	long delay;

	for (size_t i = 0; i < all->n; i++) {
		const char *text = conf_ups_get(all->turn[i].ups, "offdelay");

		if (all->turn[i].outcome != OFF && all->turn[i].outcome != IGNORED)
			continue;
		delay = (text == NULL ? OFFDELAY_S : strtol(text, NULL, 10)) + BEYOND_S;
		delay = delay < WAIT_MIN_S ? WAIT_MIN_S : delay;
		delay = delay > WAIT_MAX_S ? WAIT_MAX_S : delay;
		rest.tv_sec = delay > rest.tv_sec ? delay : rest.tv_sec;
	}
	while (nanosleep(&rest, &rest) == -1 && errno == EINTR)
		;
}

/* True when one counts what core has ordered early, and has proved to count: its output
 * goes off and comes back without us, and others may need that time. */
static bool
counts_any(const struct turns *all)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->turn[i].outcome == COUNTS)
			return true;
	return false;
}

int
drvctl_late(const struct drvctl *d, const char *name)
{
	struct turns all = turns_new(d, name);
	bool back = mains_is_there(d, &all); /* before: after the order time is short */
	int status = cut_all(d, &all);

	if (back && !counts_any(&all)) {
		wait_for_cut(&all);
		for (size_t i = 0; i < all.n; i++)
			if (all.turn[i].outcome == OFF)
				cli_complain(
				    "ups %s took the order to cut its output, and "
				    "has not done so",
				    all.turn[i].ups->name);
		/* Away again: nothing came of the order, and now it may be heard. */
		if (mains_is_there(d, &all))
			status = DRVCTL_RESTART;
		else
			status = cut_all(d, &all);
	}
	turns_free(&all);
	return status;
}
