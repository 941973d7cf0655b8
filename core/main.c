/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/hub.h"
#include "core/reqin.h"
#include "core/scribe.h"
#include "lib/conf_holdup.h"
#include "lib/conf_ups.h"
#include "lib/conf_upsmon.h"
#include "lib/ctl.h"
#include "lib/fdarg.h"
#include "lib/log.h"
#include "lib/sandbox.h"
#include "lib/xmem.h"

struct options {
	int conf_fd, monitors_fd, own_fd, state_fd, memory_fd, feed_fd, request_fd;
	int ctl_fd, debug;
	const char *drivers; /* NULL: only STATEPATH */
	long maxage;         /* seconds; 0: not told */
	bool harmless;
};

static void __attribute__((noreturn)) usage(void)
{
	fputs("usage: core -C FD [-M FD] [-O FD] [-T FD] [-V FD] -F FD -R FD [-H FD]\n"
	      "       [-S FOLDER] [-A SECONDS] [-DN]\n"
	      "core is started by holdupd, with open descriptors\n",
	    stderr);
	exit(1);
}

static struct options
options_read(int argc, char **argv)
{
	struct options o = {.conf_fd = -1,
	    .monitors_fd = -1,
	    .own_fd = -1,
	    .state_fd = -1,
	    .memory_fd = -1,
	    .feed_fd = -1,
	    .request_fd = -1,
	    .ctl_fd = -1};
	int option;

	while ((option = getopt(argc, argv, "A:C:M:O:T:V:F:R:H:S:DN")) != -1) {
		switch (option) {
		case 'A':
			o.maxage = atol(optarg);
			break;
		case 'C':
			o.conf_fd = fdarg(optarg, NULL);
			break;
		case 'M':
			o.monitors_fd = fdarg(optarg, NULL);
			break;
		case 'O':
			o.own_fd = fdarg(optarg, NULL);
			break;
		case 'T':
			o.state_fd = fdarg(optarg, NULL);
			break;
		case 'V':
			o.memory_fd = fdarg(optarg, NULL);
			break;
		case 'F':
			o.feed_fd = fdarg(optarg, NULL);
			break;
		case 'R':
			o.request_fd = fdarg(optarg, NULL);
			break;
		case 'H':
			o.ctl_fd = fdarg(optarg, NULL);
			break;
		case 'S':
			o.drivers = optarg;
			break;
		case 'D':
			o.debug++;
			break;
		case 'N':
			o.harmless = true;
			break;
		default:
			usage();
		}
	}
	if (optind != argc || o.conf_fd < 0 || o.feed_fd < 0 || o.request_fd < 0)
		usage();
	return o;
}

/* The text of a file; "" without a descriptor. holdupd has logged what is wrong in it. */
static char *
text_read(int fd, const char *name, size_t *len)
{
	char *text;

	*len = 0;
	text = fd < 0 ? xstrdup("") : conf_slurp_fd(fd, len);
	if (text == NULL)
		log_fatal_errno("cannot read %s from descriptor %d", name, fd);
	return text;
}

static void
conf_read(struct ups_conf *conf, int fd)
{
	struct problems problems = {0};
	size_t len;
	char *text = text_read(fd, "ups.conf", &len);

	ups_conf_read(conf, "ups.conf", text, len, &problems);
	problems_free(&problems);
	free(text);
}

/* Without the file nothing is monitored. */
static void
monitors_read(struct upsmon_conf *conf, int fd)
{
	struct problems problems = {0};
	size_t len;
	char *text = text_read(fd, "upsmon.conf", &len);

	upsmon_conf_read(conf, "upsmon.conf", text, len, &problems);
	problems_free(&problems);
	free(text);
}

/* Without the file everything is as NUT has it. */
static void
own_read(struct holdup_conf *conf, int fd)
{
	struct problems problems = {0};
	size_t len;
	char *text = text_read(fd, "holdup.conf", &len);

	holdup_conf_read(conf, "holdup.conf", text, len, &problems);
	problems_free(&problems);
	free(text);
}

/* The child that writes the memory; without it core writes itself. */
static struct scribe *
scribe_start(int fd)
{
	struct scribe *scribe = fd < 0 ? NULL : scribe_new(fd);

	if (fd >= 0 && scribe == NULL)
		log_warn_errno("cannot start the child that writes the memory");
	return scribe;
}

static void
on_ctl(evutil_socket_t fd, short what, void *hub)
{
	struct ctl_msg msg;
	int got = ctl_recv(fd, &msg);

	if (got == 0)
		return;
	if (got > 0 && msg.type == CTL_DONE)
		hub_done(hub, msg.done.id, msg.done.status);
	else if (got > 0 && msg.type == CTL_FSD)
		hub_fsd_all(hub);
	else if (got > 0 && msg.type == CTL_SLEEP)
		hub_sleep(hub);
	else
		log_fatal("holdupd is gone or out of order");
}

static void
on_sigterm(evutil_socket_t number, short what, void *base)
{
	event_base_loopbreak(base);
}

int
main(int argc, char **argv)
{
	struct options o = options_read(argc, argv);
	struct ups_conf upses = {0};
	struct upsmon_conf monitors = {0};
	struct holdup_conf own = {0};
	struct event_base *base;
	struct event *sigterm, *ctl = NULL;
	struct hub *hub;
	struct reqin *requests;
	struct scribe *scribe;

	log_init("core", o.debug);
	scribe = scribe_start(o.memory_fd);
	sandbox_enter(SANDBOX_CORE);
	signal(SIGPIPE, SIG_IGN);
	conf_read(&upses, o.conf_fd);
	monitors_read(&monitors, o.monitors_fd);
	own_read(&own, o.own_fd);
	if ((base = event_base_new()) == NULL)
		log_fatal("cannot make an event loop");
	sigterm = evsignal_new(base, SIGTERM, on_sigterm, base);
	event_add(sigterm, NULL);
	hub = hub_new(base, &(struct hub_options){.upses = &upses,
				.monitors = &monitors,
				.own = &own,
				.drivers = o.drivers,
				.maxage_ms = o.maxage * 1000,
				.feed_fd = o.feed_fd,
				.ctl_fd = o.ctl_fd,
				.state_fd = o.state_fd,
				.memory_fd = o.memory_fd,
				.scribe = scribe,
				.harmless = o.harmless,
				.serves_only = o.monitors_fd < 0});
	if (o.ctl_fd >= 0) {
		ctl = event_new(base, o.ctl_fd, EV_READ | EV_PERSIST, on_ctl, hub);
		event_add(ctl, NULL);
	}
	requests = reqin_new(base, o.request_fd, hub);

	event_base_dispatch(base);

	reqin_free(requests);
	hub_free(hub);
	scribe_free(scribe);
	if (ctl != NULL)
		event_free(ctl);
	event_free(sigterm);
	event_base_free(base);
	upsmon_conf_free(&monitors);
	holdup_conf_free(&own);
	ups_conf_free(&upses);
	return 0;
}
