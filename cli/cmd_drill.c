/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/drill_ask.h"
#include "lib/xmem.h"

struct wishes {
	bool json, story, slowly;
	struct drill_real *real; /* told for real */
	size_t nreal;
};

/* The row of a machine of holdup.conf, or -1. */
static int
machine_row(const struct drill_known *k, const char *name)
{
	for (size_t i = 0; i < k->holdup.nmachines; i++)
		if (strcmp(k->holdup.machines[i].name, name) == 0)
			return (int)i;
	return -1;
}

/* Machines named are told for real; each must have a section, and be another one. */
static int
take_names(struct wishes *w, const struct drill_known *k, char *const *names)
{
	for (; *names != NULL; names++) {
		int plan = machine_row(k, *names);

		if (plan < 0)
			return cli_complain("holdup.conf has no [machine %s]", *names);
		if (k->holdup.machines[plan].self)
			return cli_complain(
			    "%s is this machine: it cannot be told for real", *names);
		w->real = xreallocarray(w->real, w->nreal + 1, sizeof(*w->real));
		w->real[w->nreal++] = (struct drill_real){.plan = plan, .took = NAN};
	}
	return 0;
}

/* What policy says, at once or at its time. */
static void
tell_story(const struct drill_story *story, bool slowly)
{
	long before = 0;

	for (size_t i = 0; i < story->nlog; i++) {
		unsigned h = 0, m = 0, s = 0;
		struct timespec pause = {0};

		sscanf(story->log[i], "%u:%u:%u", &h, &m, &s);
		pause.tv_sec = (time_t)(h * 3600 + m * 60 + s) - before;
		if (slowly && pause.tv_sec > 0)
			nanosleep(&pause, NULL);
		before += (long)pause.tv_sec;
		puts(story->log[i]);
		fflush(stdout);
	}
	putchar('\n');
}

static int
tell_for_real(const struct drill_known *k, struct wishes *w)
{
	char cause[256];
	int bad = 0;

	if (w->nreal == 0)
		return 0;
	if (!w->json)
		puts("\nTold for real");
	if (drill_really(k, w->real, w->nreal, w->json, cause, sizeof(cause)) < 0)
		return cli_complain("%s", cause);
	for (size_t i = 0; i < w->nreal; i++)
		if (isnan(w->real[i].took))
			bad = cli_complain("%s is not off: it would be cut alive",
			    k->holdup.machines[w->real[i].plan].name);
	return bad;
}

static void
print_json(json_t *report)
{
	json_dumpf(report, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(report);
}

static int
run(struct wishes *w, const struct drill_known *k)
{
	const struct drill_setting setting = drill_known_setting(k);
	struct drill_faults faults = {0};
	struct drill_story story;
	int status;

	drill_run(&setting, &story);
	drill_check(k, &drill_tries, &story, &faults);
	if (!w->json) {
		if (w->story || w->slowly)
			tell_story(&story, w->slowly);
		drill_print(k, &story, &faults);
	}
	status = tell_for_real(k, w);
	if (w->json)
		print_json(drill_json(k, &story, &faults, w->real, w->nreal));
	if (story.alive > 0)
		status = 1;
	drill_faults_free(&faults);
	drill_free(&story);
	return status;
}

/* holdup drill: what would happen if the mains failed now. */
int
cmd_drill(int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'},
	    {"story", no_argument, NULL, 's'}, {"real-time", no_argument, NULL, 'r'},
	    {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
	struct drill_known known;
	struct wishes w = {0};
	char cause[256];
	int option, status;

	while ((option = getopt_long(argc, argv, "jsrh", options, NULL)) != -1) {
		switch (option) {
		case 'j':
			w.json = true;
			break;
		case 's':
			w.story = true;
			break;
		case 'r':
			w.slowly = true;
			break;
		case 'h':
			return cli_help("drill");
		default:
			return cli_usage("drill");
		}
	}
	if (drill_ask(&known, cause, sizeof(cause)) < 0)
		return cli_complain("%s", cause);
	status = take_names(&w, &known, argv + optind);
	if (status == 0)
		status = run(&w, &known);
	drill_known_free(&known);
	free(w.real);
	return status;
}
