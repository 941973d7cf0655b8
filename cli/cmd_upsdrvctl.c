/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/nutlike.h"
#include "lib/conf_ups.h"
#include "lib/drivers.h"
#include "lib/paths.h"
#include "lib/xmem.h"

#define PATIENCE_S 45 /* with one driver; ours is done within 15 */

#define OURS "hid" /* the one of our drivers whose UPS has an output of its own to cut */

/* What ups.conf says, or, where it names no UPS, what is there on USB. */
struct upses {
	struct ups_conf conf;
	int found_fd; /* the text of what is there, for our driver; -1: it is the file's */
};

/* One UPS in the order of its sdorder; -1 leaves it out. */
struct turn {
	const struct conf_ups *ups;
	size_t row;
	long order;
};

static int
by_order(const void *a, const void *b)
{
	const struct turn *x = a, *y = b;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

/* Runs a program to its end, or to the end of our patience; `out`, unless -1, becomes its
 * standard output. True when it succeeded. */
static bool
succeeds(char *const argv[], int out)
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
		return false;
	}
	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return false;
	if (WIFSIGNALED(status))
		cli_complain("%s ended by signal %d", argv[0], WTERMSIG(status));
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* The path of our driver, which the caller frees, or NULL after a message. */
static char *
our_driver(void)
{
	char *path = paths_program("hid");

	if (path == NULL)
		cli_complain("holdup's program hid is not installed");
	return path;
}

/* The path of a driver of NUT, which the caller frees, or NULL after a message. */
static char *
nut_driver(const struct ups_conf *conf, const struct conf_ups *u, const char *driver)
{
	const char *folder = NULL;
	char cause[512], *path;

	for (size_t i = 0; i < conf->nglobals; i++)
		if (strcmp(conf->globals[i].key, "driverpath") == 0)
			folder = conf->globals[i].value;
	path = drivers_find(driver, folder, cause, sizeof(cause));
	if (path == NULL)
		cli_complain("ups %s: %s; its output is not cut", u->name, cause);
	return path;
}

/* Has the output of one UPS cut. True when its driver says that it will be. */
static bool
cut(const struct upses *all, const struct conf_ups *u)
{
	const char *driver = conf_ups_get(u, "driver");
	char which[] = "-a", kill[] = "-k", from[] = "-C", fd[16], *path;
	const char *own;
	bool done;

	if (driver == NULL || strchr(driver, '/') != NULL) {
		cli_complain("ups %s: ups.conf names no driver for it", u->name);
		return false;
	}
	own = drivers_own(driver);
	if (own != NULL && strcmp(own, OURS) != 0)
		return true; /* another machine has the cable, or another section */
	path = own != NULL ? our_driver() : nut_driver(&all->conf, u, driver);
	if (path == NULL)
		return false;
	snprintf(fd, sizeof(fd), "%d", all->found_fd);
	done = succeeds((char *[]){path, which, u->name, kill,
			    all->found_fd == -1 ? NULL : from, fd, NULL},
	    -1);
	free(path);
	return done;
}

/* The cut of one UPS, or of all in their order. Returns an exit status. */
static int
shut_down(const struct upses *all, const char *name)
{
	const struct ups_conf *conf = &all->conf;
	struct turn *turns = xcalloc(conf->nupses + 1, sizeof(*turns));
	const char *order;
	int status = 0;

	for (size_t i = 0; i < conf->nupses; i++) {
		order = conf_ups_get(&conf->upses[i], "sdorder");
		turns[i] = (struct turn){
		    &conf->upses[i], i, order == NULL ? 0 : strtol(order, NULL, 10)};
	}
	qsort(turns, conf->nupses, sizeof(*turns), by_order);
	for (size_t i = 0; i < conf->nupses; i++) {
		const struct turn *t = &turns[i];

		if (name != NULL ? strcmp(t->ups->name, name) != 0 : t->order < 0)
			continue;
		if (!cut(all, t->ups))
			status = 1;
	}
	free(turns);
	return status;
}

static int
list(const struct upses *all, const char *name)
{
	for (size_t i = 0; i < all->conf.nupses; i++)
		if (name == NULL || strcmp(all->conf.upses[i].name, name) == 0)
			puts(all->conf.upses[i].name);
	return 0;
}

static int
start_or_stop(const struct upses *all, const char *name)
{
	return cli_complain("holdupd starts and stops the drivers itself, NUT's too "
			    "('systemctl start holdup'; 'systemctl reload holdup' "
			    "after a change of ups.conf)");
}

static const struct {
	const char *word;
	int (*run)(const struct upses *all, const char *name);
} verbs[] = {
    {"shutdown", shut_down},
    {"list", list},
    {"start", start_or_stop},
    {"stop", start_or_stop},
};

/* Asks our driver what is there: its answer, which the caller frees, or NULL after a
 * message. */
static char *
look(struct upses *all, size_t *len)
{
	char list_devices[] = "-L", *path = our_driver(), *text = NULL;

	all->found_fd = memfd_create("hid -L", 0);
	if (path != NULL && all->found_fd != -1 &&
	    succeeds((char *[]){path, list_devices, NULL}, all->found_fd))
		text = conf_slurp_fd(all->found_fd, len);
	free(path);
	if (text == NULL)
		cli_complain("ups.conf names no UPS, and nobody tells what is on USB");
	return text;
}

/* 0, or an exit status after a message. */
static int
read_upses(struct upses *all, const char *path)
{
	struct problems problems = {0};
	size_t len = 0;
	char *text = conf_slurp(path, &len);

	*all = (struct upses){.found_fd = -1};
	if (text == NULL && errno != ENOENT)
		return cli_complain("cannot read %s: %s", path, strerror(errno));
	ups_conf_read(&all->conf, path, text == NULL ? "" : text, len, &problems);
	free(text);
	if (all->conf.nupses == 0 && (text = look(all, &len)) != NULL) {
		ups_conf_free(&all->conf);
		ups_conf_read(&all->conf, "hid -L", text, len, &problems);
		free(text);
	}
	problems_free(&problems);
	return 0;
}

/* Does it for the UPS of that name, or for all. */
static int
run(int (*verb)(const struct upses *all, const char *name), const char *name)
{
	char *path = paths_conf("ups.conf");
	struct upses all;
	int status;

	if ((status = read_upses(&all, path)) == 0) {
		if (name != NULL && ups_conf_find(&all.conf, name) == NULL)
			status = cli_complain("%s has no section [%s]", path, name);
		else if (all.conf.nupses == 0)
			status =
			    cli_complain("%s names no UPS, and none is on USB", path);
		else
			status = verb(&all, name);
		ups_conf_free(&all.conf);
		if (all.found_fd != -1)
			close(all.found_fd);
	}
	free(path);
	return status;
}

int
cmd_upsdrvctl(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "V")) != -1) {
		if (c == 'V')
			return nutlike_version("upsdrvctl");
		return cli_usage("upsdrvctl");
	}
	if (argc - optind < 1 || argc - optind > 2)
		return cli_usage("upsdrvctl");
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(verbs[i].word, argv[optind]) == 0)
			return run(verbs[i].run, argv[optind + 1]);
	return cli_usage("upsdrvctl");
}
