/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/client.h"
#include "cli/drill_ask.h"
#include "cli/target.h"
#include "lib/monitors.h"
#include "lib/paths.h"
#include "lib/state.h"
#include "lib/xmem.h"

#define SELF "127.0.0.1" /* this machine's own login has no connection */

/* A file of NUT_CONFPATH; one that is not there is empty. NULL with the cause. */
static char *
file_read(const char *name, size_t *len, char *cause, size_t size)
{
	char *path = paths_conf(name), *text = conf_slurp(path, len);

	if (text == NULL && errno == ENOENT) {
		text = xstrdup("");
		*len = 0;
	} else if (text == NULL)
		snprintf(cause, size, "cannot read %s: %s%s", path, strerror(errno),
		    errno == EACCES ? " (a drill is for root, or group nut)" : "");
	free(path);
	return text;
}

/* Reads the files; 0, or -1 with the cause. */
static int
read_files(struct drill_known *k, char *cause, size_t size)
{
	static const char *const names[] = {
	    "ups.conf", "upsmon.conf", "upsd.users", "holdup.conf"};
	struct drill_files files = {0};
	struct drill_text *const texts[] = {
	    &files.ups, &files.upsmon, &files.users, &files.holdup};
	char *owned[4] = {NULL};
	int result = 0;

	for (size_t i = 0; i < 4 && result == 0; i++) {
		owned[i] = file_read(names[i], &texts[i]->len, cause, size);
		texts[i]->text = owned[i];
		result = owned[i] == NULL ? -1 : 0;
	}
	if (result == 0)
		drill_known_read(k, &files);
	for (size_t i = 0; i < 4; i++)
		free(owned[i]);
	return result;
}

/* What is being asked of, for the callbacks. */
struct asking {
	struct drill_known *k;
	size_t row;
	bool told; /* a variable at least */
};

static void
take_var(void *arg, const struct words *w)
{
	struct asking *a = arg;

	if (w->argc > 3)
		drill_known_var(a->k, a->row, w->argv[2], w->argv[3]);
	a->told = true;
}

static void
take_cmd(void *arg, const struct words *w)
{
	struct asking *a = arg;

	if (w->argc > 2)
		drill_known_cmd(a->k, a->row, w->argv[2]);
}

/* RANGE ups var "min" "max" */
static void
take_range(void *arg, const struct words *w)
{
	struct asking *a = arg;

	if (w->argc > 4)
		drill_known_range(
		    a->k, a->row, w->argv[2], drill_known_number(w->argv[4]));
}

static void
take_rw(void *arg, const struct words *w)
{
	struct asking *a = arg;

	if (w->argc > 2)
		drill_known_rw(a->k, a->row, w->argv[2]);
}

/* READER ups address kind "account" …: a login, or one that shuts down by itself. */
static void
take_reader(void *arg, const struct words *w)
{
	struct asking *a = arg;

	if (w->argc < 5)
		return;
	if (*w->argv[4] != '\0')
		drill_known_client(a->k, a->row, w->argv[2], w->argv[4], MACHINE_LOGIN);
	else
		drill_known_reader(a->k, a->row, w->argv[2], w->argv[3]);
}

/* CLIENT ups address: a login that no reader row tells of. */
static void
take_login(void *arg, const struct words *w)
{
	struct asking *a = arg;

	if (w->argc > 2 && strcmp(w->argv[2], SELF) != 0 &&
	    !drill_known_has(a->k, a->row, w->argv[2], NULL))
		drill_known_client(a->k, a->row, w->argv[2], "?", MACHINE_LOGIN);
}

/* Everything about one UPS, under its name there; what the server does not tell stays
 * unknown. False when it tells no variable. */
static bool
ask_ups(struct client *c, struct drill_known *k, size_t row, const char *name)
{
	static const struct {
		const char *words[3];
		void (*take)(void *arg, const struct words *w);
	} lists[] = {{{"VAR", NULL, NULL}, take_var}, {{"CMD", NULL, NULL}, take_cmd},
	    {{"RW", NULL, NULL}, take_rw},
	    {{"RANGE", "ups.delay.shutdown", NULL}, take_range},
	    {{"READER", NULL, NULL}, take_reader}, {{"CLIENT", NULL, NULL}, take_login}};
	struct asking a = {k, row, false};
	char cause[CLIENT_CAUSE_MAX];

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		client_arg(c, "LIST");
		client_arg(c, lists[i].words[0]);
		client_arg(c, name);
		if (lists[i].words[1] != NULL)
			client_arg(c, lists[i].words[1]);
		client_list(c, lists[i].take, &a, cause, sizeof(cause));
	}
	return a.told;
}

/* A far UPS, asked of its own server: where there is none here. */
static void
ask_far(struct drill_known *k, size_t row)
{
	char cause[CLIENT_CAUSE_MAX];
	struct client *c = NULL;

	for (size_t i = 0; i < k->policy.nmonitors && c == NULL; i++) {
		const struct conf_monitor *m = &k->upsmon.monitors[i];

		if (k->policy.monitors[i].row != (long)row || !k->policy.monitors[i].far)
			continue;
		c = client_open(m->host, m->port, cause, sizeof(cause));
		if (c != NULL && ask_ups(c, k, row, m->ups))
			k->served = true;
	}
	client_close(c);
}

static void
ask_servers(struct drill_known *k)
{
	char cause[CLIENT_CAUSE_MAX];
	struct target t;
	struct client *c;

	if (target_local(&t, NULL, true) < 0)
		return;
	c = client_open(t.host, t.port, cause, sizeof(cause));
	k->served = c != NULL;
	for (size_t row = 0; row < k->ups.nupses; row++)
		if (c == NULL || !ask_ups(c, k, row, k->ups.upses[row].name))
			ask_far(k, row);
	client_close(c);
	target_free(&t);
}

int
drill_ask(struct drill_known *k, char *cause, size_t size)
{
	if (read_files(k, cause, size) < 0)
		return -1;
	ask_servers(k);
	return 0;
}
