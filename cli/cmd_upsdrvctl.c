/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/drvctl.h"
#include "cli/nutlike.h"
#include "lib/drivers.h"
#include "lib/paths.h"
#include "lib/xmem.h"

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
    {"shutdown", drvctl_shutdown},
    {"late", drvctl_late},
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
	char list_devices[] = "-L", *path = paths_program(DRVCTL_OURS), *text = NULL;

	all->found_fd = memfd_create("hid -L", 0);
	if (path != NULL && all->found_fd != -1 &&
	    drvctl_run((char *[]){path, list_devices, NULL}, all->found_fd) == 0)
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
