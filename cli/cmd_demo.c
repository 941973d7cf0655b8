/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/client.h"
#include "cli/demo_dir.h"
#include "cli/live.h"
#include "cli/parts.h"
#include "cli/simctl.h"
#include "cli/term.h"
#include "cli/ui.h"
#include "lib/xmem.h"

#define UPS "qnapups"
#define CAUSE_MAX 512
#define DRAIN_STEP 25 /* points of charge per key */
#define DRAIN_MIN 4
#define LOAD_STEP 10
#define LOAD_MAX 120

struct demo {
	struct demo_dir dir;
	struct target target;
	struct model model;
	struct live *live;
	struct ui *ui;
	struct event_base *base;
	struct event *child, *end;
	struct part sim, holdupd;
	bool screen, died, real;
	char port[8], side[32], notice[CAUSE_MAX], *control, *title;
	char *notes[4]; /* NULL-terminated */
};

struct options {
	const char *dir;
	int port, seconds;
	char *speed;
	bool real; /* the UPS of this machine instead of a virtual one */
};

static void
changed(void *arg)
{
	struct demo *d = arg;

	ui_changed(d->ui);
}

static void
fill(void *arg, struct view_screen *screen)
{
	struct demo *d = arg;

	screen->title = d->title;
	screen->side = d->side;
	screen->notice = d->notice[0] != '\0' ? d->notice : live_problem(d->live);
	screen->notes = (const char *const *)d->notes;
	screen->clients = true;
	screen->keys =
	    d->real ? "t self-test  q quit"
		    : "p pull/return the plug  d drain  +/- load  t self-test  q quit";
}

/* A number of the UPS as it stands, or `otherwise`. */
static int
number(const struct demo *d, const char *name, int otherwise)
{
	const char *text =
	    d->model.nupses > 0 ? state_get(d->model.upses[0]->state, name) : NULL;

	return text != NULL ? (int)strtod(text, NULL) : otherwise;
}

static void
tell_sim(struct demo *d, const char *command)
{
	char answer[SIMCTL_ANSWER_MAX];

	if (simctl_ask(d->control, command, answer, sizeof(answer)) != 0)
		model_say(&d->model, "", PHRASE_WARN, time(NULL), "virtual UPS: %.120s",
		    answer);
	ui_changed(d->ui);
}

static void
pull_or_return(struct demo *d)
{
	const char *status = d->model.nupses > 0
				 ? state_get(d->model.upses[0]->state, "ups.status")
				 : NULL;

	tell_sim(d, status != NULL && state_status_has(status, "OB") ? "plug" : "unplug");
}

static void
drain(struct demo *d)
{
	int charge = number(d, "battery.charge", 100) - DRAIN_STEP;
	char command[32];

	snprintf(command, sizeof(command), "charge %d%%",
	    charge < DRAIN_MIN ? DRAIN_MIN : charge);
	tell_sim(d, command);
}

static void
load(struct demo *d, int step)
{
	int value = number(d, "ups.load", 0) + step;
	char command[32];

	value = value < 0 ? 0 : value > LOAD_MAX ? LOAD_MAX : value;
	snprintf(command, sizeof(command), "load %d%%", value);
	tell_sim(d, command);
}

/* Starts a self-test as any client of the network would. */
static void
self_test(struct demo *d)
{
	char cause[CLIENT_CAUSE_MAX];
	struct words answer;
	struct client *c =
	    client_open(d->target.host, d->target.port, cause, sizeof(cause));
	int result = -1;

	if (c != NULL && client_login(c, "nut", "nut", cause, sizeof(cause)) == 0) {
		client_arg(c, "INSTCMD");
		client_arg(c, UPS);
		client_arg(c, "test.battery.start.quick");
		result = client_ask(c, &answer, cause, sizeof(cause));
	}
	if (result != 0)
		model_say(&d->model, UPS, PHRASE_WARN, time(NULL), "no self-test: %.120s",
		    cause);
	client_close(c);
	ui_changed(d->ui);
}

static void
key(void *arg, char pressed)
{
	struct demo *d = arg;

	if (d->real && pressed != 't')
		return;
	switch (pressed) {
	case 'p':
		pull_or_return(d);
		break;
	case 'u':
		tell_sim(d, "unplug");
		break;
	case 'd':
		drain(d);
		break;
	case '+':
	case 'l':
		load(d, LOAD_STEP);
		break;
	case '-':
	case 'L':
		load(d, -LOAD_STEP);
		break;
	case 't':
		self_test(d);
		break;
	default:
		break;
	}
}

/* SIGCHLD: says which part ended; away from a terminal that is the end. */
static void
child_ended(evutil_socket_t fd, short what, void *arg)
{
	struct demo *d = arg;
	struct part *parts[] = {&d->sim, &d->holdupd};
	char cause[CAUSE_MAX];

	(void)fd;
	(void)what;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!part_ended(parts[i], cause, sizeof(cause)))
			continue;
		snprintf(d->notice, sizeof(d->notice), "%s", cause);
		d->died = true;
		if (!d->screen)
			event_base_loopbreak(d->base);
	}
	ui_changed(d->ui);
}

static void
time_over(evutil_socket_t fd, short what, void *arg)
{
	struct demo *d = arg;

	(void)fd;
	(void)what;
	event_base_loopbreak(d->base);
}

/* Starts the virtual UPS, unless it is a real one, and what serves it. */
static int
start_parts(struct demo *d, const struct options *o, char *cause, size_t size)
{
	static char speed[] = "--speed", stay[] = "-F";
	char *sim_args[] = {o->speed != NULL ? speed : NULL, o->speed, NULL};
	char *holdupd_args[] = {stay, NULL};

	setenv("NUT_CONFPATH", d->dir.etc, 1);
	setenv("NUT_STATEPATH", d->dir.run, 1);
	if (!o->real &&
	    part_start(&d->sim, "sim", sim_args, d->dir.log, cause, size) != 0)
		return -1;
	return part_start(&d->holdupd, "holdupd", holdupd_args, d->dir.log, cause, size);
}

/* What to type elsewhere to see the demo from outside. */
static void
make_notes(struct demo *d)
{
	const char *ups = d->real ? "your UPS" : "a virtual UPS";

	d->title = d->dir.page == NULL
		       ? xasprintf("holdup demo: %s, served on this machine only", ups)
		       : xasprintf("holdup demo: %s, its page: %s", ups, d->dir.page);
	if (!d->screen)
		puts(d->title);
	d->notes[0] = xasprintf("Elsewhere  upsc " UPS "@127.0.0.1:%s", d->port);
	d->notes[1] = xasprintf("           export NUT_CONFPATH=%s", d->dir.etc);
	d->notes[2] = xasprintf("           export NUT_STATEPATH=%s", d->dir.run);
	for (size_t i = 0; !d->screen && d->notes[i] != NULL; i++)
		puts(d->notes[i]);
	fflush(stdout);
}

static void
run(struct demo *d, const struct options *o)
{
	static const struct ui_ops ops = {.fill = fill, .key = key};
	const struct timeval length = {.tv_sec = o->seconds};

	d->child = evsignal_new(d->base, SIGCHLD, child_ended, d);
	event_add(d->child, NULL);
	event_active(d->child, EV_SIGNAL, 1); /* one may have ended already */
	d->end = evtimer_new(d->base, time_over, d);
	if (o->seconds > 0)
		event_add(d->end, &length);
	d->ui = ui_new(d->base, &d->model, d->screen, &ops, d);
	d->live = live_new(d->base, &d->target, &d->model, true, changed, d);
	event_base_dispatch(d->base);
	ui_free(d->ui);
	live_free(d->live);
	event_free(d->child);
	event_free(d->end);
}

static int
demo(const struct options *o)
{
	static char ups[] = UPS, host[] = "127.0.0.1";
	struct demo d = {.screen = o->seconds == 0 && term_usable(), .real = o->real};
	char cause[CAUSE_MAX];
	int result = 1, port;

	port = demo_dir_port(o->port, cause, sizeof(cause));
	if (port == -1)
		return cli_complain(
		    "port %d cannot be used: %s. Without --nut-port a free "
		    "one is taken",
		    o->port, cause);
	snprintf(d.port, sizeof(d.port), "%d", port);
	snprintf(d.side, sizeof(d.side), "127.0.0.1:%d", port);
	d.target = (struct target){.ups = ups, .host = host, .port = d.port};
	d.base = event_base_new();
	if (demo_dir_make(&d.dir, o->dir, port, cause, sizeof(cause)) != 0 ||
	    start_parts(&d, o, cause, sizeof(cause)) != 0) {
		cli_complain("%s", cause);
	} else {
		d.control = xasprintf("%s/sim.ctl", d.dir.run);
		make_notes(&d);
		run(&d, o);
		result = d.died;
		if (d.died)
			cli_complain("%s", d.notice);
	}
	part_stop(&d.holdupd);
	part_stop(&d.sim);
	model_free(&d.model);
	demo_dir_free(&d.dir);
	event_base_free(d.base);
	free(d.control);
	free(d.title);
	for (size_t i = 0; d.notes[i] != NULL; i++)
		free(d.notes[i]);
	return result;
}

/* A whole number between limits, or -1. */
static int
whole(const char *text, int min, int max)
{
	char *end;
	long n = strtol(text, &end, 10);

	return end == text || *end != '\0' || n < min || n > max ? -1 : (int)n;
}

int
cmd_demo(int argc, char **argv)
{
	static const struct option longs[] = {
	    {"dir", required_argument, NULL, 'd'},
	    {"nut-port", required_argument, NULL, 'p'},
	    {"for", required_argument, NULL, 'f'},
	    {"speed", required_argument, NULL, 's'},
	    {"real", no_argument, NULL, 'r'},
	    {NULL, 0, NULL, 0},
	};
	struct options o = {0};
	int option;

	while ((option = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (option) {
		case 'd':
			o.dir = optarg;
			break;
		case 'p':
			if ((o.port = whole(optarg, 1, 65535)) == -1)
				return cli_complain(
				    "--nut-port wants 1 to 65535, not '%s'", optarg);
			break;
		case 'f':
			if ((o.seconds = whole(optarg, 1, 1000000)) == -1)
				return cli_complain(
				    "--for wants seconds, not '%s'", optarg);
			break;
		case 's':
			if (whole(optarg, 1, 100000) == -1)
				return cli_complain(
				    "--speed wants 1 to 100000, not '%s'", optarg);
			o.speed = optarg;
			break;
		case 'r':
			o.real = true;
			break;
		default:
			return cli_usage("demo");
		}
	}
	if (optind < argc)
		return cli_usage("demo");
	return demo(&o);
}
