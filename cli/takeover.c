/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/systemctl.h"
#include "cli/takeover.h"
#include "cli/undo.h"
#include "lib/ifnets.h"
#include "lib/xmem.h"
#include "setup/apcupsd.h"
#include "setup/undo.h"

#define APCUPSD_CONF "/etc/apcupsd/apcupsd.conf"

struct takeover {
	struct units units;
	struct lockout_now now;
};

static void
print_findings(FILE *to, const struct check_list *found)
{
	for (size_t i = 0; i < found->count; i++) {
		const struct check_finding *f = &found->list[i];

		if (f->line > 0)
			fprintf(to, "%s:%d: ", f->file, f->line);
		else
			fprintf(to, "%s: ", f->file);
		fprintf(to, "%s: %s\n", check_word(f->weight), f->text);
	}
}

int
takeover_from(const char *what, struct setup_answers *a)
{
	const char *file = APCUPSD_CONF;
	struct check_list said = {0};
	size_t len;
	char *text;
	int result = 0;

	if (strncmp(what, "apcupsd=", strlen("apcupsd=")) == 0)
		file = what + strlen("apcupsd=");
	else if (strcmp(what, "apcupsd") != 0)
		return -cli_complain("--from takes apcupsd, or apcupsd=FILE, not '%s'; "
				     "files of NUT are read without it",
		    what);
	if ((text = conf_slurp(file, &len)) == NULL)
		return -cli_complain("cannot read %s: %s", file, strerror(errno));
	apcupsd_read(file, text, len, a, &said);
	print_findings(stderr, &said);
	for (size_t i = 0; i < said.count; i++)
		if (said.list[i].weight == CHECK_ERROR)
			result = -1;
	if (result == -1)
		cli_complain("nothing is written: that has to be mended first");
	check_list_free(&said);
	free(text);
	return result;
}

int
undo_units(struct units *units)
{
	const char *files[UNDO_PATTERNS_MAX + 5] = {
	    "list-unit-files", "--plain", "--no-legend", "--no-pager"};
	const char *running[UNDO_PATTERNS_MAX + 6] = {
	    "list-units", "--all", "--plain", "--no-legend", "--no-pager"};
	char *file_text = NULL, *running_text = NULL;
	int result = -1;

	for (size_t i = 0; i < UNDO_PATTERNS_MAX && unit_patterns[i] != NULL; i++) {
		files[i + 4] = unit_patterns[i];
		running[i + 5] = unit_patterns[i];
	}
	*units = (struct units){0};
	/* Its status says only whether a pattern has found something. */
	if (systemctl(files, &file_text) != -1 &&
	    systemctl(running, &running_text) != -1) {
		units_read(units, file_text, running_text);
		result = 0;
	}
	free(file_text);
	free(running_text);
	return result;
}

struct takeover *
takeover_look(const struct check_conf *there)
{
	struct takeover *t;

	if (!systemctl_there())
		return NULL;
	t = xcalloc(1, sizeof(*t));
	if (undo_units(&t->units) == -1) {
		free(t);
		return NULL;
	}
	if (units_live(&t->units, UNIT_NUT))
		takeover_clients(there, &t->now);
	return t;
}

void
takeover_free(struct takeover *t)
{
	if (t == NULL)
		return;
	units_free(&t->units);
	lockout_now_free(&t->now);
	free(t);
}

bool
takeover_wanted(const struct takeover *t)
{
	return t != NULL &&
	       (units_live(&t->units, UNIT_NUT) || units_live(&t->units, UNIT_APCUPSD));
}

/* "nut-server.service, nut-monitor.service" */
static void
print_running(const struct units *u, enum unit_side side)
{
	const char *between = " (";

	for (size_t i = 0; i < u->count; i++)
		if (u->list[i].side == side && u->list[i].active) {
			printf("%s%s", between, u->list[i].name);
			between = ", ";
		}
	if (between[0] == ',')
		putchar(')');
}

static void
tell_lockouts(const struct takeover *t, const struct check_conf *next)
{
	struct check_list found = {0};
	struct allow_nets nets = {0};

	ifnets_read(&nets);
	for (size_t i = 0; i < t->now.naddresses; i++)
		printf("%s%s%s", i == 0 ? "Logged in to it now: " : ", ",
		    t->now.addresses[i], i + 1 == t->now.naddresses ? ".\n" : "");
	lockout_find(next, &t->now, &nets, &found);
	if (found.count == 0)
		puts("Nobody is locked out by it.");
	print_findings(stdout, &found);
	check_list_free(&found);
	free(nets.list);
}

void
takeover_tell(const struct takeover *t, const struct check_conf *next)
{
	if (!takeover_wanted(t))
		return;
	putchar('\n');
	if (units_live(&t->units, UNIT_NUT)) {
		printf("NUT does the work on this machine");
		print_running(&t->units, UNIT_NUT);
		puts(".\nIts units are stopped and masked, and holdup takes their "
		     "place, on the same files.");
		tell_lockouts(t, next);
	}
	if (units_live(&t->units, UNIT_APCUPSD)) {
		printf("apcupsd does the work on this machine");
		print_running(&t->units, UNIT_APCUPSD);
		puts(".\nIt is stopped and disabled, for only one can have the UPS; "
		     "its files stay as they are.");
	}
	puts("`holdup setup --undo` gives all of that back.");
}

int
takeover_wrote(const char *path, const char *copy)
{
	struct buf line = {0};
	int result;

	undo_add_file(&line, path, copy);
	result = undo_keep(&line);
	buf_free(&line);
	return result;
}

/* One step. A unit that stands as a file in /etc cannot be masked: it is disabled. */
static int
carry_out(const struct unit_step *s)
{
	if (undo_step(s->act, s->name) == 0)
		return 0;
	if (s->act == UNIT_MASK && undo_step(UNIT_DISABLE, s->name) == 0)
		return 0;
	return -cli_complain("systemctl %s %s fails: what was done until here is given "
			     "back by 'holdup setup --undo'",
	    unit_act_word(s->act), s->name);
}

int
takeover_hand(struct takeover *t)
{
	struct buf lines = {0};
	struct unit_steps steps = {0};
	int result;

	if (t == NULL)
		return 0;
	for (size_t i = 0; i < t->units.count; i++)
		if (takeover_wanted(t) || t->units.list[i].side == UNIT_OURS)
			undo_add_unit(&lines, &t->units.list[i]);
	result = undo_keep(&lines);
	if (takeover_wanted(t))
		units_take(&t->units, &steps);
	for (size_t i = 0; result == 0 && i < steps.count; i++)
		result = carry_out(&steps.list[i]);
	unit_steps_free(&steps);
	buf_free(&lines);
	return result;
}
