/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/nutlike.h"
#include "lib/conf_ups.h"
#include "lib/paths.h"
#include "lib/xmem.h"

#define PATIENCE_S 45 /* with one driver; ours is done within 15 */

/* Where NUT's drivers are, besides `driverpath` of ups.conf. */
static const char *const driver_folders[] = {"/lib/nut", "/usr/lib/nut"};

/* One UPS of ups.conf in the order of its sdorder; -1 leaves it out. */
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

/* Runs a program to its end, or to the end of our patience. True when it succeeded. */
static bool
succeeds(const char *ups, char **argv)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		alarm(PATIENCE_S); /* outlives the exec */
		execv(argv[0], argv);
		cli_complain("cannot run %s: %s", argv[0], strerror(errno));
		_exit(1);
	}
	if (pid == -1) {
		cli_complain(
		    "ups %s: cannot start %s: %s", ups, argv[0], strerror(errno));
		return false;
	}
	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return false;
	if (WIFSIGNALED(status))
		cli_complain(
		    "ups %s: %s ended by signal %d", ups, argv[0], WTERMSIG(status));
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* The path of a driver of NUT, which the caller frees, or NULL after a message. */
static char *
nut_driver(const struct ups_conf *conf, const struct conf_ups *u, const char *driver)
{
	char *path;

	for (size_t i = 0; i < conf->nglobals; i++) {
		const struct conf_pair *pair = &conf->globals[i];

		if (strcmp(pair->key, "driverpath") != 0)
			continue;
		path = xasprintf("%s/%s", pair->value, driver);
		if (access(path, X_OK) == 0)
			return path;
		free(path);
	}
	for (size_t i = 0; i < sizeof(driver_folders) / sizeof(driver_folders[0]); i++) {
		path = xasprintf("%s/%s", driver_folders[i], driver);
		if (access(path, X_OK) == 0)
			return path;
		free(path);
	}
	cli_complain("ups %s: NUT's driver %s is not installed; its output is not cut",
	    u->name, driver);
	return NULL;
}

/* Has the output of one UPS cut. True when its driver says that it will be. */
static bool
cut(const struct ups_conf *conf, const struct conf_ups *u)
{
	const char *driver = conf_ups_get(u, "driver");
	char which[] = "-a", kill[] = "-k", *path;
	bool done;

	if (driver == NULL || strchr(driver, '/') != NULL) {
		cli_complain("ups %s: ups.conf names no driver for it", u->name);
		return false;
	}
	if (strcmp(driver, "remote") == 0)
		return true; /* another machine has the cable */
	if (strcmp(driver, "usbhid-ups") != 0)
		path = nut_driver(conf, u, driver);
	else if ((path = paths_program("hid")) == NULL)
		cli_complain("ups %s: holdup's program hid is not installed", u->name);
	if (path == NULL)
		return false;
	done = succeeds(u->name, (char *[]){path, which, u->name, kill, NULL});
	free(path);
	return done;
}

/* The cut of one UPS, or of all in their order. Returns an exit status. */
static int
shut_down(const struct ups_conf *conf, const char *name)
{
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
		if (!cut(conf, t->ups))
			status = 1;
	}
	free(turns);
	return status;
}

static int
list(const struct ups_conf *conf, const char *name)
{
	for (size_t i = 0; i < conf->nupses; i++)
		if (name == NULL || strcmp(conf->upses[i].name, name) == 0)
			puts(conf->upses[i].name);
	return 0;
}

static int
start_or_stop(const struct ups_conf *conf, const char *name)
{
	return cli_complain("holdupd starts and stops its drivers itself ('systemctl "
			    "start holdup'), a driver of NUT is started by 'systemctl "
			    "start nut-driver@UPS'");
}

static const struct {
	const char *word;
	int (*run)(const struct ups_conf *conf, const char *name);
} verbs[] = {
    {"shutdown", shut_down},
    {"list", list},
    {"start", start_or_stop},
    {"stop", start_or_stop},
};

/* Reads ups.conf and does it. */
static int
run(int (*verb)(const struct ups_conf *conf, const char *name), const char *name)
{
	char *path = paths_conf("ups.conf"), *text;
	struct problems problems = {0};
	struct ups_conf conf;
	size_t len;
	int status;

	if ((text = conf_slurp(path, &len)) == NULL) {
		status = cli_complain("cannot read %s: %s", path, strerror(errno));
		free(path);
		return status;
	}
	ups_conf_read(&conf, path, text, len, &problems);
	if (name != NULL && ups_conf_find(&conf, name) == NULL)
		status = cli_complain("%s has no section [%s]", path, name);
	else
		status = verb(&conf, name);
	ups_conf_free(&conf);
	problems_free(&problems);
	free(text);
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
