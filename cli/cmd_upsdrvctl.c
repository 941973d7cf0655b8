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
#include "cli/drvctl.h"
#include "cli/nutlike.h"
#include "lib/drivers.h"
#include "lib/paths.h"
#include "lib/xmem.h"

#define PATIENCE_S 45 /* with one driver; ours is done within 15 */

#define OURS "hid" /* the one of our drivers whose UPS has an output of its own to cut */

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

const char *
drvctl_global(const struct drvctl *d, const char *key)
{
	const char *value = NULL;

	for (size_t i = 0; i < d->conf.nglobals; i++)
		if (strcmp(d->conf.globals[i].key, key) == 0)
			value = d->conf.globals[i].value;
	return value;
}

char *
drvctl_program(const struct drvctl *d, const struct conf_ups *u, const char **own)
{
	const char *driver = conf_ups_get(u, "driver");
	char cause[512], *path = NULL;

	*own = NULL;
	if (driver == NULL || strchr(driver, '/') != NULL) {
		cli_complain("ups %s: ups.conf names no driver for it", u->name);
		return NULL;
	}
	if ((*own = drivers_own(driver)) != NULL)
		path = paths_program(*own);
	else
		path = drivers_find(
		    driver, drvctl_global(d, "driverpath"), cause, sizeof(cause));
	if (path == NULL && *own != NULL)
		cli_complain("holdup's program %s is not installed", *own);
	else if (path == NULL)
		cli_complain("ups %s: %s", u->name, cause);
	return path;
}

/* Has the output of one UPS cut. True when its driver says that it will be. */
static bool
cut(const struct drvctl *d, const struct conf_ups *u)
{
	char which[] = "-a", kill[] = "-k", from[] = "-C", fd[16], *path;
	const char *own;
	bool done = true;

	if ((path = drvctl_program(d, u, &own)) == NULL)
		return false;
	snprintf(fd, sizeof(fd), "%d", d->found_fd);
	if (own != NULL && strcmp(own, OURS) != 0)
		done = true; /* another machine has the cable, or another section */
	else if (d->testing)
		printf("%s -a %s -k\n", path, u->name);
	else
		done = succeeds((char *[]){path, which, u->name, kill,
				    d->found_fd == -1 ? NULL : from, fd, NULL},
		    -1);
	free(path);
	return done;
}

/* The cut of one UPS, or of all in their order. Returns an exit status. */
static int
shut_down(const struct drvctl *all, const char *name)
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
list(const struct drvctl *all, const char *name)
{
	for (size_t i = 0; i < all->conf.nupses; i++)
		if (name == NULL || strcmp(all->conf.upses[i].name, name) == 0)
			puts(all->conf.upses[i].name);
	return 0;
}

static const struct {
	const char *word;
	int (*run)(const struct drvctl *all, const char *name);
} verbs[] = {
    {"shutdown", shut_down},
    {"list", list},
    {"start", drvctl_start},
    {"stop", drvctl_stop},
    {"status", drvctl_status},
};

/* Asks our driver what is there: its answer, which the caller frees, or NULL after a
 * message. */
static char *
look(struct drvctl *all, size_t *len)
{
	char list_devices[] = "-L", *path = paths_program(OURS), *text = NULL;

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
read_upses(struct drvctl *all, const char *path)
{
	struct problems problems = {0};
	size_t len = 0;
	char *text = conf_slurp(path, &len);

	all->found_fd = -1;
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
run(struct drvctl *d, int (*verb)(const struct drvctl *d, const char *name),
    const char *name)
{
	char *path = paths_conf("ups.conf");
	int status;

	if ((status = read_upses(d, path)) == 0) {
		if (name != NULL && ups_conf_find(&d->conf, name) == NULL)
			status =
			    cli_complain("UPS %s not found in ups.conf (%s)", name, path);
		else if (d->conf.nupses == 0)
			status =
			    cli_complain("%s names no UPS, and none is on USB", path);
		else
			status = verb(d, name);
		ups_conf_free(&d->conf);
		if (d->found_fd != -1)
			close(d->found_fd);
	}
	free(path);
	return status;
}

/* One option; -1 to go on, else an exit status. */
static int
take_option(struct drvctl *d, int option, const char **word)
{
	switch (option) {
	case 'B':
		d->background = true;
		return -1;
	case 'D':
		d->debug++;
		return -1;
	case 'd':
		d->pass_debug = true;
		return -1;
	case 'F':
		d->foreground++;
		return -1;
	case 'c':
		d->signal = optarg;
		return -1;
	case 'l':
		*word = "list";
		return -1;
	case 't':
		d->testing = true;
		return -1;
	case 'u':
		d->user = optarg;
		return -1;
	case 'h':
		return cli_help("upsdrvctl");
	case 'r':
		return cli_complain(
		    "upsdrvctl -r %s: drivers are not started in a chroot", optarg);
	case 'V':
		return nutlike_version("upsdrvctl");
	default:
		return cli_usage("upsdrvctl");
	}
}

/* What the words after the options ask for. */
static int
obey(struct drvctl *d, const char *word, const char *name)
{
	if (d->testing)
		puts("*** Testing mode: nothing is started, stopped or signalled");
	if (word == NULL)
		return run(d, drvctl_signal, name);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(verbs[i].word, word) == 0)
			return run(d, verbs[i].run, name);
	fprintf(stderr, "Error: unrecognized command [%s]\n", word);
	return 1;
}

int
cmd_upsdrvctl(int argc, char **argv)
{
	struct drvctl d = {0};
	const char *word = NULL;
	int option, status;

	while ((option = getopt(argc, argv, "+BDFVc:dhlr:tu:")) != -1)
		if ((status = take_option(&d, option, &word)) != -1)
			return status;
	argc -= optind;
	argv += optind;
	if (word == NULL && d.signal == NULL && argc > 0) {
		word = *argv++;
		argc--;
	}
	if ((word == NULL && d.signal == NULL) || argc > 1)
		return cli_usage("upsdrvctl");
	return obey(&d, word, argv[0]);
}
