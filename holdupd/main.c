/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "holdupd/children.h"
#include "holdupd/heart.h"
#include "holdupd/ready.h"
#include "holdupd/setup.h"
#include "holdupd/sockets.h"
#include "lib/log.h"
#include "lib/paths.h"

struct holdupd {
	struct event_base *base;
	struct setup setup;
	struct sockets sockets;
	struct children *children;
	struct heart *heart;
};

static void __attribute__((noreturn)) usage(void)
{
	fputs("usage: holdupd -F [-DV]\n"
	      "  -F  stay in the foreground (the only way so far)\n"
	      "  -D  log more\n"
	      "  -V  print the version\n",
	    stderr);
	exit(1);
}

/* Returns the debug level. */
static int
options_read(int argc, char **argv)
{
	bool foreground = false;
	int option, debug = 0;

	while ((option = getopt(argc, argv, "FDV")) != -1) {
		switch (option) {
		case 'F':
			foreground = true;
			break;
		case 'D':
			debug++;
			break;
		case 'V':
			puts("holdupd " HOLDUP_VERSION);
			exit(0);
		default:
			usage();
		}
	}
	if (!foreground || optind != argc)
		usage();
	return debug;
}

/* What the configuration makes of this machine; false when there is nothing to do. */
static bool
role_say(const struct setup *s)
{
	if (s->mode == NUT_MODE_NONE) {
		log_info("nut.conf says MODE=none: nothing to do "
			 "(MODE=netserver serves the UPS of this machine)");
		return false;
	}
	if (s->mode == NUT_MODE_NETCLIENT) {
		log_info("nut.conf says MODE=netclient: nothing to do yet, for this "
			 "version has no monitor; NUT's upsmon does that");
		return false;
	}
	log_info("this machine is not protected yet: this version serves the UPS, and "
		 "never shuts the machine down%s",
	    s->monitors ? " (upsmon.conf has a MONITOR line: keep NUT's upsmon for it)"
			: "");
	if (geteuid() == 0 && !paths_private())
		log_warn("running as root: so do all programs started, in this version");
	return true;
}

static int
descriptor(void *arg, struct plan_fd fd)
{
	struct holdupd *d = arg;

	switch (fd.kind) {
	case PLAN_FD_UPS_CONF:
		return d->setup.ups_conf_fd;
	case PLAN_FD_UPSD_CONF:
		return d->setup.upsd_conf_fd;
	case PLAN_FD_UPSD_USERS:
		return d->setup.users_fd;
	case PLAN_FD_FEED:
		return d->sockets.feed;
	case PLAN_FD_REQUESTS:
		return d->sockets.requests;
	case PLAN_FD_CTL:
		return heart_connect(d->heart);
	case PLAN_FD_DRIVER:
		return d->sockets.drivers[fd.index];
	case PLAN_FD_TCP:
		return d->sockets.tcp[fd.index];
	}
	return -1;
}

/* plan_children() puts core first. */
static void
on_heart_failed(void *arg, const char *why)
{
	struct holdupd *d = arg;

	children_kill(d->children, 0, why);
}

/* A driver of NUT has no row here: its own supervisor sees to it. One that has just been
 * started cannot have been silent for so long: core waited for the one before. */
static void
on_driver_hangs(void *arg, uint32_t row)
{
	struct holdupd *d = arg;

	for (size_t i = 0; i < d->setup.plan.nchildren; i++)
		if (d->setup.plan.children[i].row == (long)row &&
		    children_age(d->children, i) >= HEART_SILENCE_MS)
			children_kill(d->children, i, "does not answer core");
}

static const struct heart_ops heart_ops = {
    .failed = on_heart_failed,
    .restart = on_driver_hangs,
};

static void
on_all_ended(void *arg)
{
	struct holdupd *d = arg;

	event_base_loopbreak(d->base);
}

static void
on_stop(evutil_socket_t number, short what, void *arg)
{
	struct holdupd *d = arg;

	log_info("signal %d: stopping", (int)number);
	children_stop(d->children, on_all_ended, d);
}

static void
on_reload(evutil_socket_t number, short what, void *arg)
{
	log_info("reload is not there yet: restart holdupd to read the files anew");
}

static void
ready(struct holdupd *d)
{
	char *where = sockets_text(&d->sockets, &d->setup.plan);

	log_info("ready: serving %s on %s", d->setup.upses,
	    where == NULL ? "no address" : where);
	ready_notify();
	free(where);
}

int
main(int argc, char **argv)
{
	struct holdupd d = {0};
	struct event *term, *intr, *reload;
	int debug = options_read(argc, argv);

	log_init("holdupd", debug);
	signal(SIGPIPE, SIG_IGN);
	setup_read(&d.setup);
	if (!role_say(&d.setup))
		return 0;
	sockets_open(&d.sockets, &d.setup.plan);
	plan_children(&d.setup.plan, d.sockets.driver_ok, d.sockets.tcp_ok, debug > 0);

	if ((d.base = event_base_new()) == NULL)
		log_fatal("cannot make an event loop");
	term = evsignal_new(d.base, SIGTERM, on_stop, &d);
	intr = evsignal_new(d.base, SIGINT, on_stop, &d);
	reload = evsignal_new(d.base, SIGHUP, on_reload, &d);
	event_add(term, NULL);
	event_add(intr, NULL);
	event_add(reload, NULL);
	d.heart = heart_new(d.base, &heart_ops, &d);
	d.children = children_new(d.base, &d.setup.plan, descriptor, &d);
	ready(&d);

	event_base_dispatch(d.base);

	children_free(d.children);
	heart_free(d.heart);
	event_free(reload);
	event_free(intr);
	event_free(term);
	event_base_free(d.base);
	sockets_close(&d.sockets);
	setup_free(&d.setup);
	return 0;
}
